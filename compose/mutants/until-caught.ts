import { createContext } from '../../core/engine/context.ts';
import { judgeHistory } from '../../core/engine/judge-history.ts';
import type { SuiteContext } from '../../core/engine/suite.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { HistoryRecorder } from '../../core/history/recorder.ts';
import { spokenBindings } from '../../core/wire/connect.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { tckStimuli } from '../../fixtures/stimuli/tck-preset.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { ExposureRun } from '../../suites/exposure/run.ts';
import { isAccusation } from '../accusation.ts';
import { invariants, rows } from '../catalogue.ts';
import { withOpenTarget, type OpenTarget } from '../open-target.ts';
import { exploreDefaults } from '../run-explore.ts';

/** One run of the suite `exposure` on an intermittent mutant, up to its catch. */
export interface Trial {
  readonly caught: boolean;
  /** Of the suite, up to the catch or the end. */
  readonly exchanges: number;
  readonly ms: number;
  /** What was said of rows that the mutant does not break. */
  readonly blamed: readonly string[];
}

const timeoutMs = 2_000;

/** Asks a mutant, on one binding after the other by seed, until it is caught or all of the suite was done. */
export async function untilCaught(mutant: Mutant, seed: number): Promise<Trial> {
  const binding = spokenBindings[seed % spokenBindings.length]!;
  const agent = await startMutant(mutant, { bindings: [binding], longRunningMs: 600 }, seed);
  const recorder = new HistoryRecorder('harness');
  const options = { url: agent.url, headers: {}, tls: {}, timeoutMs, intrusive: true, owned: ['127.0.0.1'], seed };
  const budget = createTaskBudget(100_000);
  try {
    return await withOpenTarget({ ...options, budget, stimuli: tckStimuli, recorder }, async (open) => {
      const run = new ExposureRun(contextOf(open, seed));
      const began = performance.now();
      const before = recorder.history().exchanges.length;
      let found: readonly Finding[] = [];
      const isCaught = (): boolean => {
        found = accusations(open, run);
        return found.some(
          ({ check, requirement }) => mutant.breaks.includes(requirement) && mutant.killedBy.includes(check),
        );
      };
      const caught = await inSteps(run, isCaught);
      const exchanges = recorder.history().exchanges.length - before;
      return { caught, exchanges, ms: performance.now() - began, blamed: found.flatMap((one) => blameOf(mutant, one)) };
    });
  } finally {
    await agent.close();
  }
}

async function inSteps(run: ExposureRun, isCaught: () => boolean): Promise<boolean> {
  await run.prepare();
  for (let round = 0; round < exploreDefaults.runs && !isCaught(); round += 1) if (!(await run.round())) break;
  if (isCaught()) return true;
  await run.manyTasks();
  if (isCaught()) return true;
  await run.burst();
  return isCaught();
}

function contextOf(open: OpenTarget, seed: number): SuiteContext {
  const { target, behaviours, recorder, port: http, deadlines, runId, webhooks } = open;
  const { signal } = new AbortController();
  const { runs, maxCommands } = exploreDefaults;
  return {
    target,
    doors: target.interfaces.map((ref, place) => {
      const own = { interface: ref, behaviours: behaviours[place]!, client: open.connect(ref), webhooks };
      return createContext({ target, http, deadlines, signal, seeds: [seed, place], runId, ...own });
    }),
    recorder,
    rows,
    invariants,
    seed,
    budget: { runs, maxCommands, endsAt: Infinity },
    signal,
    intrusive: true,
    onProgress: () => undefined,
  };
}

function accusations({ target, recorder }: OpenTarget, run: ExposureRun): readonly Finding[] {
  const history = recorder.history();
  const byInvariants = target.interfaces.flatMap((ref) =>
    judgeHistory(history, { target, interface: ref }, { invariants, rows }),
  );
  return [...run.findings(), ...byInvariants].filter(isAccusation);
}

function blameOf({ breaks, mayBreak = [] }: Mutant, finding: Finding): readonly string[] {
  const { requirement, verdict, check, reason } = finding;
  const isDeserved = verdict !== 'error' && [...breaks, ...mayBreak].includes(requirement);
  return isDeserved ? [] : [`${verdict} ${requirement} by ${check}: ${reason}`];
}
