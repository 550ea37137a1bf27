import { expect, test } from 'vitest';
import { summarize } from './summary.ts';
import { madeRow as row } from './testing/made-up.ts';

test('each row counts once, in its area and in all, as the worst of its findings', () => {
  const rows = [
    row('send/a'),
    row('send/b'),
    row('send/may', { level: 'MAY' }),
    row('get/a'),
    row('get/b'),
    row('get/never-mentioned'),
    row('get/client', { role: 'client', unobservable: 'a duty of clients' }),
  ];
  const summary = summarize(rows, [
    { requirement: 'send/a', verdict: 'pass' },
    { requirement: 'send/a', verdict: 'fail' },
    { requirement: 'send/b', verdict: 'untested' },
    { requirement: 'send/b', verdict: 'pass' },
    { requirement: 'send/may', verdict: 'pass' },
    { requirement: 'get/a', verdict: 'skip' },
    { requirement: 'get/b', verdict: 'untested' },
  ]);
  const none = { pass: 0, fail: 0, warn: 0, skip: 0, untested: 0, error: 0 };
  const send = { ...none, pass: 1, fail: 1, requirements: { total: 3, applicable: 2, measured: 2 } };
  const get = { ...none, skip: 1, untested: 1, requirements: { total: 4, applicable: 2, measured: 0 } };
  expect(summary).toEqual({
    ...none,
    pass: 1,
    fail: 1,
    skip: 1,
    untested: 1,
    requirements: { total: 7, applicable: 4, measured: 2 },
    areas: [
      { area: 'send', ...send },
      { area: 'get', ...get },
    ],
  });
});
