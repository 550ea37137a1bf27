import { expect, test } from 'vitest';
import type { Observed } from '../../../core/target/behaviours.ts';
import type { TaskState } from '../../../protocol/task-state.ts';
import { errorOf, got } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { chunkEvent, errorEvent, messageEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { authRequired } from './auth-required.ts';
import { chunks } from './chunks.ts';
import { disconnect } from './disconnect.ts';
import { messageStream } from './message.ts';

test.for([
  ['one Message', watched([messageEvent]), 'holds'],
  ['two Messages', watched([messageEvent, messageEvent]), 'violated'],
  ['left open', watched([messageEvent], { end: 'left-open' }), 'violated'],
  ['the connection broke', watched([messageEvent], { end: 'broken' }), 'untested'],
  ['a task', watched([taskEvent('SUBMITTED')]), 'untested'],
  ['nothing', watched([]), 'untested'],
] as const)('message: %s', ([, stream, kind]) => {
  expect(messageStream.judge(stream, factsWith())['streaming/message-only'].kind).toBe(kind);
});

const ending = (state: TaskState): Observed => ({
  stimulus: { name: 'long-running', parts: [], source: 'generic' },
  outcome: 'task',
  states: ['TASK_STATE_WORKING', state],
  artifactEvents: 0,
  exchanges: [],
});
const left = watched([taskEvent('WORKING')], { endedBy: 'client', end: 'undecided' });

test.for([
  ['went on', left, got('COMPLETED'), 'holds'],
  ['canceled', left, got('CANCELED'), 'ambiguous'],
  ['failed, which it does not do otherwise', left, got('FAILED'), 'ambiguous'],
  ['rejected', left, got('REJECTED'), 'holds'],
  ['still at work', left, got('WORKING'), 'untested'],
  ['purged', left, errorOf('TaskNotFoundError'), 'untested'],
  ['over before', watched([taskEvent('COMPLETED')]), got('COMPLETED'), 'untested'],
] as const)('disconnect: %s', ([, stream, final, kind]) => {
  const facts = factsWith({ elicited: { 'long-running': ending('TASK_STATE_COMPLETED') } });
  const judged = disconnect.judge({ stream, after: got('WORKING'), final, twin: undefined }, facts);
  expect(judged['streaming/disconnect-keeps-task'].kind).toBe(kind);
});

test.for([
  ['as its like', got('CANCELED'), got('CANCELED'), 'holds'],
  ['unlike its like', got('CANCELED'), got('COMPLETED'), 'ambiguous'],
  ['failed, as its like', got('FAILED'), got('FAILED'), 'holds'],
  ['failed, unlike its like', got('FAILED'), got('COMPLETED'), 'ambiguous'],
  ['its like did not end', got('CANCELED'), got('WORKING'), 'ambiguous'],
] as const)('disconnect, then canceled or failed: %s', ([, final, twin, kind]) => {
  const judged = disconnect.judge({ stream: left, after: got('WORKING'), final, twin }, factsWith());
  expect(judged['streaming/disconnect-keeps-task'].kind).toBe(kind);
});

const asked = [taskEvent('SUBMITTED'), statusEvent('AUTH_REQUIRED')];
const givenUp = { endedBy: 'deadline', end: 'undecided' } as const;
const answered = [...asked, statusEvent('WORKING'), statusEvent('COMPLETED')];
const beside = watched([taskEvent('AUTH_REQUIRED'), statusEvent('WORKING'), statusEvent('COMPLETED')], { apart: 2000 });
const cutOff = watched([...asked, errorEvent], { apart: 1000 });

test.for([
  ['kept open, and goes on', watched(answered), false, beside, 'holds', 'holds'],
  ['closed', watched(asked), true, undefined, 'ambiguous', 'untested'],
  [
    'given up by the harness after a while',
    watched(asked, { ...givenUp, endedAt: 60_000 }),
    true,
    undefined,
    'holds',
    'untested',
  ],
  ['given up by the harness at once', watched(asked, givenUp), true, undefined, 'untested', 'untested'],
  ['cut by the network', watched(asked, { endedBy: 'broken', end: 'broken' }), true, undefined, 'untested', 'untested'],
  ['kept open, and silent', watched(asked, { end: 'left-open' }), false, beside, 'holds', 'violated'],
  ['broken off when the message came', cutOff, false, beside, 'holds', 'ambiguous'],
  [
    'given up for the second stream',
    cutOff,
    false,
    watched([taskEvent('AUTH_REQUIRED')], { from: 1990 }),
    'holds',
    'untested',
  ],
  ['no request for authorization', watched([taskEvent('COMPLETED')]), true, undefined, 'untested', 'untested'],
] as const)('auth-required: %s', ([, stream, closed, next, open, same]) => {
  const judged = authRequired.judge({ stream, closed, beside: next }, factsWith());
  expect(judged['streaming/auth-required-open'].kind).toBe(open);
  expect(judged['streaming/same-events'].kind).toBe(same);
});

const stored = (...texts: readonly string[]) =>
  got('COMPLETED', { artifacts: [{ artifactId: 'a', parts: texts.map((text) => ({ text })) }] });
const chunked = (...texts: readonly string[]) =>
  watched([
    taskEvent('SUBMITTED'),
    ...texts.map((text, index) => chunkEvent('a', text, { append: index > 0 })),
    statusEvent('COMPLETED'),
  ]);

const dataPart = (n: number) => ({ data: { n } });
const storedData = (...all: readonly number[]) =>
  got('COMPLETED', { artifacts: [{ artifactId: 'a', parts: all.map(dataPart) }] });
const chunkedData = (...all: readonly number[]) =>
  watched([
    taskEvent('SUBMITTED'),
    ...all.map((n, index) => ({
      artifactUpdate: {
        taskId: 't1',
        contextId: 'c1',
        artifact: { artifactId: 'a', parts: [dataPart(n)] },
        append: index > 0,
      },
    })),
    statusEvent('COMPLETED'),
  ]);

test.for([
  ['in order', chunked('1', '2', '3'), stored('1', '2', '3'), 'holds'],
  ['out of order', chunked('1', '3', '2'), stored('123'), 'violated'],
  ['data that is stored sorted', chunkedData(2, 1), storedData(1, 2), 'ambiguous'],
  ['a chunk is missing', chunked('1', '3'), stored('123'), 'ambiguous'],
  ['GetTask shows less', chunked('1', '2'), stored('2'), 'ambiguous'],
  ['one chunk', chunked('1'), stored('1'), 'untested'],
  ['no GetTask', chunked('1', '2'), errorOf('TaskNotFoundError'), 'untested'],
] as const)('chunks: %s', ([, stream, task, kind]) => {
  expect(chunks.judge({ stream, task }, factsWith())['streaming/in-order'].kind).toBe(kind);
});
