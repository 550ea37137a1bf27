import { createContext } from '../../core/engine/context.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { tckStimuli } from '../../fixtures/stimuli/tck-preset.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { raceMutants } from '../../mocks/mutants/races.ts';
import { attempt } from '../../suites/concurrency/attempt.ts';
import { abilitiesAcross, crossingOf } from '../../suites/concurrency/crossing.ts';
import { seedOf, stepsOf, turnOf } from '../../suites/concurrency/draw.ts';
import { programAt } from '../../suites/concurrency/shrink.ts';
import { invariants, rows } from '../catalogue.ts';
import { withOpenTarget } from '../open-target.ts';
import { exploreDefaults } from '../run-explore.ts';

/*
 * How long it takes until each broken agent that needs several clients is caught: `node compose/bench/races.ts <seeds>`
 */

const seeds = Number(process.argv[2] ?? '20');
/** Programs after which a mutant counts as one that survived. */
const most = 108;

interface Caught {
  readonly programs: number;
  readonly exchanges: number;
  readonly ms: number;
}

async function untilCaught(mutant: Mutant, seed: number): Promise<Caught | undefined> {
  const agent = await startMutant(mutant, { longRunningMs: 600 });
  const budget = createTaskBudget(100_000);
  const options = { url: agent.url, headers: {}, tls: {}, timeoutMs: 1_000, intrusive: false, owned: [], seed, budget };
  try {
    return await withOpenTarget({ ...options, stimuli: tckStimuli }, async (open) => {
      const { target, behaviours, recorder, port: http, deadlines, runId, webhooks } = open;
      const { signal } = new AbortController();
      const all = target.interfaces.map((ref, place) => {
        const own = { interface: ref, behaviours: behaviours[place]!, client: open.connect(ref), webhooks };
        return createContext({ target, http, deadlines, signal, seeds: [seed, place], runId, ...own });
      });
      const doors = crossingOf(all) ?? ([all[0]!] as const);
      const [abilities, steps] = [abilitiesAcross(doors), stepsOf(exploreDefaults.maxCommands)];
      const turn = turnOf(abilities, steps);
      const began = performance.now();
      const before = recorder.history().exchanges.length;
      for (let run = 0; run < most; run += 1) {
        const race = turn[run % turn.length]!;
        const program = programAt(race.programs(abilities, steps)!, { seed: seedOf(seed, 0, race, run), path: '0' })!;
        const { problems } = await attempt(doors, program, { target, rows, invariants, recorder });
        if (!problems.some(({ requirement }) => mutant.breaks.includes(requirement))) continue;
        const exchanges = recorder.history().exchanges.length - before;
        return { programs: run + 1, exchanges, ms: performance.now() - began };
      }
      return undefined;
    });
  } finally {
    await agent.close();
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

for (const mutant of raceMutants) {
  const outcomes: (Caught | undefined)[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) outcomes.push(await untilCaught(mutant, seed));
  const caught = outcomes.filter((outcome) => outcome !== undefined);
  const of = (pick: (outcome: Caught) => number): number => median(caught.map(pick));
  const times =
    caught.length === 0
      ? ''
      : `; median ${of(({ programs }) => programs)} programs, ${of(({ exchanges }) => exchanges)} exchanges, ${(of(({ ms }) => ms) / 1000).toFixed(1)} s`;
  console.log(`${mutant.id}: caught in ${caught.length} of ${seeds} runs of ${most} programs${times}`);
}
