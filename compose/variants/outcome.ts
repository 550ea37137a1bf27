import type { Finding, Verdict } from '../../core/findings/finding.ts';
import { combine } from '../../core/findings/verdict.ts';
import type { Variant } from '../../mocks/variants/variant.ts';
import { isAccusation, type Accusation } from '../accusation.ts';

export interface VariantOutcome {
  readonly variant: string;
  /** What speaks against it, but for warnings on the rows that it names. */
  readonly accusations: readonly Accusation[];
  /** Named rows that did get a warning. */
  readonly warned: readonly string[];
  /** Rows that pass, and how many have to. */
  readonly passed: number;
  readonly floor: number;
  /** Why rows that pass on the clean agent were not measured. */
  readonly unmeasured: readonly Pick<Finding, 'check' | 'requirement' | 'verdict' | 'reason'>[];
  /** The run itself failed: no card, a crash of the harness. */
  readonly failure?: string;
  readonly durationMs: number;
}

/** The verdict of each row from all findings on it. */
export const verdictsOf = (findings: readonly Finding[]): ReadonlyMap<string, Verdict> =>
  new Map(
    [...Map.groupBy(findings, ({ requirement }) => requirement)].flatMap(([row, found]) => {
      const verdict = combine(found.map((finding) => finding.verdict));
      return verdict === undefined ? [] : [[row, verdict] as const];
    }),
  );

export const passedRows = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set([...verdictsOf(findings)].flatMap(([row, verdict]) => (verdict === 'pass' ? [row] : [])));

const defaultShare = 0.6;

/** Holds the findings of an unusual agent against what it says of itself, and against the clean agent. Pure. */
export function judgeVariant(
  { id, warns = [], share = defaultShare }: Pick<Variant, 'id' | 'warns' | 'share'>,
  findings: readonly Finding[],
  clean: ReadonlySet<string>,
  durationMs: number,
): VariantOutcome {
  const accusations = findings.filter(isAccusation);
  const isNamed = ({ verdict, requirement }: Accusation): boolean => verdict === 'warn' && warns.includes(requirement);
  const verdicts = verdictsOf(findings);
  return {
    variant: id,
    accusations: accusations.filter((accusation) => !isNamed(accusation)),
    warned: [...new Set(accusations.filter(isNamed).map(({ requirement }) => requirement))],
    passed: passedRows(findings).size,
    floor: Math.ceil(share * clean.size),
    unmeasured: findings.filter(({ requirement, verdict }) => {
      const whole = verdicts.get(requirement);
      return clean.has(requirement) && (whole === 'untested' || whole === 'skip') && verdict === whole;
    }),
    durationMs,
  };
}

export const isUnaccused = ({ accusations, passed, floor, failure }: VariantOutcome): boolean =>
  failure === undefined && accusations.length === 0 && passed >= floor;

/** One line per variant, for a terminal or an assertion. */
export function describeOutcome({ variant, accusations, passed, floor, failure }: VariantOutcome): string {
  const parts = [
    ...(failure === undefined ? [] : [`run failed: ${failure}`]),
    ...accusations.map(
      ({ verdict, requirement, check, reason, actual }) =>
        `${verdict} ${requirement} by ${check}: ${reason}${actual === undefined ? '' : ` (${actual})`}`,
    ),
    ...(passed >= floor ? [] : [`only ${passed} rows pass, ${floor} have to`]),
  ];
  return `${variant}: ${parts.join('; ') || `unaccused, ${passed} rows pass`}`;
}
