import { Unelicited } from '../../core/engine/check.ts';
import type { Suite, SuiteContext, SuiteResult } from '../../core/engine/suite.ts';
import type { SuiteFigures } from '../../core/findings/explore-section.ts';
import { ExposureRun, name } from './run.ts';

/** Why a guest has not seen all of it. */
const asGuest = 'no burst and no 200 tasks: they may cost or disturb, --intrusive allows them';

/** Good requests again and again, for faults of one answer in ten; a burst, and more tasks than an agent may have places for. */
export const exposure: Suite = {
  name,
  title: 'good requests until a fault of one answer in ten is met',

  async run(context: SuiteContext): Promise<SuiteResult> {
    const { signal, budget, intrusive } = context;
    const run = new ExposureRun(context);
    let end: SuiteFigures['end'] = 'runs';
    let reason: string | undefined;
    const mayGoOn = (): boolean => {
      if (signal.aborted) end = 'interrupted';
      else if (performance.now() >= budget.endsAt) end = 'time';
      return end === 'runs';
    };
    try {
      await run.prepare();
      if (!run.isPossible) {
        end = 'not-elicited';
        reason = 'no interface makes a task that ends';
      }
      while (run.rounds < budget.runs && mayGoOn() && (await run.round(mayGoOn))) context.onProgress(run.rounds);
      if (!intrusive && end === 'runs') reason = asGuest;
      if (intrusive && mayGoOn()) await run.manyTasks();
      // Last: an agent that it brings to a stop answers nothing after it.
      if (intrusive && mayGoOn()) await run.burst();
    } catch (error) {
      if (!(error instanceof Unelicited)) throw error;
      end = 'tasks';
      reason = error.message;
    } finally {
      if (!signal.aborted) await run.cleanUp();
    }
    return {
      findings: run.findings(),
      figures: { runs: run.rounds, commands: 0, unsteady: 0, end, ...(reason === undefined ? {} : { reason }) },
    };
  },
};
