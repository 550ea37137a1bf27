import { z } from 'zod';
import { loadOutcomes, thresholdIds, thresholdVerdicts } from '../../core/findings/load-section.ts';
import { interfaceRef } from './interface-schema.ts';

const count = z.int().min(0);
const ms = z.number().min(0);

const latency = z
  .union([z.object({ samples: count, p50: ms, p90: ms, p99: ms, max: ms }), z.object({ untested: z.string() })])
  .meta({ id: 'latency', description: 'Quantiles, or why there are none' });

const thresholds = z.object({
  ratePerMinute: z.number(),
  rateTolerance: z.number().describe('Share of the rate by which it may be missed'),
  p99SignalMs: ms,
  confidence: z.number(),
  lost: count,
  errorRate: z.number(),
  dropped: count,
});

const options = z
  .object({
    taskTimeoutMs: ms,
    plain: z.boolean().describe('The user chose SendMessage: nothing is demanded of signals'),
    message: z.array(z.record(z.string(), z.unknown())).describe('Parts of the message that each task begins with'),
    purges: z.boolean().describe('The agent is said to throw away tasks that have ended'),
    clocks: z.enum(['auto', 'same', 'different']).describe("Whether the agent's clock is that of the generator"),
    stampKey: z.string().describe('Metadata member with the emission stamp of artifact events'),
    historySample: count,
    drainMs: ms,
    thresholds,
  })
  .describe('What of the command decides the load and its verdict, beside rate and duration');

const result = z
  .object({
    id: z.enum(thresholdIds),
    verdict: z.enum(thresholdVerdicts),
    demanded: z.string(),
    measured: z.number().nullable().describe('Milliseconds, tasks a minute, tasks, or a share'),
    interval: z.object({ low: ms.nullable(), high: ms.nullable(), confidence: z.number() }).nullable(),
    samples: count,
    reason: z.string(),
  })
  .meta({ id: 'threshold', description: 'One threshold; without a sample it is untested, never a pass' });

/** The published form of `report.load` (`core/findings/load-section.ts`). */
export const loadSchema = z
  .object({
    scenario: z.literal('steady'),
    mode: z.enum(['streaming', 'plain']),
    options,
    generator: z.object({
      name: z.literal('k6'),
      version: z.string(),
      origin: z.enum(['environment', 'cache', 'path', 'container', 'build']),
      extension: z.boolean().describe('Whether it has k6/x/a2a; without it nothing is known of single events'),
      maxVUs: count,
      cpuSeconds: ms.nullable(),
    }),
    interface: interfaceRef,
    offered: z.object({
      ratePerMinute: z.number(),
      durationMs: ms,
      planned: count.describe('Moments of the whole schedule'),
      started: count,
      dropped: count.describe('Moments at which no task could be started'),
      startedAt: z.iso.datetime().nullable(),
      ranMs: ms.describe('How far the schedule was run'),
    }),
    end: z
      .object({ kind: z.enum(['complete', 'interrupted', 'target-lost']), reason: z.string().nullable() })
      .describe('How the schedule ended'),
    tasks: z.object({
      acknowledged: count,
      byOutcome: z.partialRecord(z.enum(loadOutcomes), count),
      finishedPerMinute: ms.nullable(),
      events: count,
      heldOpen: count.describe('Streams that stayed open after the end of their task'),
    }),
    errors: z.array(z.object({ outcome: z.enum(loadOutcomes), code: z.string(), count, example: z.string() })),
    latency: z
      .object({ submit: latency, firstSignal: latency, signal: latency, completion: latency, generatorLag: latency })
      .describe('From the moment that was due to: task id, first update, end; signal by signalBasis'),
    signalBasis: z
      .object({ kind: z.enum(['emission-stamp', 'causing-request', 'none']), reason: z.string() })
      .describe('What signal latency is counted from'),
    finalReads: z
      .object({
        acknowledged: count,
        read: count,
        found: count,
        lost: count,
        lostExamples: z.array(z.string()),
        purged: count,
        unread: count,
        unfinished: count,
      })
      .describe('Reads of every acknowledged task after the run'),
    sampledTasks: count.describe('Tasks whose messages were kept whole and judged by the invariants'),
    invariants: z.array(
      z.object({
        id: z.string().describe('load/… is judged over every task, invariants/… over the sample'),
        title: z.string(),
        requirement: z.string().nullable().describe('findings has it too, with the evidence'),
        verdict: z.enum(['pass', 'fail', 'warn', 'untested']),
        reason: z.string(),
      }),
    ),
    thresholds: z.array(result),
    verdict: z.enum(thresholdVerdicts),
    broken: z.array(z.string()).describe('Ids of the thresholds and invariants that broke'),
    indicative: z.string().nullable().describe('Why the figures are only indicative'),
  })
  .meta({ id: 'load', description: 'One load run; times in milliseconds' });
