import { describe, expect, test } from 'vitest';
import type { ThresholdId, ThresholdVerdict } from '../core/findings/load-section.ts';
import type { FinalReads } from './final-reads.ts';
import { defaultThresholds, describeError, judgeThresholds, overallVerdict, type VerdictInput } from './verdict.ts';

const reads = (changes: Partial<FinalReads> = {}): FinalReads => ({
  acknowledged: 400,
  read: 400,
  found: 400,
  lost: [],
  lostCount: 0,
  purged: 0,
  unread: 0,
  unreadReason: null,
  changedEnd: [],
  changedEndTasks: [],
  changedEndCount: 0,
  unfinished: 0,
  ...changes,
});

const good: VerdictInput = {
  thresholds: defaultThresholds(400),
  measurement: { started: 400, successes: 400, canceled: 0, errorCount: 0, errors: [], heldRatePerMinute: 400 },
  basis: { kind: 'emission-stamp', reason: 'by stamps' },
  p99Signal: { value: 20, low: 15, high: 30 },
  signalSamples: 1_200,
  reads: reads(),
  dropped: 0,
  dropReason: 'all virtual users were busy',
  purges: false,
  cutShort: null,
};

const verdictOf = (id: ThresholdId, changes: Partial<VerdictInput>) =>
  judgeThresholds({ ...good, ...changes }).find((result) => result.id === id)!;

const measured = (changes: Partial<VerdictInput['measurement']>): Partial<VerdictInput> => ({
  measurement: { ...good.measurement, ...changes },
});
const limited = (changes: Partial<VerdictInput['thresholds']>): Partial<VerdictInput> => ({
  thresholds: { ...good.thresholds, ...changes },
});

type Row = readonly [name: string, id: ThresholdId, changes: Partial<VerdictInput>, verdict: ThresholdVerdict];
const failure = { outcome: 'http', code: '429', count: 1, example: '' } as const;

test.for<Row>([
  ['the whole rate', 'rate', {}, 'pass'],
  ['within the tolerance', 'rate', measured({ heldRatePerMinute: 396 }), 'pass'],
  ['below the tolerance', 'rate', measured({ heldRatePerMinute: 395.9 }), 'fail'],
  ['nothing finished', 'rate', measured({ heldRatePerMinute: 0 }), 'fail'],
  ['nothing started', 'rate', measured({ started: 0, heldRatePerMinute: undefined }), 'untested'],
  [
    'a lower rate demanded',
    'rate',
    { ...measured({ heldRatePerMinute: 100 }), ...limited({ ratePerMinute: 100 }) },
    'pass',
  ],
  ['no tolerance', 'rate', { ...measured({ heldRatePerMinute: 399 }), ...limited({ rateTolerance: 0 }) }, 'fail'],

  ['the interval below the limit', 'p99-signal', {}, 'pass'],
  ['the interval above the limit', 'p99-signal', { p99Signal: { value: 250, low: 200, high: 300 } }, 'fail'],
  ['the limit inside, value below', 'p99-signal', { p99Signal: { value: 190, low: 150, high: 200 } }, 'inconclusive'],
  ['the limit inside, value above', 'p99-signal', { p99Signal: { value: 210, low: 199, high: 260 } }, 'inconclusive'],
  ['no upper bound', 'p99-signal', { p99Signal: { value: 5, low: 4, high: null } }, 'inconclusive'],
  ['no upper bound, lower above', 'p99-signal', { p99Signal: { value: 500, low: 400, high: null } }, 'fail'],
  ['no bound at all', 'p99-signal', { p99Signal: { value: 5, low: null, high: null } }, 'inconclusive'],
  ['no samples', 'p99-signal', { p99Signal: undefined, signalSamples: 0 }, 'untested'],
  ['another limit', 'p99-signal', limited({ p99SignalMs: 25 }), 'inconclusive'],

  ['all found', 'lost', {}, 'pass'],
  ['one lost', 'lost', { reads: reads({ found: 399, lostCount: 1, lost: ['t1'] }) }, 'fail'],
  ['one lost, one may be', 'lost', { reads: reads({ found: 399, lostCount: 1 }), ...limited({ lost: 1 }) }, 'pass'],
  [
    'one not read',
    'lost',
    { reads: reads({ read: 399, found: 399, unread: 1, unreadReason: 'timeout' }) },
    'inconclusive',
  ],
  ['one lost and one not read', 'lost', { reads: reads({ read: 399, lostCount: 1, unread: 1 }) }, 'fail'],
  ['none read', 'lost', { reads: reads({ read: 0, found: 0, unread: 400, unreadReason: 'refused' }) }, 'untested'],
  ['none acknowledged', 'lost', { reads: reads({ acknowledged: 0, read: 0, found: 0 }) }, 'untested'],
  ['some purged, as said', 'lost', { purges: true, reads: reads({ found: 100, purged: 300 }) }, 'pass'],
  ['all purged, as said', 'lost', { purges: true, reads: reads({ found: 0, purged: 400 }) }, 'untested'],

  ['none failed', 'errors', {}, 'pass'],
  ['just below 1 %', 'errors', measured({ successes: 397, errorCount: 3, errors: [failure] }), 'pass'],
  ['1 %', 'errors', measured({ successes: 396, errorCount: 4, errors: [failure] }), 'fail'],
  ['all failed', 'errors', measured({ successes: 0, errorCount: 400, errors: [failure] }), 'fail'],
  ['none ended', 'errors', measured({ successes: 0, errorCount: 0, canceled: 400 }), 'untested'],
  ['none may fail, none failed', 'errors', limited({ errorRate: 0 }), 'pass'],
  [
    'none may fail, one failed',
    'errors',
    { ...measured({ errorCount: 1, errors: [failure] }), ...limited({ errorRate: 0 }) },
    'fail',
  ],

  ['none dropped', 'dropped', {}, 'pass'],
  ['one dropped', 'dropped', { dropped: 1 }, 'fail'],
  ['one dropped, one may be', 'dropped', { dropped: 1, ...limited({ dropped: 1 }) }, 'pass'],
  ['nothing was due', 'dropped', measured({ started: 0 }), 'untested'],
])('%s: %s', ([, id, changes, verdict]) => {
  expect(verdictOf(id, changes).verdict).toBe(verdict);
});

