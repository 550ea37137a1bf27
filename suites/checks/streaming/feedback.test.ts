import { expect, test } from 'vitest';
import { got } from '../../testing/answers.ts';
import { statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { judgeFeedback, type Feedback } from './feedback.ts';

const second = (number: number): string => `2026-01-01T00:00:0${number}.000Z`;
const at = (number: number) => ({ status: { state: 'TASK_STATE_SUBMITTED', timestamp: second(number) } });
const events = [
  taskEvent('SUBMITTED', at(0)),
  statusEvent('WORKING', 'a', second(1)),
  statusEvent('WORKING', 'b', second(2)),
  statusEvent('COMPLETED', 'c', second(3)),
];
const running = got('WORKING');
const atTheEnd = { from: 3000, startedAt: 0 };

test.for<[string, Feedback, string]>([
  ['as they come', { stream: watched(events, { apart: 1000 }), early: running, lagMs: 5 }, 'holds'],
  ['all at the end', { stream: watched(events, atTheEnd), early: got('COMPLETED'), lagMs: 5 }, 'violated'],
  ['recorded before anybody asked', { stream: watched(events), early: got('COMPLETED'), lagMs: 5 }, 'untested'],
  ['the task at once, the rest at the end', { stream: watchedLate(), early: running, lagMs: 5 }, 'violated'],
  [
    'all at once, but the harness was held up',
    { stream: watched(events, atTheEnd), early: running, lagMs: 900 },
    'holds',
  ],
  ['a task too short to tell', { stream: watched(events.slice(0, 2)), lagMs: 5 }, 'untested'],
  ['two statuses prove nothing', { stream: watched([events[0]!, events[3]!]), lagMs: 5 }, 'untested'],
  ['nobody looked while it ran', { stream: watched(events, { apart: 1000 }), lagMs: 5 }, 'untested'],
  [
    'no timestamps',
    { stream: watched([taskEvent('SUBMITTED', { status: {} }), statusEvent('WORKING')]), early: running, lagMs: 5 },
    'holds',
  ],
])('%s', ([, feedback, kind]) => {
  expect(judgeFeedback(feedback, feedback).kind).toBe(kind);
});

const held: Feedback = { stream: watched(events, atTheEnd), lagMs: 5 };
const prompt: Feedback = { stream: watched(events, { apart: 1000 }), lagMs: 5 };

test.for<[string, Feedback, Feedback | undefined, string]>([
  ['held back twice', held, held, 'violated'],
  ['held back once', held, prompt, 'untested'],
  ['held back, and no second stream', held, undefined, 'untested'],
  ['held back the second time only', { ...prompt, early: running }, held, 'holds'],
])('%s', ([, first, again, kind]) => {
  expect(judgeFeedback(first, again).kind).toBe(kind);
});

function watchedLate() {
  const stream = watched(events, atTheEnd);
  return { ...stream, items: stream.items.map((item, index) => (index === 0 ? { ...item, at: 0 } : item)) };
}
