import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../core/findings/report.ts';
import { startPeer, type Peer } from '../../fixtures/peers/start-peer.ts';
import { readBaseline } from '../../reports/baseline.ts';
import { runCheck } from '../run-check.ts';

const baselineFile = fileURLToPath(new URL('../../fixtures/peers/a2a-js/gauntlet.baseline.yaml', import.meta.url));

let peer: Peer;
let report: Report;

beforeAll(async () => {
  peer = await startPeer('a2a-js', { bindings: ['JSONRPC'] });
  report = await runCheck({
    url: peer.url,
    stimuli: 'tck',
    seed: 1,
    intrusive: true,
    baseline: await readBaseline(baselineFile),
  });
}, 120_000);

afterAll(async () => {
  await peer?.close();
});

const of = (verdict: string): readonly string[] =>
  report.findings
    .filter((finding) => finding.verdict === verdict && finding.baseline === undefined)
    .map(({ requirement, check, reason }) => `${requirement} by ${check}: ${reason}`);

test('it is accused of the bugs that were confirmed, and of nothing else', () => {
  expect(of('fail')).toEqual([]);
  expect(of('error')).toEqual([]);
});

test('no bug of the baseline is gone, and each was looked at', () => {
  expect(report.baseline?.stale).toEqual([]);
  expect(report.baseline?.unverified).toEqual([]);
});

test('every warn names its readings, or is a SHOULD', () => {
  const bare = report.findings.filter(
    ({ verdict, level, readings }) => verdict === 'warn' && level !== 'SHOULD' && readings === undefined,
  );
  expect(bare).toEqual([]);
});

test('nearly everything was elicited and measured', () => {
  const { measured, applicable } = report.summary.requirements;
  expect(applicable - measured).toBeLessThanOrEqual(2);
});
