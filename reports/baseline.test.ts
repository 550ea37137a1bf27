import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportedFinding } from '../core/findings/report.ts';
import {
  applyBaseline,
  describeStale,
  describeUnverified,
  parseBaseline,
  readBaseline,
  type Baseline,
} from './baseline.ts';
import { sampleFinding } from './testing/sample-report.ts';

const parse = (entries: string): Baseline => parseBaseline(`version: 1\nentries:\n${entries}`, 'b.yaml');

describe('reading', () => {
  test('the example is a baseline', async () => {
    const { entries } = await readBaseline(join(import.meta.dirname, '../examples/gauntlet.baseline.yaml'));
    expect(entries).toHaveLength(1);
  });

  test('what is left out has a default', () => {
    expect(parse('  - requirement: envelope/version\n    reason: known\n').entries).toEqual([
      { requirement: 'envelope/version', interface: '*', verdict: 'fail', reason: 'known' },
    ]);
  });

  test('an empty list is one', () => {
    expect(parseBaseline('version: 1\nentries:\n', 'b.yaml').entries).toEqual([]);
    expect(parseBaseline('version: 1\n', 'b.yaml').entries).toEqual([]);
  });

  test.for<[string, string, string]>([
    ['no YAML', 'version: 1\nentries: [\n', 'b.yaml:3: '],
    ['empty', '', 'b.yaml:1: the file has version and entries'],
    ['another version', '# old\nversion: 2\n', 'b.yaml:2: version: is 1'],
    ['no list', 'version: 1\nentries:\n  a: b\n', 'b.yaml:3: entries: is a list'],
    ['an unknown member', 'version: 1\nentry: []\n', 'b.yaml:2: unknown "entry"; '],
    ['no reason', 'version: 1\nentries:\n  - requirement: envelope/version\n', 'b.yaml:3: entries[0].reason: '],
    [
      'an unknown member of an entry',
      'version: 1\nentries:\n  - requirement: envelope/version\n    reason: x\n    row: y\n',
      'b.yaml:5: entries[0]: unknown "row"; ',
    ],
    [
      'a wrong verdict',
      'version: 1\nentries:\n  - requirement: envelope/version\n    reason: x\n    verdict: pass\n',
      'b.yaml:5: entries[0].verdict: is "fail" or "warn"',
    ],
    [
      'an unknown run',
      'version: 1\nentries:\n  - requirement: envelope/version\n    reason: x\n    run: load\n',
      'b.yaml:5: entries[0].run: is "check" or "explore"',
    ],
    [
      'a requirement that does not exist',
      'version: 1\nentries:\n  - requirement: envelope/version\n    reason: x\n  - requirement: nope/nope\n    reason: x\n',
      'b.yaml:5: there is no requirement "nope/nope"; ',
    ],
  ])('%s is named with its line', ([, text, message]) => {
    expect(() => parseBaseline(text, 'b.yaml')).toThrow(
      expect.objectContaining({ name: 'BaselineError', message: expect.stringContaining(message) as string }),
    );
  });

  test('a missing file', async () => {
    await expect(readBaseline('/nowhere.yaml')).rejects.toThrow('the baseline /nowhere.yaml cannot be read (ENOENT)');
  });
});

