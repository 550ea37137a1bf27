import type { StreamItem } from '../../../core/history/stream-view.ts';
import { streamItems } from '../../../core/history/stream-view.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { artifact, errorOf, got, noAnswer, page, resultOf, sent, task } from '../../testing/answers.ts';
import type { Done, Execution } from '../run-program.ts';

/** Made-up executions for table tests: no I/O behind them. */

const done = (
  kind: Done['kind'],
  client: string,
  { exchange, reply }: CallResult,
  items?: readonly StreamItem[],
): Done => ({
  step: kind === 'get' ? { do: 'get', task: 0 } : null,
  client,
  kind,
  taskId: 't1',
  contextId: 'c1',
  exchange: { ...exchange, id: `x${exchange.startedAt}` },
  reply: items === undefined ? reply : undefined,
  items: items ?? [],
});

interface When {
  readonly client?: string;
  readonly at: number;
  readonly ms?: number;
}

export const start = (state: string, { client = 'main', ...span }: When): Done =>
  done('start', client, sent(state, {}, span));

export const send = (state: string, { client = 'A', ...span }: When): Done =>
  done('send', client, sent(state, {}, span));

export const get = (state: string, { client = 'A', ...span }: When, artifacts?: readonly object[]): Done =>
  done('get', client, got(state, artifacts === undefined ? {} : { artifacts }, span));

export const cancel = (state: string, { client = 'A', ...span }: When): Done =>
  done('cancel', client, got(state, {}, span));

export const refusedCancel = ({ client = 'A', ...span }: When): Done =>
  done('cancel', client, errorOf('TaskNotCancelableError', span));

export const unansweredCancel = ({ client = 'A', ...span }: When): Done => done('cancel', client, noAnswer(span));

export const unknown = (kind: Done['kind'], { client = 'A', ...span }: When): Done =>
  done(kind, client, errorOf('TaskNotFoundError', span));

/** Of these tasks, all in COMPLETED. */
export const list = (ids: readonly string[], { client = 'A', ...span }: When): Done =>
  done(
    'list',
    client,
    page(
      ids.map((id) => task('COMPLETED', { id })),
      {},
      span,
    ),
  );

/** A subscription that shows the task, and then states; each at its own moment. */
export const subscribe = (states: readonly (readonly [at: number, state: string])[], when: When): Done => {
  const { client = 'A', ...span } = when;
  const items = streamItems(
    states.map(([at, state], index) => ({
      at,
      reply: {
        kind: 'result',
        value:
          index === 0
            ? { task: task(state) }
            : { statusUpdate: { taskId: 't1', contextId: 'c1', status: { state: `TASK_STATE_${state}` } } },
      },
    })),
  );
  return done('subscribe', client, resultOf({}, span), items);
};

export const words = (id: string, text: string): object => ({ ...artifact(id), parts: [{ text }] });

export const execution = (...all: readonly Done[]): Execution => ({
  program: { prefix: [], branches: [] },
  done: all,
  tasks: [{ id: 't1', contextId: 'c1', work: 'completes' }],
});