describe('a run that was cut short', () => {
  const cutShort = 'the run was interrupted after 5 s';
  test('shows nothing that holds', () => {
    const results = judgeThresholds({ ...good, cutShort });
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(5).fill('inconclusive'));
    expect(results[0]!.reason).toContain(cutShort);
  });

  test('shows what broke', () => {
    expect(verdictOf('lost', { cutShort, reads: reads({ lostCount: 1, lost: ['t1'] }) }).verdict).toBe('fail');
  });
});

test.for<[readonly ThresholdVerdict[], number, ThresholdVerdict]>([
  [['pass', 'pass'], 0, 'pass'],
  [['pass', 'pass'], 1, 'fail'],
  [['pass', 'fail', 'untested'], 0, 'fail'],
  [['pass', 'inconclusive'], 0, 'inconclusive'],
  [['pass', 'untested'], 0, 'inconclusive'],
  [['inconclusive', 'untested'], 0, 'inconclusive'],
  [['untested', 'untested'], 0, 'untested'],
  [['untested', 'untested'], 2, 'fail'],
  [[], 0, 'untested'],
])('%j with %i broken invariants: %s', ([verdicts, broken, overall]) => {
  expect(overallVerdict(verdicts, broken)).toBe(overall);
});

test('every result says one line, with what to do where there is something to do', () => {
  const bad = judgeThresholds({
    ...good,
    ...measured({
      successes: 10,
      errorCount: 390,
      errors: [{ ...failure, example: 'Too Many Requests, Retry-After: 5' }],
    }),
    reads: reads({ lostCount: 2, lost: ['t1', 't2'] }),
    dropped: 3,
  });
  for (const { reason, demanded } of bad) expect(reason + demanded).not.toContain('\n');
  expect(bad.find(({ id }) => id === 'errors')!.reason).toMatch(/390 of 400 .*HTTP 429.*Retry-After: 5.*--rate/);
  expect(bad.find(({ id }) => id === 'lost')!.reason).toMatch(/t1, t2.*--purges/);
  expect(bad.find(({ id }) => id === 'dropped')!.reason).toContain('all virtual users were busy');
});

test.for([
  [{ outcome: 'http', code: '401', example: '' }, /HTTP 401 .*--bearer/],
  [{ outcome: 'http', code: '503', example: 'Service Unavailable' }, /^HTTP 503: Service Unavailable$/],
  [{ outcome: 'rpc-error', code: '-32603', example: 'oops' }, /^JSON-RPC error -32603: oops$/],
  [{ outcome: 'failed', code: 'TASK_STATE_FAILED', example: '' }, /^ended as TASK_STATE_FAILED$/],
  [{ outcome: 'timeout', code: 'timeout', example: 'no end' }, /^timeout: no end$/],
  [{ outcome: 'transport', code: 'refused', example: '' }, /^transport \(refused\)$/],
] as const)('%j', ([error, expected]) => {
  expect(describeError(error)).toMatch(expected);
});
