import { expect, test } from 'vitest';
import { chunkEvent, itemsOf, statusEvent, taskEvent } from '../../testing/streams.ts';
import { compareStreams } from './same-events.ts';

type Event = Readonly<Record<string, unknown>>;

const start = taskEvent('SUBMITTED');
const later = taskEvent('WORKING');
const one = statusEvent('WORKING', 'one');
const two = chunkEvent('a', 'two');
const three = statusEvent('WORKING', 'three');
const end = statusEvent('COMPLETED');

const both = { first: true, second: true };
const firstOnly = { first: true, second: false };
const secondOnly = { first: false, second: true };

/** Events of the first stream come a second apart; the second stream begins at `from`. */
test.for<[string, Event[], Event[], number, { first: boolean; second: boolean }, string, number | string]>([
  ['the same start', [start, one, two, end], [start, one, two, end], 0, both, 'none', 3],
  ['joined later', [start, one, two, three, end], [later, three, end], 2500, both, 'none', 2],
  ['joined before the end', [start, one, two, end], [later, end], 2500, both, 'none', 1],
  ['a replayed event', [start, one, two, end], [later, two, end], 2500, both, 'none', 2],
  ['another order', [start, one, two, three, end], [start, one, three, two, end], 0, both, 'order', 'artifact a'],
  ['one event fewer', [start, one, two, three, end], [start, one, three, end], 0, both, 'missing', 'second'],
  [
    'one event fewer on the first',
    [start, one, three, end],
    [start, one, two, three, end],
    0,
    both,
    'missing',
    'first',
  ],
  ['nothing after the snapshot', [start, one, two, end], [start], 0, both, 'missing', 'second'],
  ['no end on the second', [start, one, two, end], [start, one, two], 0, both, 'missing', 'second'],
  ['the second was left', [start, one, two, end], [start, one], 0, firstOnly, 'none', 1],
  [
    'the second was left and lacks one',
    [start, one, two, three, end],
    [start, one, three],
    0,
    firstOnly,
    'missing',
    'second',
  ],
  ['the first was left', [start, one], [start, one, two, end], 0, secondOnly, 'none', 1],
  ['the first was left before the second began', [start, one], [later, three, end], 9000, secondOnly, 'none', 0],
  ['repeated states', [start, one, one, one, end], [later, one, end], 2500, both, 'none', 2],
])('%s', ([, first, second, from, complete, kind, detail]) => {
  const difference = compareStreams(itemsOf(first, 0, 1000), itemsOf(second, from, 1000), complete);
  expect(difference.kind).toBe(kind);
  if (difference.kind === 'none') expect(difference.compared).toBe(detail);
  if (difference.kind === 'missing') expect(difference.in).toBe(detail);
  if (difference.kind === 'order') expect(difference.earlier).toBe(detail);
});

test('timestamps, message ids and metadata make no difference', () => {
  const other = statusEvent('WORKING', 'one', '2030-01-01T00:00:00Z');
  expect(compareStreams(itemsOf([start, one, end]), itemsOf([start, other, end]), both).kind).toBe('none');
});

test('what the second stream begins with may be late on the first', () => {
  const second = (number: number): string => `2026-01-01T00:00:0${number}.000Z`;
  const status = (number: number) => statusEvent('WORKING', String(number), second(number));
  const shown = taskEvent('WORKING', {
    status: { state: 'TASK_STATE_WORKING', timestamp: second(2) },
    artifacts: [{ artifactId: 'a', parts: [{ text: 'one two' }] }],
  });
  const slow = itemsOf([start, status(1), two, status(2), status(3), end], 0, 1000);
  const quick = (...events: readonly Event[]) => compareStreams(slow, itemsOf([shown, ...events], 100), both).kind;
  expect(quick(status(3), end)).toBe('none');
  expect(quick(end)).toBe('missing');
  const bare = taskEvent('WORKING', { status: { state: 'TASK_STATE_WORKING', timestamp: second(2) } });
  expect(compareStreams(slow, itemsOf([bare, status(3), end], 100), both).kind).toBe('missing');
});
