import { z } from 'zod';
import { suiteNames } from '../../core/findings/explore-section.ts';

const count = z.int().min(0);

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
