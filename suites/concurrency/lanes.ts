import { describeItem } from '../../core/history/stream-view.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { isObject } from '../../core/invariants/json.ts';
import { describeReply } from '../../core/wire/reply.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { describeStep } from './program.ts';
import type { Done } from './run-program.ts';

/** Columns of the time in a diagram. */
const columns = 64;
/** Events of a stream that are told. */
const eventsTold = 6;

/** What was done, and what it showed, of one program. */
export interface Drawing {
  /** `1. A cancel task 1 → CANCELED (3.1 to 5.0 ms)`, without the number, in the order in which they were asked. */
  readonly steps: readonly string[];
  /** A lane for each client, and one for each of its streams, with the numbers of the steps over the time. */
  readonly lanes: readonly string[];
}

/** Steps of the program, and of what was looked at afterwards that which shows the problem. */
export function draw(done: readonly Done[], evidence: readonly Exchange[]): Drawing {
  const ids = new Set(evidence.map(({ id }) => id));
  const several = new Set(done.map(({ exchange }) => exchange.interface?.binding)).size > 1;
  const told = done
    .filter(({ step, exchange }) => step !== null || ids.has(exchange.id))
    .map((one) => (several ? { ...one, client: `${one.client} (${one.exchange.interface?.binding})` } : one));
  const begin = Math.min(...told.map(({ exchange }) => exchange.startedAt));
  const end = Math.max(...told.map(endOf));
  return {
    steps: told.map((one) => {
      const { startedAt } = one.exchange;
      const span = `${(startedAt - begin).toFixed(1)} to ${(endOf(one) - begin).toFixed(1)} ms`;
      return `${one.client} ${whatOf(one)} → ${answerOf(one)} (${span}, ${one.exchange.id})`;
    }),
    lanes: told.length === 0 ? [] : lanesOf(told, begin, Math.max(end - begin, 1)),
  };
}

/** A stream ends with its last event: how long it is kept open afterwards is no matter. */
const endOf = ({ exchange, items }: Done): number => items.at(-1)?.at ?? exchange.endedAt;

const whatOf = ({ step, kind }: Done): string => (step === null ? `${kind} afterwards` : describeStep(step));

const shortState = (state: string | undefined): string => state?.replace(/^TASK_STATE_/, '') ?? 'no state';

function answerOf({ reply, items }: Done): string {
  if (reply === undefined) {
    const events = items.slice(0, eventsTold).map((item) => describeItem(item).replace('TASK_STATE_', ''));
    return items.length === 0
      ? 'a stream without events'
      : [...events, ...(items.length > eventsTold ? ['…'] : [])].join(', ');
  }
  const task = taskViewOf(reply);
  if (task !== undefined) return shortState(task.state);
  const list = reply.kind === 'result' && isObject(reply.value) ? reply.value['tasks'] : undefined;
  return Array.isArray(list) ? `${list.length} tasks` : describeReply(reply);
}

function lanesOf(told: readonly Done[], begin: number, length: number): readonly string[] {
  const numbered = told.map((one, index) => ({ one, label: String(index + 1) }));
  const lanes = Map.groupBy(numbered, ({ one, label }) =>
    one.reply === undefined ? `${one.client} stream ${label}` : one.client,
  );
  const column = (at: number): number => Math.round(((at - begin) / length) * columns);
  const drawn = [...lanes].map(([name, ones]) => {
    let line = '';
    for (const { one, label } of ones) {
      // Never narrower than its number, so that what is short moves what follows a little to the right.
      const from = Math.max(column(one.exchange.startedAt), line.length);
      const width = Math.max(column(endOf(one)) - from, label.length + 2);
      line = `${line.padEnd(from, '.')}[${label.padEnd(width - 2, '-')}]`;
    }
    return { name: name.replaceAll(' ', '-'), line };
  });
  const width = Math.max(...drawn.map(({ name }) => name.length));
  // No blanks: some formats take several of them for one.
  return drawn.map(({ name, line }) => `${name.padEnd(width, '.')}|${line}`);
}
