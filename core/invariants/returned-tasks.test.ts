import { expect, test } from 'vitest';
import { returnedTasks } from './returned-tasks.ts';
import { got, historyOf, result, sampleFacts, sampleTask, type Shape, userMessage } from './testing/exchanges.ts';

type Json = Readonly<Record<string, unknown>>;
type Row = (typeof returnedTasks.requirements)[number];

const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => userMessage({ messageId: `m${index}` }));
const [one, other] = [sampleTask({ id: 'one', history: messages(3) }), sampleTask({ id: 'other' })];

const sent = (task: Json, configuration: Json = {}): Shape => ({
  operation: 'SendMessage',
  params: { message: userMessage(), configuration },
  answer: result(0, { task }),
});
const read = (id: string, task: Json, more: Json = {}): Shape => got(0, task, { params: { id, ...more } });
const canceled = (id: string, task: Json): Shape => ({
  operation: 'CancelTask',
  params: { id },
  answer: result(0, task),
});
const cut = (count: number) => sampleTask({ id: 'one', history: messages(count) });

const judge = (...shapes: readonly Shape[]) =>
  returnedTasks.judge(historyOf(...shapes.map((shape) => ({ ...shape, id: 0 }))), sampleFacts);

test.for<[Row, string, readonly Shape[], string]>([
  ['get/returns-task', 'nothing asked', [sent(one)], 'untested'],
  ['get/returns-task', 'the one asked for', [sent(one), read('one', one)], 'holds'],
  ['get/returns-task', 'another one, once', [sent(one), read('one', one), read('one', other)], 'violated'],
  ['get/returns-task', 'one that nobody has seen', [sent(other), read('one', other)], 'untested'],
  ['get/returns-task', 'seen only later', [read('one', other), sent(one)], 'untested'],
  ['get/returns-task', 'malformed on purpose', [sent(one), { ...read('one', other), malformed: 'x' }], 'untested'],
  ['cancel/returns-task', 'the one asked for', [sent(one), canceled('one', one)], 'holds'],
  ['cancel/returns-task', 'another one', [sent(one), canceled('one', other)], 'violated'],
  ['get/history-length', 'no limit', [sent(one), read('one', one)], 'untested'],
  ['get/history-length', 'obeyed', [sent(one), read('one', cut(2), { historyLength: 2 })], 'holds'],
  ['get/history-length', 'less than that', [sent(one), read('one', cut(0), { historyLength: 2 })], 'holds'],
  ['get/history-length', 'nothing to cut', [sent(one), read('one', one, { historyLength: 3 })], 'untested'],
  [
    'get/history-length',
    'not obeyed, once',
    [sent(one), read('one', cut(0), { historyLength: 0 }), read('one', cut(1), { historyLength: 0 })],
    'violated',
  ],
  ['get/history-length', 'a limit that is none', [sent(one), read('one', one, { historyLength: -1 })], 'untested'],
  ['send/history-length', 'obeyed', [sent(cut(1), { historyLength: 1 }), read('one', one)], 'holds'],
  ['send/history-length', 'not obeyed', [sent(one, { historyLength: 1 })], 'violated'],
])('%s: %s', ([row, , shapes, kind]) => {
  expect(judge(...shapes)[row].kind).toBe(kind);
});
