import type { Finding } from './finding.ts';
import { isMeasured } from './verdict.ts';

/** What the exit code is decided from; collected by the command line, judged here. */
export interface ExitInput {
  readonly findings: readonly Pick<Finding, 'verdict' | 'readings'>[];
  /** Findings that the baseline expects, as indexes into `findings`: they do not fail the run. */
  readonly expected?: ReadonlySet<number>;
  readonly staleBaselineEntries?: number;
  readonly strict?: boolean;
  readonly usageError?: boolean;
  readonly harnessFault?: boolean;
  readonly interrupted?: boolean;
  /** No card, no usable interface, or the target stopped answering in the middle. */
  readonly unreachable?: boolean;
  /** Something beside rows was measured: a threshold, an experiment. */
  readonly measured?: boolean;
  /** A load threshold or a chaos invariant broke. */
  readonly thresholdBroken?: boolean;
  /** A threshold or an experiment that was asked for could not be told: no sample is never a pass. */
  readonly undecided?: boolean;
}

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 130;

/** One line for each code, shown with the verdict and in the documentation; `commandExitMeanings` has what differs. */
export const exitMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'conformant: nothing that was measured is violated',
  1: 'a MUST failed (or a SHOULD with --strict), or a baseline entry is stale',
  2: 'wrong usage or configuration',
  3: 'nothing could be measured, or the target stopped answering',
  4: 'a load threshold or a chaos invariant broke',
  5: 'a fault of the harness',
  130: 'interrupted; the report holds what was measured so far',
};

/** What the codes of load and chaos mean where it is not what they mean for check. */
export const commandExitMeanings: Readonly<Record<'load' | 'chaos', Readonly<Partial<Record<ExitCode, string>>>>> = {
  load: {
    0: 'the load held: every threshold was measured and met, no invariant broke',
    1: 'a MUST failed under load',
    3: 'nothing could be measured, a threshold could not be told, or the target stopped answering',
    4: 'a load threshold or an invariant broke',
  },
  chaos: {
    0: 'every hypothesis and invariant held',
    1: 'a MUST failed in an experiment',
    3: 'nothing could be measured, or an experiment was inconclusive',
    4: 'a chaos invariant broke',
  },
};

/** The exit code of a run. Where several hold: 130 (the user ended it), then 2, 5, 3, 1, 4. Pure. */
export function exitCode(input: ExitInput): ExitCode {
  if (input.interrupted) return 130;
  if (input.usageError) return 2;
  if (input.harnessFault || input.findings.some(({ verdict }) => verdict === 'error')) return 5;
  const measured = input.measured === true || input.findings.some(({ verdict }) => isMeasured(verdict));
  if (input.unreachable || !measured) return 3;
  // A warn with readings is an ambiguity: every reading is accepted, so that it fails no run.
  const failing = input.findings.some(
    ({ verdict, readings }, index) =>
      (verdict === 'fail' || (verdict === 'warn' && input.strict === true && readings === undefined)) &&
      !input.expected?.has(index),
  );
  if (failing || (input.staleBaselineEntries ?? 0) > 0) return 1;
  if (input.thresholdBroken) return 4;
  return input.undecided ? 3 : 0;
}
