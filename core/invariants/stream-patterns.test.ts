import { expect, test } from 'vitest';
import { errorAnswers } from './error-answers.ts';
import { streamPatterns } from './stream-patterns.ts';
import { error, historyOf, result, sampleFacts, sampleTask, streamed, userMessage } from './testing/exchanges.ts';
import type { Shape } from './testing/exchanges.ts';

type Json = Readonly<Record<string, unknown>>;

const taskIn = (state: string, more: Json = {}) => ({
  task: sampleTask({ status: { state: `TASK_STATE_${state}` }, ...more }),
});
const start = taskIn('SUBMITTED');
const status = (state: string, more: Json = {}) => ({
  statusUpdate: { taskId: 't1', contextId: 'c1', status: { state: `TASK_STATE_${state}` }, ...more },
});
const chunk = (more: Json = {}) => ({
  artifactUpdate: { taskId: 't1', contextId: 'c1', artifact: { artifactId: 'a', parts: [{ text: 'x' }] }, ...more },
});
const append = { append: true };
const message = { message: { messageId: 'a1', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } };
const working = status('WORKING');
const end = status('COMPLETED');

/** Rows that one stream is accused of, `?` where both readings are named. */
function accusedOf(...shapes: readonly Shape[]): string[] {
  return Object.entries(streamPatterns.judge(historyOf(...shapes), sampleFacts)).flatMap(([row, { kind }]) =>
    kind === 'violated' || kind === 'ambiguous' ? [`${row.slice(10)}${kind === 'ambiguous' ? '?' : ''}`] : [],
  );
}

test.for<[string, readonly Json[], readonly string[]]>([
  ['a whole stream', [start, working, chunk(), chunk(append), end], []],
  ['a Message', [message], []],
  ['a task that begins with its end', [taskIn('COMPLETED')], []],
  ['a final snapshot', [start, end, taskIn('COMPLETED')], []],
  ['a final snapshot instead of the status', [start, working, taskIn('COMPLETED')], []],
  ['a final snapshot of an interrupted task', [start, status('INPUT_REQUIRED'), taskIn('INPUT_REQUIRED')], []],
  ['no Task first', [working, end], ['task-first']],
  ['no Task first, and appended chunks', [chunk(append), end], ['task-first']],
  ['two Messages', [message, message], ['message-only']],
  ['a Message, then a status', [message, end], ['message-only']],
  ['a Task in between', [start, working, taskIn('WORKING'), end], ['updates-only']],
  ['a Message in between', [start, message, end], ['updates-only']],
  ['an artifact after the end', [start, end, chunk()], ['nothing-after-terminal']],
  ['another state after the end', [start, end, working], ['nothing-after-terminal']],
  [
    'a snapshot of another state after the end',
    [start, end, taskIn('WORKING')],
    ['updates-only', 'nothing-after-terminal'],
  ],
  ['the same end twice', [start, end, end], ['nothing-after-terminal?']],
  ['another task', [start, status('WORKING', { taskId: 't2' }), end], ['one-task']],
  ['another context', [start, status('WORKING', { contextId: 'c2' }), end], ['one-task']],
  ['an append to nothing', [start, chunk(append), end], ['append-known']],
  ['an append to what the Task had', [taskIn('WORKING', { artifacts: [{ artifactId: 'a' }] }), chunk(append), end], []],
  ['an append after the last chunk', [start, chunk({ lastChunk: true }), chunk(append), end], ['last-chunk']],
  ['a new beginning after the last chunk', [start, chunk({ lastChunk: true }), chunk(), chunk(append), end], []],
])('%s', ([, events, rows]) => {
  expect(accusedOf(streamed(1, events))).toEqual(rows);
});

test('a subscription has to begin with the Task, too', () => {
  expect(accusedOf(streamed(1, [working, end], {}, 'SubscribeToTask'))).toEqual(['subscribe-task-first']);
  expect(accusedOf(streamed(1, [message], {}, 'SubscribeToTask'))).toEqual(['subscribe-task-first']);
  expect(accusedOf(streamed(1, [start, end], {}, 'SubscribeToTask'))).toEqual([]);
});

test('an error in a stream has two readings, a stream that is one error is a refusal', () => {
  const broken: Shape = { operation: 'SendStreamingMessage', events: [result(1, start), error(1, -32603)] };
  expect(accusedOf(broken)).toEqual(['updates-only?']);
  expect(accusedOf({ ...broken, events: [error(1, -32004)] })).toEqual([]);
});

test('a Task in between has two readings where another message continued the task', () => {
  const open = streamed(1, [start, taskIn('WORKING'), end], { at: 0, until: 500 });
  const followUp: Shape = {
    operation: 'SendMessage',
    params: { message: userMessage({ taskId: 't1' }) },
    answer: result(2, start),
    at: 100,
  };
  expect(accusedOf(open, followUp)).toEqual(['updates-only?']);
  // What was sent before may be worked on only now.
  expect(accusedOf({ ...followUp, at: -5 }, open)).toEqual(['updates-only?']);
  expect(accusedOf(open, { ...followUp, at: 900 })).toEqual(['updates-only']);
});

test('one bad stream among good ones is found', () => {
  expect(accusedOf(streamed(1, [start, end]), streamed(2, [end]), streamed(3, [start, end]))).toEqual(['task-first']);
});

test('what no stream shows is untested, or not applicable by the card', () => {
  const { target } = sampleFacts;
  const without = { ...target, capabilities: { ...target.capabilities, streaming: false } };
  const kinds = (facts: typeof sampleFacts) =>
    new Set(Object.values(streamPatterns.judge(historyOf(), facts)).map(({ kind }) => kind));
  expect([...kinds(sampleFacts)]).toEqual(['untested']);
  expect([...kinds({ ...sampleFacts, target: without })]).toEqual(['skip']);
});

const info = (reason: string, domain = 'a2a-protocol.org') => ({
  data: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain }],
});

test.for<[string, object, string, string]>([
  ['right', error(1, -32001, info('TASK_NOT_FOUND')), 'holds', 'holds'],
  ['no details', error(1, -32001), 'holds', 'untested'],
  ['an empty message', error(1, -32001, { message: ' ' }), 'violated', 'untested'],
  ['the code of another error', error(1, -32002, info('TASK_NOT_FOUND')), 'holds', 'violated'],
  ['a code of its own', error(1, -32050, info('TASK_NOT_FOUND')), 'holds', 'violated'],
  ['a reason of somebody else', error(1, -32050, info('TASK_NOT_FOUND', 'example.com')), 'holds', 'untested'],
])('errors: %s', ([, answer, text, mapping]) => {
  const judged = errorAnswers.judge(historyOf({ answer }), sampleFacts);
  expect(judged['errors/message-text'].kind).toBe(text);
  expect(judged['errors/code-mapping'].kind).toBe(mapping);
});
