import { expect, test } from 'vitest';
import { errorOf, got } from '../../testing/answers.ts';
import { messageEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { judgeCloses, judgeEndDelivered } from './closing.ts';
import type { WatchedStream } from './watch.ts';

const whole = [taskEvent('SUBMITTED'), statusEvent('WORKING'), statusEvent('COMPLETED')];
const cut = whole.slice(0, 2);
const ended = got('COMPLETED');

test.for<[string, WatchedStream, string, string]>([
  ['closed by the agent', watched(whole), 'holds', 'holds'],
  ['open after the terminal event', watched(whole, { end: 'left-open' }), 'violated', 'holds'],
  [
    'open after GetTask showed the end',
    watched(cut, { end: 'left-open', due: 'GetTask', got: ended }),
    'violated',
    'ambiguous',
  ],
  ['closed without the end', watched(cut), 'untested', 'ambiguous'],
  ['closed without the end, which GetTask shows', watched(cut, { due: 'GetTask', got: ended }), 'holds', 'ambiguous'],
  ['silent, and nothing is known', watched(cut, { end: 'undecided' }), 'untested', 'untested'],
  ['the connection broke', watched(cut, { end: 'broken' }), 'untested', 'untested'],
  ['a Message', watched([messageEvent]), 'untested', 'untested'],
  ['refused', watched([], { refusal: errorOf('InternalError').reply }), 'untested', 'untested'],
  ['a task that begins with its end', watched([taskEvent('COMPLETED')]), 'holds', 'holds'],
])('%s', ([, stream, closes, delivered]) => {
  expect(judgeCloses(stream).kind).toBe(closes);
  expect(judgeEndDelivered(stream).kind).toBe(delivered);
});
