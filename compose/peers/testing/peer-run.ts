import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../../core/findings/report.ts';
import type { PeerBinding, PeerName } from '../../../fixtures/peers/peer-kind.ts';
import { orSkip, startTestPeer, type TestPeer } from '../../../fixtures/peers/testing/test-peer.ts';
import { readBaseline } from '../../../reports/baseline.ts';
import { runCheck } from '../../run-check.ts';

export interface PeerRun {
  /** The interfaces that the card names, so that they are checked. */
  readonly bindings: readonly PeerBinding[];
  /** Applicable requirements that stay unmeasured, each explained in docs/peers.md. */
  readonly unmeasured: readonly string[];
}

const baselineFile = (name: PeerName): string =>
  fileURLToPath(new URL(`../../../fixtures/peers/${name}/gauntlet.baseline.yaml`, import.meta.url));

/** Checks a peer as a user would, and holds the report to what was found in it. */
export function describePeerRun(name: PeerName, { bindings, unmeasured }: PeerRun): void {
  describe(`the checks on the agent of ${name}`, () => {
    let peer: TestPeer;
    let report: Report;

    beforeAll(async () => {
      peer = await startTestPeer(name, { bindings });
      if ('absent' in peer) return;
      report = await runCheck({
        url: peer.url,
        stimuli: 'tck',
        seed: 1,
        intrusive: true,
        // Three interfaces share one allowance.
        maxTasks: 2_000,
        baseline: await readBaseline(baselineFile(name)),
      });
    }, 900_000);

    beforeEach(({ skip }) => void orSkip(peer, skip));

    afterAll(async () => {
      if (peer !== undefined && 'close' in peer) await peer.close();
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

    test('everything was elicited and measured, but for what is explained', () => {
      const measured = new Set(
        report.findings
          .filter(({ verdict }) => verdict !== 'skip' && verdict !== 'untested' && verdict !== 'error')
          .map(({ requirement }) => requirement),
      );
      const untested = report.findings
        .filter(({ verdict, requirement }) => verdict === 'untested' && !measured.has(requirement))
        .map(({ requirement }) => requirement);
      expect([...new Set(untested)].filter((requirement) => !unmeasured.includes(requirement))).toEqual([]);
    });
  });
}
