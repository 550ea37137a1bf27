import { intermittentMutants } from '../../mocks/mutants/intermittent.ts';
import { describeRate } from '../mutants/kill-rate.ts';
import { untilCaught, type Trial } from '../mutants/until-caught.ts';

/*
 * How long it takes until each agent that is wrong now and then is caught, and how often it is: `node compose/bench/intermittent.ts
 * <seeds> [part of an id]`. One binding a seed, in turn.
 */

const [, , seedsText = '20', only = ''] = process.argv;
const seeds = Number(seedsText);

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const all: Trial[] = [];
for (const mutant of intermittentMutants.filter(({ id }) => id.includes(only))) {
  const trials: Trial[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) trials.push(await untilCaught(mutant, seed));
  all.push(...trials);
  const caught = trials.filter((trial) => trial.caught);
  const of = (pick: (trial: Trial) => number): number => median(caught.map(pick));
  const times =
    caught.length === 0
      ? ''
      : `; median ${of(({ exchanges }) => exchanges)} exchanges, ${(of(({ ms }) => ms) / 1000).toFixed(2)} s`;
  console.log(`${mutant.id}: caught in ${caught.length} of ${seeds} runs${times}`);
}
console.log(`all of them: ${describeRate(all.filter(({ caught }) => caught).length, all.length)}`);

const blamed = all.flatMap((trial) => trial.blamed);
for (const text of new Set(blamed)) console.log(`blamed for what it does not break: ${text}`);
process.exitCode = blamed.length === 0 ? 0 : 1;
