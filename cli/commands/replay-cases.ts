import { runExplore, type RunExploreOptions } from '../../compose/run-explore.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Counterexample, Finding } from '../../core/findings/finding.ts';
import type { Report } from '../../core/findings/report.ts';
import type { InterfaceRef } from '../../core/target/target.ts';
import { oneLine, plural } from '../../reports/text.ts';
import type { Io } from '../io.ts';
import { accuses, compare, describe, type Result } from './replay-outcome.ts';

export type Drawn = Finding & { readonly counterexample: Counterexample };

export interface CasesToReplay {
  readonly report: Report;
  readonly findings: readonly Drawn[];
  /** Of the target, as the report and the flags say. */
  readonly target: Omit<RunExploreOptions, 'again'>;
  /** Whether the target is at another URL than in the report. */
  readonly moved: boolean;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** Makes each counterexample again, by its seed and path, and says what became of its row. */
export async function replayCases({ report, findings, target, moved, io, signal }: CasesToReplay): Promise<ExitCode> {
  const { options } = report.explore ?? {};
  const results: Result[] = [];
  // Findings of one case are judged by one run of it.
  const cases = Map.groupBy(findings, ({ counterexample: { suite, seed, path } }) =>
    JSON.stringify([suite, seed, path]),
  );
  for (const [, same] of cases) {
    const { suite, seed, path, replayPath } = same[0]!.counterexample;
    const again = await runExplore(
      {
        ...target,
        seed,
        ...(options === undefined ? {} : { maxCommands: options.maxCommands, timeMs: options.timeMs }),
        again: { suite, seed, path, ...(replayPath === undefined ? {} : { replayPath }) },
      },
      undefined,
      signal,
    );
    if (again.end.kind === 'interrupted') return 130;
    if (again.end.kind === 'unreachable') {
      io.stderr.write(`a2a-gauntlet: ${oneLine([again.end.reason, again.end.hint].join('; '))}\n`);
      return 3;
    }
    for (const finding of same) results.push(judgeReplay(finding, report, again, moved));
  }
  for (const result of results) io.stdout.write(`${describe(result).join('\n')}\n`);
  const has = (outcome: Result['outcome']): boolean => results.some((result) => result.outcome === outcome);
  return has('ERROR') ? 5 : has('FAILED') ? 1 : has('NOT MEASURED') ? 3 : 0;
}

/** How sure it has to be that what did not show would have shown. */
const confidence = 0.95;

/** What became of a counterexample, by the report of the run that made its case again. Pure. */
export function judgeReplay(before: Drawn, report: Report, again: Report, moved: boolean): Result {
  const result = resultOf(before, again, moved);
  const { end, reason: why } = again.explore?.suites[0] ?? {};
  if (result.now === undefined && end === 'not-elicited' && why !== undefined)
    return { ...result, now: { ...before, verdict: 'untested', reason: `the case could not be made again: ${why}` } };
  if (result.outcome !== 'FIXED' && result.outcome !== 'PASSED') return result;
  const reason = drawnOtherwise(before, report, again) ?? mayHide(before, again);
  if (reason === undefined) return result;
  const now = { ...(result.now ?? before), verdict: 'untested' as const, reason };
  return { ...result, outcome: 'NOT MEASURED', now };
}

/** A case that was made again and accuses of nothing leaves no finding of an invariant: that is what FIXED is. */
function resultOf(before: Drawn, again: Report, moved: boolean): Result {
  const result = compare(before, again, moved);
  const times = again.end.kind === 'complete' ? (again.explore?.suites[0]?.runs ?? 0) : 0;
  if (result.outcome !== 'NOT MEASURED' || result.now !== undefined || times === 0 || saysWhatHolds(before))
    return result;
  const { actual: _, hint: __, readings: ___, interface: ref, ...rest } = before;
  const now: Finding = {
    ...rest,
    interface: again.target.interfaces.find((one) => ref !== null && nameOf(one) === nameOf(ref)) ?? ref,
    verdict: 'pass',
    reason: `the case was made again, and accuses of nothing (${plural(times, 'try', 'tries')})`,
  };
  return { ...result, outcome: accuses(before) ? 'FIXED' : 'PASSED', now };
}

/** One request, once it is answered, says of its row that it holds, or why it cannot tell. */
const saysWhatHolds = ({ check }: Finding): boolean => check === 'properties';

/** Seed and path draw the same case for the same target alone. */
function drawnOtherwise({ counterexample: { suite }, interface: ref }: Drawn, report: Report, again: Report) {
  if (capabilitiesOf(report) !== capabilitiesOf(again))
    return 'the card declares other capabilities than in the report, so that the seed draws another case';
  const [then, now] = [report, again].map(({ target: { interfaces } }) => interfaces.map(nameOf)) as [
    string[],
    string[],
  ];
  if (ref !== null && !now.includes(nameOf(ref))) return 'the agent has no such interface any more';
  if (suite !== 'properties' && then.join() !== now.join())
    return 'the agent has other interfaces than in the report, so that the seed draws another case';
  return undefined;
}

const nameOf = ({ binding, version, tenant }: InterfaceRef): string => [binding, version, tenant ?? ''].join(' ');

function capabilitiesOf({ target: { card } }: Report): string {
  const { capabilities } = (card ?? {}) as { readonly capabilities?: Readonly<Record<string, unknown>> };
  return ['streaming', 'pushNotifications'].map((name) => capabilities?.[name] === true).join();
}

/** What showed seldom may only have hidden, and one fault may show in another way: then nothing is said. */
function mayHide({ counterexample: { hitRate } }: Drawn, { explore, findings }: Report): string | undefined {
  if (hitRate === undefined) return undefined;
  const other = findings.find((finding) => accuses(finding) && finding.counterexample !== undefined);
  if (other !== undefined) return `the same case now breaks ${other.requirement}: ${other.reason}`;
  const tries = explore?.suites[0]?.runs ?? 0;
  const { hits, runs } = hitRate;
  if (1 - (1 - hits / runs) ** tries >= confidence) return undefined;
  return `it did not show in ${tries} tries, but in the report in ${hits} of ${runs}: too seldom to tell`;
}