describe('applying', () => {
  const row = 'envelope/version';
  const entry = (extra = ''): Baseline => parse(`  - requirement: ${row}\n    reason: known\n${extra}`);
  const apply = (findings: ReportedFinding[], baseline: Baseline, complete = true) =>
    applyBaseline(findings, baseline, { run: 'check', complete });
  const drawn = (findings: ReportedFinding[], baseline: Baseline) =>
    applyBaseline(findings, baseline, { run: 'explore', complete: true });
  const grpc = { binding: 'GRPC', version: '1.0', url: 'x' };

  test.for<[string, ReportedFinding[], Baseline, 'expected' | 'stale' | 'unverified']>([
    ['an expected failure', [sampleFinding(row, 'fail')], entry(), 'expected'],
    ['on the named binding', [sampleFinding(row, 'fail')], entry('    interface: JSONRPC\n'), 'expected'],
    ['by the named check', [sampleFinding(row, 'fail')], entry(`    check: ${row}-check\n`), 'expected'],
    ['of the card', [sampleFinding(row, 'fail', { interface: null })], entry(), 'expected'],
    ['an expected warning', [sampleFinding(row, 'warn')], entry('    verdict: warn\n'), 'expected'],
    ['one of two checks fails', [sampleFinding(row, 'pass'), sampleFinding(row, 'fail')], entry(), 'expected'],
    ['it passes now', [sampleFinding(row, 'pass')], entry(), 'stale'],
    ['it only warns now', [sampleFinding(row, 'warn')], entry(), 'stale'],
    ['it fails now where a warning was expected', [sampleFinding(row, 'fail')], entry('    verdict: warn\n'), 'stale'],
    ['untested', [sampleFinding(row, 'untested')], entry(), 'unverified'],
    ['skip', [sampleFinding(row, 'skip')], entry(), 'unverified'],
    ['a fault of the harness', [sampleFinding(row, 'error')], entry(), 'unverified'],
    ['not in the run', [], entry(), 'unverified'],
    [
      'fails on another binding',
      [sampleFinding(row, 'fail', { interface: grpc })],
      entry('    interface: JSONRPC\n'),
      'unverified',
    ],
    ['fails in another check', [sampleFinding(row, 'fail')], entry('    check: other\n'), 'unverified'],
  ])('%s', ([, findings, baseline, outcome]) => {
    const { findings: marked, report } = apply(findings, baseline);
    expect(marked.filter((finding) => finding.baseline !== undefined)).toHaveLength(outcome === 'expected' ? 1 : 0);
    expect(report.stale).toHaveLength(outcome === 'stale' ? 1 : 0);
    expect(report.unverified).toHaveLength(outcome === 'unverified' ? 1 : 0);
  });

  test('a run that left something out calls nothing stale', () => {
    expect(apply([sampleFinding(row, 'pass')], entry(), false).report).toMatchObject({
      stale: [],
      unverified: [{ requirement: row }],
    });
  });

  test.for<[string, ReportedFinding[], string, number, number]>([
    ['what both find is known to it', [sampleFinding(row, 'fail')], '', 1, 0],
    ['what only generated cases find too', [sampleFinding(row, 'fail')], '    run: explore\n', 1, 0],
    ['what only a check finds is not', [sampleFinding(row, 'fail')], '    run: check\n', 0, 0],
    ['what its seed did not draw is not stale', [sampleFinding(row, 'pass')], '    run: explore\n', 0, 1],
    ['nor is what a check finds', [sampleFinding(row, 'pass')], '', 0, 0],
  ])('generated cases: %s', ([, findings, extra, known, unverified]) => {
    const { findings: marked, report } = drawn(findings, entry(extra));
    expect(marked.filter((finding) => finding.baseline !== undefined)).toHaveLength(known);
    expect(report.stale).toEqual([]);
    expect(report.unverified).toHaveLength(unverified);
  });

  test('a check says nothing of what only generated cases find', () => {
    const { findings, report } = apply([sampleFinding(row, 'pass')], entry('    run: explore\n'));
    expect(findings[0]?.baseline).toBeUndefined();
    expect(report).toMatchObject({ stale: [], unverified: [] });
  });

  test('the finding carries reason and link', () => {
    const { findings } = apply([sampleFinding(row, 'fail')], entry('    link: https://example.com/1\n'));
    expect(findings[0]?.baseline).toEqual({ reason: 'known', link: 'https://example.com/1' });
  });

  test('a stale entry says what to do', () => {
    const { report } = apply([sampleFinding(row, 'pass')], entry('    interface: JSONRPC\n'));
    expect(describeStale(report.stale[0]!, report.path)).toBe(
      `b.yaml expects ${row} on JSONRPC to fail, but it was measured and did not: remove the entry`,
    );
  });

  test('one that the run cannot tell of says why', () => {
    const [known] = entry('    interface: JSONRPC\n').entries;
    expect(describeUnverified(known!, [])).toBe(`${row} on JSONRPC was not measured`);
    expect(describeUnverified(known!, [sampleFinding(row, 'pass')])).toBe(
      `${row} on JSONRPC did not fail, but this was not a whole run`,
    );
  });
});
