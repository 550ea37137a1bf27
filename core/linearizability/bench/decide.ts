import { createRandom } from '../../engine/random.ts';
import type { Call } from '../model.ts';
import { searchParts } from '../search.ts';
import { cell, type CellInput } from '../testing/models.ts';

/*
 * How long it takes to decide 200 operations of 8 clients on 20 tasks: one history that can be explained, and one with a single
 * wrong answer. `node core/linearizability/bench/decide.ts`
 */

const operations = 200;
const tasks = 20;
const clients = 8;
const seeds = 50;

/** Every client does one thing after the other; each thing takes effect somewhere in its span. */
function happened(seed: number): readonly Call<CellInput, number>[] {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const free = Array.from({ length: clients }, () => 0);
  const spans = Array.from({ length: operations }, (_, index) => {
    const client = index % clients;
    const invokedAt = free[client]! + below(5);
    const at = invokedAt + below(100);
    const returnedAt = at + below(100);
    free[client] = returnedAt;
    const input: CellInput = random() < 0.5 ? 'read' : { write: 1 + below(5) };
    return { id: `t${below(tasks)}/${index}`, input, at, invokedAt, returnedAt, lost: random() < 0.05 };
  });
  const values = new Map<string, number>();
  return spans
    .toSorted((a, b) => a.at - b.at)
    .map(({ id, input, invokedAt, returnedAt, lost }) => {
      const part = id.split('/')[0]!;
      if (input !== 'read') values.set(part, input.write);
      const output = lost ? undefined : (values.get(part) ?? 0);
      return { id, input, output, invokedAt, returnedAt };
    });
}

const partOf = ({ id }: Call<CellInput, number>): string => id.split('/')[0]!;

function measure(what: string, histories: readonly (readonly Call<CellInput, number>[])[]): void {
  const times = histories.map((calls) => {
    const began = performance.now();
    const outcomes = [...searchParts(() => cell, calls, partOf).values()];
    return { ms: performance.now() - began, bad: outcomes.some(({ kind }) => kind !== 'linearizable') };
  });
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  const bad = times.filter((time) => time.bad).length;
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
  console.log(
    `${what}: ${operations} operations on ${tasks} tasks decided in ${median.toFixed(1)} ms (median of ${seeds}), ` +
      `${worst.toFixed(1)} ms at most; ${bad} impossible`,
  );
}

const real = Array.from({ length: seeds }, (_, seed) => happened(seed));
measure('what happened', real);
measure(
  'one wrong answer',
  real.map((calls) => {
    const wrong = calls.findLast(({ input, output }) => input === 'read' && output !== undefined);
    return calls.map((call) => (call === wrong ? { ...call, output: 99 } : call));
  }),
);
