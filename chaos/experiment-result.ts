import { judgeHistory } from '../core/engine/judge-history.ts';
import type { ExperimentResult, TimelineEntry } from '../core/findings/chaos-section.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { History, InjectedFault, Millis } from '../core/history/exchange.ts';
import { invariants } from '../core/invariants/all.ts';
import type { InterfaceRef, Target } from '../core/target/target.ts';
import { rows } from '../protocol/requirements/rows.ts';
import type { FinalReads } from './client/final-reads.ts';
import type { SteadyState } from './client/hypothesis.ts';
import type { LightLoad } from './client/light-load.ts';
import type { Pulse } from './client/pulse.ts';
import type { ChaosEnvironment } from './environment.ts';
import type { Experiment } from './experiment.ts';
import { acknowledged } from './invariants/invariant.ts';
import { conclude, judgePromises, textResults, type Concluded } from './judge.ts';
import { noticedAt, recoveredAt } from './pulse-times.ts';

/** What an experiment has seen; null for what it did not come to. */
export interface Known {
  readonly experiment: Experiment;
  readonly environment: Pick<ChaosEnvironment, 'heartbeatMs' | 'missedHeartbeats'>;
  readonly target: Target;
  readonly interface: InterfaceRef;
  /** When the load began. */
  readonly zero: Millis;
  readonly timeline: readonly TimelineEntry[];
  readonly before: SteadyState | null;
  readonly load: Pick<LightLoad, 'jobs'> | null;
  readonly pulses: readonly Pulse[];
  /** Why a fault could not be injected or undone. */
  readonly faultFailure: string | null;
  readonly after: SteadyState | null;
  readonly reads: FinalReads | null;
  /** Where it was interrupted; null where it was not. */
  readonly interrupted: string | null;
}

export interface Described {
  readonly result: ExperimentResult;
  readonly findings: readonly Finding[];
}

interface Setting {
  readonly history: History;
  readonly began: Millis;
  readonly say: (kind: TimelineEntry['kind'], text: string, at: Millis) => void;
}

const shown = (state: SteadyState | null): ExperimentResult['before'] =>
  state === null ? null : { holds: state.holds, reason: state.reason };

/** Judges what is known of an experiment: contracts where it came to its end, the text over whatever was said. */
export function describeExperiment(known: Known, { history, began, say }: Setting): Described {
  const { experiment, zero, before, after, reads, pulses } = known;
  const { id, title, hypothesis } = experiment;
  const findings = judgeHistory(history, known, { invariants, rows }).map((finding) => ({
    ...finding,
    experiment: id,
  }));
  const faults: readonly InjectedFault[] = history.faults ?? [];
  const healedAt = Math.max(zero, ...faults.map(({ undoneAt, injectedAt }) => undoneAt ?? injectedAt));
  const noticed = noticedAt(pulses, faults[0]?.injectedAt ?? healedAt, healedAt);
  const worked = after?.holds === true ? recoveredAt(pulses, healedAt, after.at) : null;
  if (noticed !== null) say('noticed', 'a client noticed', noticed);
  if (worked !== null) say('recovered', 'everything works again', worked);

  const jobs = [...(before?.jobs ?? []), ...(known.load?.jobs ?? []), ...(after?.jobs ?? [])];
  const ended = reads === null ? null : [...reads.tasks.values()];
  const promises =
    after === null || reads === null
      ? []
      : judgePromises({
          ...{ experiment, history, faults, jobs, pulses, reads, healedAt, after },
          target: known.target,
          interface: known.interface,
          recoveredAt: worked,
          heartbeatMs: known.environment.heartbeatMs,
          missedHeartbeats: known.environment.missedHeartbeats,
        });
  const judged = [...promises, ...textResults(findings)];
  const result: ExperimentResult = {
    ...{ id, title, hypothesis },
    ...concluded(known, judged),
    durationMs: performance.now() - began,
    before: shown(before),
    after: shown(after),
    faults: faults.map(({ fault, target: subject, description, plannedAt, injectedAt, undoneAt }) => ({
      fault,
      target: subject,
      description,
      plannedAtMs: plannedAt - zero,
      lagMs: injectedAt - plannedAt,
      undoneAtMs: undoneAt === null ? null : undoneAt - zero,
    })),
    detectMs: noticed === null ? null : noticed - (faults[0]?.injectedAt ?? noticed),
    recoverMs: worked === null ? null : Math.max(0, worked - healedAt),
    tasks: {
      sent: jobs.length,
      resent: jobs.filter(({ sends }) => sends > 1).length,
      acknowledged: acknowledged(jobs).length,
      completed: ended?.filter((read) => read.kind === 'task' && read.state === 'TASK_STATE_COMPLETED').length ?? null,
      lost: ended?.filter(({ kind }) => kind === 'not-found').length ?? null,
    },
    invariants: judged,
    exchanges: history.exchanges.length,
    timeline: known.timeline.toSorted((a, b) => a.atMs - b.atMs),
  };
  return { result, findings };
}

function concluded(known: Known, judged: ExperimentResult['invariants']): Concluded {
  const { interrupted, before, faultFailure } = known;
  if (interrupted !== null) return { verdict: 'interrupted', reason: `interrupted ${interrupted}` };
  if (known.load === null) {
    return {
      verdict: 'inconclusive',
      reason: `the steady state was not there before the fault: ${before?.reason ?? 'it was not looked at'}`,
    };
  }
  return conclude(judged, faultFailure);
}
