import { expect, test } from 'vitest';
import { countRows } from './row-counts.ts';
import { madeRow as row } from './testing/made-up.ts';

test('rows are counted once, by the worst of their findings', () => {
  const rows = [
    row('passes'),
    row('fails-on-one-interface'),
    row('skipped-by-the-card'),
    row('skipped-on-one-interface-only'),
    row('untested'),
    row('never-mentioned'),
    row('crashed'),
    row('may', { level: 'MAY' }),
    row('client', { role: 'client', unobservable: 'a duty of clients' }),
  ];
  const findings = [
    { requirement: 'passes', verdict: 'pass' as const },
    { requirement: 'passes', verdict: 'untested' as const },
    { requirement: 'fails-on-one-interface', verdict: 'pass' as const },
    { requirement: 'fails-on-one-interface', verdict: 'fail' as const },
    { requirement: 'skipped-by-the-card', verdict: 'skip' as const },
    { requirement: 'skipped-on-one-interface-only', verdict: 'skip' as const },
    { requirement: 'skipped-on-one-interface-only', verdict: 'untested' as const },
    { requirement: 'untested', verdict: 'untested' as const },
    { requirement: 'crashed', verdict: 'error' as const },
    { requirement: 'may', verdict: 'pass' as const },
  ];
  expect(countRows(rows, findings)).toEqual({ total: 9, applicable: 6, measured: 2 });
});

test('an error on one interface hides no measurement on another, but is never counted as one', () => {
  expect(countRows([row('a')], [{ requirement: 'a', verdict: 'error' }])).toMatchObject({ applicable: 1, measured: 0 });
});
