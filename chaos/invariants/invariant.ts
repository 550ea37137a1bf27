import type { History, InjectedFault, Millis } from '../../core/history/exchange.ts';
import type { Contract, InterfaceRef, Target } from '../../core/target/target.ts';
import type { SteadyState } from '../client/hypothesis.ts';
import type { FinalReads } from '../client/final-reads.ts';
import type { Job } from '../client/job.ts';
import type { Pulse } from '../client/pulse.ts';
import type { Experiment } from '../experiment.ts';

export const chaosInvariantIds = [
  'chaos/nothing-lost',
  'chaos/work-is-done',
  'chaos/one-task-a-message',
  'chaos/committed-once',
  'chaos/stream-adds-up',
  'chaos/text-intact',
  'chaos/routing-follows-heartbeats',
  'chaos/recovers',
] as const;
export type ChaosInvariantId = (typeof chaosInvariantIds)[number];

/** All that an experiment brought; the same clock everywhere. */
export interface ChaosFacts {
  readonly experiment: Experiment;
  readonly history: History;
  readonly target: Target;
  readonly interface: InterfaceRef;
  readonly faults: readonly InjectedFault[];
  readonly jobs: readonly Job[];
  readonly pulses: readonly Pulse[];
  readonly reads: FinalReads;
  /** When the last fault began to be undone. */
  readonly healedAt: Millis;
  /** When everything worked again; null where it did not in time. */
  readonly recoveredAt: Millis | null;
  readonly after: SteadyState;
  readonly heartbeatMs: number;
  readonly missedHeartbeats: number;
}

export interface ChaosJudgement {
  /** `untested`: the history holds nothing that it could be judged by; never a pass. */
  readonly verdict: 'pass' | 'fail' | 'untested';
  readonly reason: string;
}

/** What is enough to say what became of tasks. */
export type BookFacts = Pick<ChaosFacts, 'jobs' | 'reads'>;

/** A promise beyond the protocol, judged over an experiment where the environment makes it. Pure. */
export interface ChaosInvariant<Facts = ChaosFacts> {
  readonly id: ChaosInvariantId;
  readonly title: string;
  readonly contract: Contract;
  judge(facts: Facts): ChaosJudgement;
}

const exampleLimit = 3;

/** One judgement over all instances: what is wrong with each of them, or undefined. */
export function judgeAll<Item>(
  items: readonly Item[],
  defectOf: (item: Item) => string | undefined,
  words: { readonly counted: string; readonly right: string; readonly none: string },
): ChaosJudgement {
  if (items.length === 0) return { verdict: 'untested', reason: words.none };
  const defects = items.flatMap((item) => defectOf(item) ?? []);
  if (defects.length === 0) return { verdict: 'pass', reason: `${items.length} ${words.counted}, ${words.right}` };
  const examples = defects.slice(0, exampleLimit).join('; ');
  return { verdict: 'fail', reason: `${defects.length} of ${items.length} ${words.counted}: ${examples}` };
}

export const acknowledged = (jobs: readonly Job[]): readonly (Job & { readonly taskId: string })[] =>
  jobs.filter((job): job is Job & { readonly taskId: string } => job.taskId !== null);
