import type { RequirementRow } from '../../protocol/requirements/row.ts';
import type { Finding } from '../findings/finding.ts';
import type { Judgement } from '../findings/judgement.ts';
import { verdictOf } from '../findings/verdict.ts';
import type { Exchange } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';

export type Rows = ReadonlyMap<string, RequirementRow>;

/** What is judged row by row: a check or an invariant. */
export interface Subject {
  readonly id: string;
  readonly requirements: readonly string[];
}

/** The same thing said of several rows, without a judge. */
export interface Said {
  readonly verdict: 'skip' | 'untested' | 'error';
  readonly reason: string;
  readonly hint?: string;
  readonly evidence?: readonly Exchange[];
  readonly durationMs?: number;
}

const unknownRow = { level: 'MUST', section: 'unknown' } as const;

const base = (check: string, requirement: string, ref: InterfaceRef | null, rows: Rows) => {
  const { level, section } = rows.get(requirement) ?? unknownRow;
  return { check, requirement, level, section, interface: ref };
};

/** One finding for each row, all saying the same. */
export const findingsOf = (
  check: string,
  requirements: readonly string[],
  ref: InterfaceRef | null,
  rows: Rows,
  { verdict, reason, hint, evidence = [], durationMs = 0 }: Said,
): readonly Finding[] =>
  requirements.map((requirement) => ({
    ...base(check, requirement, ref, rows),
    verdict,
    reason,
    ...(hint === undefined ? {} : { hint }),
    durationMs,
    evidence,
  }));

const graded = (
  check: string,
  row: RequirementRow,
  ref: InterfaceRef | null,
  rows: Rows,
  judgement: Judgement,
  durationMs: number,
): Finding => {
  const { kind: _, ...said } = judgement;
  const verdict = verdictOf(judgement, row);
  return { ...base(check, row.id, ref, rows), verdict, evidence: [], ...said, durationMs };
};

/** A message of an exception, in one line. */
export const oneLine = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
};

/**
 * Asks the judge and grades what it says of the wanted rows. A judge that throws, misses a row or names one that it does not
 * declare is a fault of the harness: `error`.
 */
export function judged(
  subject: Subject,
  wanted: readonly string[],
  ref: InterfaceRef | null,
  rows: Rows,
  judge: () => Readonly<Record<string, Judgement>>,
  elapsedMs: () => number,
): readonly Finding[] {
  const faults = (requirements: readonly string[], reason: string): readonly Finding[] =>
    findingsOf(subject.id, requirements, ref, rows, { verdict: 'error', reason, durationMs: elapsedMs() });

  let judgements: Readonly<Record<string, Judgement>>;
  try {
    judgements = judge();
  } catch (error) {
    return faults(wanted, `the judge failed: ${oneLine(error)}`);
  }
  const undeclared = Object.keys(judgements).filter((requirement) => !subject.requirements.includes(requirement));
  return [
    ...wanted.flatMap((requirement) => {
      const row = rows.get(requirement);
      const judgement = judgements[requirement];
      if (row === undefined) return faults([requirement], 'there is no such requirement row');
      if (judgement === undefined) return faults([requirement], 'the judge said nothing of this row');
      return [graded(subject.id, row, ref, rows, judgement, elapsedMs())];
    }),
    ...faults(undeclared, 'the judge spoke of a row that its check does not declare'),
  ];
}
