import { z } from 'zod';

export const experimentVerdicts = ['pass', 'fail', 'inconclusive'] as const;
/** `inconclusive`: the steady state was not there before the fault, or what decides could not be measured; never a pass. */
export type ExperimentVerdict = (typeof experimentVerdicts)[number];

const count = z.int().nonnegative();
const ms = z.number();
const nullableMs = z.number().nullable();
const steadyState = z.object({ holds: z.boolean(), reason: z.string() });

const experiment = z
  .object({
    id: z.string(),
    title: z.string(),
    hypothesis: z.string(),
    verdict: z.enum(experimentVerdicts),
    reason: z.string(),
    durationMs: ms,
    before: steadyState.describe('The steady state before the fault').nullable(),
    after: steadyState.describe('The steady state after the fault').nullable(),
    faults: z.array(
      z.object({
        fault: z.string(),
        target: z.string(),
        description: z.string(),
        plannedAtMs: ms.describe('After the load began'),
        lagMs: ms.describe('How much later than planned it had taken effect'),
        undoneAtMs: nullableMs.describe('When it began to be taken back'),
      }),
    ),
    detectMs: nullableMs.describe('From the effect of the first fault until a client noticed; null where none did'),
    recoverMs: nullableMs.describe(
      'From the moment at which the last fault began to be taken back until everything worked; null where it did not',
    ),
    tasks: z.object({
      sent: count,
      resent: count.describe('Messages that were sent more than once'),
      acknowledged: count,
      completed: count,
      lost: count,
    }),
    invariants: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        provenance: z.string().describe('spec:<row>, or contract:<promise of the environment>'),
        verdict: z.enum(['pass', 'fail', 'warn', 'untested']),
        reason: z.string(),
        decisive: z.boolean(),
      }),
    ),
    exchanges: count,
    timeline: z.array(
      z.object({
        atMs: ms.describe('Since the load began; 0 for the hypothesis before it'),
        kind: z.enum(['hypothesis', 'load', 'fault', 'noticed', 'undone', 'healed', 'recovered', 'reads']),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'chaosExperiment', description: 'One experiment; times in milliseconds' });

/** The published form of `report.chaos`. */
export const chaosSectionSchema = z
  .object({
    environment: z.enum(['embedded', 'containers']),
    seed: z.int(),
    startedAt: z.iso.datetime(),
    durationMs: ms,
    end: z.object({ kind: z.enum(['complete', 'interrupted']), reason: z.string().nullable() }),
    verdict: z.enum(experimentVerdicts).describe('The worst of the experiments'),
    broken: z.array(z.string()).describe('<experiment>: <invariant>, for everything that failed'),
    effectLag: z
      .object({ samples: count, medianMs: nullableMs, maxMs: nullableMs })
      .describe('How late faults took effect'),
    experiments: z.array(experiment),
  })
  .meta({ id: 'chaos', description: 'A chaos run' });

/** zod infers mutable types; reports are read only. */
type ReadOnly<T> = T extends object ? { readonly [K in keyof T]: ReadOnly<T[K]> } : T;

/** `report.chaos`: one chaos run. */
export type ChaosSection = ReadOnly<z.infer<typeof chaosSectionSchema>>;
export type ExperimentResult = ChaosSection['experiments'][number];

/** The worst first. */
const severity: readonly ExperimentVerdict[] = ['fail', 'inconclusive', 'pass'];

/** Nothing measured is never a pass. */
export const worstOf = (verdicts: readonly ExperimentVerdict[]): ExperimentVerdict =>
  severity.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';

/** How a run of chaos ends, as data: 4 where an invariant broke, 3 where something was not measured, 130, 0. */
export function chaosExit({ end, verdict }: Pick<ChaosSection, 'end' | 'verdict'>): 0 | 3 | 4 | 130 {
  if (end.kind === 'interrupted') return 130;
  return verdict === 'fail' ? 4 : verdict === 'inconclusive' ? 3 : 0;
}
