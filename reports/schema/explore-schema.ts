import { z } from 'zod';
import { suiteNames } from '../../core/findings/explore-section.ts';
import { exposed } from '../../core/history/exposures.ts';
import { interfaceRef } from './interface-schema.ts';

const count = z.int().min(0);

const metSchema = z
  .object({
    answers: count,
    oneIn: count
      .nullable()
      .describe('A fault of one answer in so many was met with 95 % probability; null: nothing was seen'),
  })
  .meta({ id: 'met' });

/** The zod schema of `ExploreSection` (`core/findings/explore-section.ts`). */
export const exploreSchema = z
  .object({
    options: z.object({
      suites: z.array(z.enum(suiteNames)),
      runs: count,
      maxCommands: count,
      timeMs: z.number(),
    }),
    suites: z.array(
      z.object({
        suite: z.enum(suiteNames),
        runs: count.describe('Generated cases, those of shrinking aside'),
        commands: count.describe('Of all sequences, shrinking included'),
        requests: count.describe('Exchanges, shrinking included'),
        unsteady: count.describe('Cases that failed once and not again: no finding rests on them'),
        end: z
          .enum(['runs', 'time', 'tasks', 'interrupted', 'target-lost', 'not-elicited'])
          .describe('Why no further case was drawn'),
        reason: z.string().optional(),
        durationMs: z.number(),
      }),
    ),
    exposures: z
      .array(
        z.object({
          interface: interfaceRef,
          operation: z.enum(exposed),
          results: metSchema,
          errors: metSchema,
        }),
      )
      .optional()
      .describe(
        'What of each operation was seen on each interface, and so how seldom a fault may be and still was met',
      ),
  })
  .meta({ id: 'explore', description: 'Generated cases: what was asked for, and what each suite did' });

/** The zod schema of `ReportedCounterexample` (`core/findings/report.ts`). */
export const counterexampleSchema = z
  .object({
    suite: z.enum(suiteNames),
    seed: z.int(),
    path: z.string().describe('Of fast-check: which of the seed’s cases, and how it was shrunk'),
    replayPath: z.string().optional().describe('Of fast-check: which commands of a sequence really ran'),
    steps: z.array(z.string()).describe('What was done, in order, with what was expected and what came'),
    lanes: z
      .array(z.string())
      .optional()
      .describe('Of several clients at once: a lane for each, with the numbers of the steps over the time'),
    hitRate: z
      .object({ hits: count, runs: count })
      .optional()
      .describe('How often it showed when it was made again, where that depends on how things fall together'),
    curl: z.array(z.string()).describe('Redacted commands of the steps, in order'),
  })
  .meta({ id: 'counterexample', description: 'A generated case that shows the fault, shrunk' });
