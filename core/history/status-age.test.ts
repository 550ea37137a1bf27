import { expect, test } from 'vitest';
import { departure, isOlder } from './status-age.ts';

const task = (state: string, timestamp?: string) => ({
  id: 't',
  status: { state: `TASK_STATE_${state}`, ...(timestamp === undefined ? {} : { timestamp }) },
});
const [early, late] = ['2025-10-28T10:30:00.000Z', '2025-10-28T10:30:00.001Z'];

test.for<[string, unknown, unknown, ReturnType<typeof departure>]>([
  ['at work again', task('COMPLETED', early), task('WORKING', late), 'left'],
  ['an older status', task('COMPLETED', late), task('WORKING', early), 'old'],
  ['within one tick of the clock', task('COMPLETED', early), task('SUBMITTED', early), 'unclear'],
  ['another end', task('CANCELED', late), task('COMPLETED', early), 'left'],
  ['no timestamps', task('COMPLETED'), task('WORKING'), 'unclear'],
  ['one timestamp', task('COMPLETED', early), task('WORKING'), 'unclear'],
  ['no timestamp but a word', task('COMPLETED', early), task('WORKING', 'yesterday'), 'unclear'],
  ['no status', task('COMPLETED', early), {}, 'unclear'],
])('departure: %s', ([, end, later, expected]) => {
  expect(departure(end, later)).toBe(expected);
});

test('older is what was recorded before, where both say when', () => {
  expect(isOlder(task('SUBMITTED', early), task('WORKING', late))).toBe(true);
  expect(isOlder(task('WORKING', late), task('SUBMITTED', early))).toBe(false);
  expect(isOlder(task('SUBMITTED', early), task('WORKING', early))).toBe(false);
  expect(isOlder(task('SUBMITTED'), task('WORKING', late))).toBe(false);
});
