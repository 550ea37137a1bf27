import { ambiguous, holds, skip, untested, violated, type Judgement } from '../findings/judgement.ts';
import type { PatchRelease } from '../../protocol/errors.ts';
import type { Exchange } from '../history/exchange.ts';
import type { Target } from '../target/target.ts';

/** What is wrong with one instance; `readings` where the text allows more than one. */
export interface Defect {
  readonly expected: string;
  readonly actual: string;
  readonly readings?: readonly [string, string, ...string[]];
}

/** A defect that one patch release allows and another does not: both readings count, unless the target is held to one of them. */
export function unlessAllowed(
  by: PatchRelease,
  patch: PatchRelease | undefined,
  defect: Required<Defect>,
): Defect | undefined {
  if (patch === by) return undefined;
  const { readings, ...certain } = defect;
  return patch === undefined ? { ...certain, readings } : certain;
}

/** One thing in a history that a row speaks of. */
export interface Instance {
  /** First the exchange that shows it, then those it is compared with. */
  readonly exchanges: readonly [Exchange, ...Exchange[]];
  readonly defect?: Defect | undefined;
}

/** §11.1: what the patches say of the type of bodies over HTTP+JSON. */
export const mediaTypeReadings: NonNullable<Defect['readings']> = [
  'v1.0.1 §11.1: application/a2a+json SHOULD be used for requests and responses',
  'v1.0.0 §11.1: application/json for requests and responses',
];

export interface Words {
  /** Plural of what is counted: `answers`, `Part objects`. */
  readonly counted: string;
  /** What is wrong with offenders: `have another id than their request`. */
  readonly wrong: string;
  /** What is right of each where none offends, where `wrong` negated reads badly: `a response object`. */
  readonly right?: string;
  /** How to get an instance where the history holds none. */
  readonly hint: string;
}

const evidenceLimit = 3;

const evidenceOf = (instances: readonly Instance[]): Exchange[] =>
  [...new Set(instances.flatMap(({ exchanges }) => exchanges))].slice(0, evidenceLimit);

/** One judgement over all instances: violated by any defect, ambiguous where every defect has two readings. */
export function judgeInstances(instances: readonly Instance[], { counted, wrong, right, hint }: Words): Judgement {
  const [first] = instances;
  if (!first) return untested(`the run saw no ${counted}`, hint);
  const defects = instances.filter(({ defect }) => defect !== undefined);
  const clear = defects.filter(({ defect }) => defect!.readings === undefined);
  const offenders = clear.length > 0 ? clear : defects;
  const offence = offenders[0]?.defect;
  if (!offence) {
    const size = instances.length;
    const said = right === undefined ? `none of ${size} ${counted} ${wrong}` : `${size} ${counted}, each ${right}`;
    return holds(said, ...evidenceOf([first]));
  }
  const reason = `${offenders.length} of ${instances.length} ${counted} ${wrong}`;
  const evidence = evidenceOf(offenders);
  if (offence.readings) return ambiguous(`${reason}: ${offence.actual}`, offence.readings, ...evidence);
  return violated({ reason, expected: offence.expected, actual: offence.actual }, ...evidence);
}

/** The same for what only streams show: not applicable where the card declares none and none was seen. */
export const judgeStreamed = (
  instances: readonly Instance[],
  words: Words,
  { capabilities }: Pick<Target, 'capabilities'>,
): Judgement =>
  instances.length === 0 && !capabilities.streaming
    ? skip('the card does not declare capabilities.streaming')
    : judgeInstances(instances, words);
