import type { Exchange } from '../../core/history/exchange.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { jsonRpcCodeOf, type ErrorName } from '../../protocol/errors.ts';
import type { Operation } from '../../protocol/operations.ts';

/** Made-up observations for table tests of judges: no I/O behind them. */

const exchange = (
  outcome: Exchange['outcome'],
  { at = 0, ms = 1, operation = 'GetTask', params = {} }: AnswerOptions,
): Exchange => ({
  id: 'x1',
  actor: 'main',
  interface: null,
  intent: { kind: 'operation', operation, params },
  request: { method: 'POST', url: 'http://127.0.0.1/', headers: [], body: '{}' },
  response:
    outcome === 'indefinite'
      ? null
      : { status: 200, headers: [], body: '{}', validUtf8: true, truncated: false, headAt: at + ms },
  events: [],
  endedBy: 'server',
  startedAt: at,
  endedAt: at + ms,
  clock: 'test',
  outcome,
});

export interface AnswerOptions {
  /** When the request was sent, in ms. */
  readonly at?: number;
  /** How long the answer took, in ms. */
  readonly ms?: number;
  readonly operation?: Operation;
  readonly params?: Readonly<Record<string, unknown>>;
}

export const resultOf = (value: unknown, options: AnswerOptions = {}): CallResult => ({
  exchange: exchange('ok', options),
  reply: { kind: 'result', value },
});

export const errorOf = (name: ErrorName, options: AnswerOptions = {}): CallResult => ({
  exchange: exchange('error', options),
  reply: { kind: 'error', error: { name, code: jsonRpcCodeOf(name), message: name, details: undefined } },
});

/** An error whose code several errors share, and that does not say which of them it is. */
export const unnamed = (...possible: readonly ErrorName[]): CallResult => ({
  exchange: exchange('error', {}),
  reply: { kind: 'error', error: { name: undefined, possible, code: 'shared', message: 'no', details: undefined } },
});

export const noAnswer = (options: AnswerOptions = {}): CallResult => ({
  exchange: exchange('indefinite', options),
  reply: { kind: 'none', failure: { kind: 'timeout', message: 'no answer in time' } },
});

type Json = Readonly<Record<string, unknown>>;

/** A Task (ProtoJSON); `state` without its prefix. `more` replaces members. */
export const task = (state: string, more: Json = {}): Json => ({
  id: 't1',
  contextId: 'c1',
  status: { state: `TASK_STATE_${state}`, timestamp: '2026-01-01T00:00:00.000Z' },
  ...more,
});

/** A result of SendMessage that holds a task. */
export const sent = (state: string, more: Json = {}, options: AnswerOptions = {}): CallResult =>
  resultOf({ task: task(state, more) }, options);

/** A result of GetTask or CancelTask. */
export const got = (state: string, more: Json = {}, options: AnswerOptions = {}): CallResult =>
  resultOf(task(state, more), options);

export const agentMessage = (more: Json = {}): Json => ({
  messageId: 'm1',
  contextId: 'c1',
  role: 'ROLE_AGENT',
  parts: [{ text: 'hello' }],
  ...more,
});

export const artifact = (id: string, parts = 1): Json => ({
  artifactId: id,
  parts: Array.from({ length: parts }, (_, index) => ({ text: String(index) })),
});

/** A history of messages with these ids. */
export const history = (...ids: readonly string[]): readonly Json[] =>
  ids.map((messageId) => agentMessage({ messageId }));

/** A result of ListTasks: one page, the last one unless `more` has a token. */
export const page = (tasks: readonly Json[], more: Json = {}, options: AnswerOptions = {}): CallResult =>
  resultOf(
    { tasks, nextPageToken: '', pageSize: 50, totalSize: tasks.length, ...more },
    { operation: 'ListTasks', ...options },
  );

/** An agent that gives these answers one after the other, whatever it is asked, and fails the test that asks further. */
export function inTurn(answers: readonly CallResult[]): () => Promise<CallResult> {
  const left = [...answers];
  return () => {
    const answer = left.shift();
    return answer === undefined ? Promise.reject(new Error('nothing more is asked of it')) : Promise.resolve(answer);
  };
}
