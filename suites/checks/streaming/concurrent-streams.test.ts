import { expect, test } from 'vitest';
import { errorOf, got } from '../../testing/answers.ts';
import { brokenEvent, errorEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import {
  cameInTime,
  judgeIndependence,
  judgeMultiple,
  judgeSameEvents,
  looksAffected,
  type ThreeStreams,
} from './concurrent-judges.ts';

const start = taskEvent('SUBMITTED');
const one = statusEvent('WORKING', 'one');
const two = statusEvent('WORKING', 'two');
const three = statusEvent('WORKING', 'three');
const end = statusEvent('COMPLETED');
const canceled = statusEvent('CANCELED');
const slow = { apart: 1000 };
const late = { from: 1990, apart: 1000 };
const whole = watched([start, one, two, three, end], slow);

const run = (more: Partial<ThreeStreams> = {}): ThreeStreams => ({
  sender: whole,
  early: got('WORKING'),
  left: watched([start, one], { ...slow, endedAt: 1500, endedBy: 'client', end: 'undecided' }),
  stayed: whole,
  final: got('COMPLETED'),
  lagMs: 1,
  ...more,
});
/** Nobody closed one. */
const undisturbed = run({ left: whole });
const cut = watched([start, one], { ...slow, endedAt: 1600 });
/** Read for the time of a task, and given up. */
const givenUp = watched([start, one], { ...slow, endedAt: 9000, endedBy: 'client', end: 'undecided' });
const refused = watched([], { refusal: errorOf('UnsupportedOperationError').reply });

test.for<[string, ThreeStreams, string]>([
  ['alike', run(), 'holds'],
  ['an event missing', run({ stayed: watched([start, one, three, end], slow) }), 'violated'],
  ['another order', run({ stayed: watched([start, one, three, two, end], slow) }), 'violated'],
  ['silent to the end, and closed then', run({ stayed: watched([start], { endedAt: 4000 }) }), 'violated'],
  ['silent, and left open', run({ stayed: watched([start], { end: 'left-open', endedAt: 9000 }) }), 'violated'],
  ['closed early for a reason of its own', run({ stayed: cut }), 'holds'],
  ['closed at once', run({ stayed: watched([start], { endedAt: 5 }) }), 'untested'],
  ['broken off with an error', run({ stayed: watched([start, one, errorEvent], slow) }), 'ambiguous'],
  [
    'another order, and broken off with an error',
    run({ stayed: watched([start, two, one, errorEvent], slow) }),
    'violated',
  ],
  [
    'broken off for the next one',
    run({ sender: watched([start, one, errorEvent], slow), stayed: watched([start, two, three, end], late) }),
    'untested',
  ],
  ['broken down', run({ stayed: watched([start, one, brokenEvent], slow) }), 'holds'],
  ['the sender’s was closed when others came', run({ sender: watched([start], { endedAt: 5 }) }), 'untested'],
  ['refused', run({ stayed: refused }), 'untested'],
  ['both cut off', run({ sender: cut, stayed: cut }), 'holds'],
])('same events: %s', ([, streams, kind]) => {
  expect(judgeSameEvents(streams).kind).toBe(kind);
});

const closedBoth = run({ sender: cut, stayed: cut });
const canceledRun = run({
  sender: watched([start, one, canceled], slow),
  stayed: watched([start, one, canceled], slow),
  final: got('CANCELED'),
});

test.for<[string, ThreeStreams, ThreeStreams | undefined, string, ThreeStreams?]>([
  ['went on', run(), undefined, 'holds'],
  ['ended with the one that was closed', closedBoth, undisturbed, 'violated'],
  ['ended with the one that was closed, once', closedBoth, undisturbed, 'untested', run()],
  ['had ended before one was closed', run({ stayed: watched([start], { endedAt: 5 }) }), undefined, 'untested'],
  ['ended, but they always do', closedBoth, closedBoth, 'untested'],
  ['ended, and there is no control', closedBoth, undefined, 'untested'],
  ['canceled with the one that was closed', canceledRun, undisturbed, 'violated'],
  [
    'the task was over before',
    run({ left: watched([start], { endedAt: 9000, endedBy: 'client' }) }),
    undefined,
    'untested',
  ],
  ['read in vain for the time of a task', run({ sender: givenUp, stayed: givenUp }), undisturbed, 'untested'],
  ['neither, without closing one', closedBoth, run({ left: givenUp, sender: givenUp }), 'untested'],
  ['the agent closed it itself', run({ left: watched([start], { endedAt: 1500 }) }), undefined, 'untested'],
  ['only one stream a task', run({ left: refused, stayed: refused }), undefined, 'untested'],
])('independence: %s', ([, observed, control, kind, again = observed]) => {
  expect(judgeIndependence({ run: observed, control, again }).kind).toBe(kind);
});

test('a control is made only where something looks affected', () => {
  expect(looksAffected(run())).toBe(false);
  expect(looksAffected(closedBoth)).toBe(true);
  expect(looksAffected(run({ left: refused, stayed: refused }))).toBe(false);
  expect(looksAffected(run({ sender: givenUp, stayed: givenUp }))).toBe(false);
});

const lateRefusal = watched([], { refusal: errorOf('UnsupportedOperationError').reply, endedAt: 9000 });

test.for<[string, Partial<ThreeStreams>, boolean]>([
  ['one was closed on the way', {}, true],
  ['others ended with it', { sender: cut, stayed: cut }, true],
  ['one stream a task', { left: refused, stayed: refused }, true],
  ['one was closed after the end', { left: watched([start, one], { endedAt: 9000, endedBy: 'client' }) }, false],
  ['the agent closed the one', { left: watched([start, one, end]) }, false],
  ['the others came after the end', { left: lateRefusal, stayed: lateRefusal }, false],
  ['one of them came after the end', { stayed: lateRefusal, left: watched([start, end]) }, false],
])('in time: %s', ([, more, expected]) => {
  expect(cameInTime(run(more))).toBe(expected);
});

test('several streams are observed, never demanded', () => {
  expect(judgeMultiple(run()).kind).toBe('holds');
  expect(judgeMultiple(run({ stayed: refused })).kind).toBe('untested');
});
