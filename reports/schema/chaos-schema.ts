import { z } from 'zod';
import { chaosVerdicts, experimentVerdicts, timelineKinds } from '../../core/findings/chaos-section.ts';

const count = z.int().min(0);
const ms = z.number();
const nullableMs = ms.nullable();
const steadyState = z.object({ holds: z.boolean(), reason: z.string() });

const fault = z.object({
  fault: z.string(),
  target: z.string(),
  description: z.string(),
  plannedAtMs: ms.describe('After the load began'),
  lagMs: ms.describe('How much later than planned it had taken effect'),
  undoneAtMs: nullableMs.describe('When it began to be taken back; null where that failed'),
});

const invariant = z.object({
  id: z.string(),
  title: z.string(),
  provenance: z
    .string()
    .describe('spec:<row> (findings has it too, with the evidence), or contract:<promise of the environment>'),
  verdict: z.enum(['pass', 'fail', 'warn', 'untested']),
  reason: z.string(),
  decisive: z.boolean().describe('Without a measurement of it the experiment shows nothing'),
});

const experiment = z
  .object({
    id: z.string(),
    title: z.string(),
    hypothesis: z.string(),
    verdict: z.enum(experimentVerdicts),
    reason: z.string(),
    durationMs: ms,
    before: steadyState.nullable().describe('The steady state before the fault'),
    after: steadyState.nullable().describe('The steady state after the fault'),
    faults: z.array(fault),
    detectMs: nullableMs.describe('From the effect of the first fault until a client noticed; null where none did'),
    recoverMs: nullableMs.describe(
      'From the moment at which the last fault began to be taken back until everything worked; null where it did not',
    ),
    tasks: z.object({
      sent: count,
      resent: count.describe('Messages that were sent more than once'),
      acknowledged: count,
      completed: count.nullable().describe('By the final reads; null where there were none'),
      lost: count.nullable(),
    }),
    invariants: z.array(invariant),
    exchanges: count,
    timeline: z.array(
      z.object({
        atMs: ms.describe('Since the load began; 0 for the hypothesis before it'),
        kind: z.enum(timelineKinds),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'experiment', description: 'One experiment; times in milliseconds' });

/** The published form of `report.chaos` (`core/findings/chaos-section.ts`). */
export const chaosSchema = z
  .object({
    environment: z.enum(['embedded', 'containers']),
    end: z.object({ kind: z.enum(['complete', 'interrupted']), reason: z.string().nullable() }),
    verdict: z.enum(chaosVerdicts).describe('The worst of the experiments'),
    broken: z.array(z.string()).describe('<experiment>: <invariant>, for everything that failed'),
    effectLag: z
      .object({ samples: count, medianMs: nullableMs, maxMs: nullableMs })
      .describe('How late faults took effect'),
    experiments: z.array(experiment),
  })
  .meta({ id: 'chaos', description: 'One chaos run' });
