import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../../core/findings/report.ts';
import { peerBindings, type PeerName } from '../../../fixtures/peers/peer-kind.ts';
import { orSkip, startTestPeer, type TestPeer } from '../../../fixtures/peers/testing/test-peer.ts';
import { readBaseline } from '../../../reports/baseline.ts';
import { runExplore } from '../../run-explore.ts';

const baselineFile = (name: PeerName): string =>
  fileURLToPath(new URL(`../../../fixtures/peers/${name}/gauntlet.baseline.yaml`, import.meta.url));

/** A few cases of each suite of one client; what several clients show is a matter of luck, and stands in docs/peers.md. */
const suites = [
  { suite: 'properties', runs: 60 },
  { suite: 'state-machine', runs: 8 },
] as const;

/** Draws cases for a peer as a user would, and holds what they show to its baseline. */
export function describePeerExploration(name: PeerName): void {
  describe(`generated cases on the agent of ${name}`, () => {
    let peer: TestPeer;

    beforeAll(async () => {
      peer = await startTestPeer(name, { bindings: peerBindings });
    }, 900_000);

    beforeEach(({ skip }) => void orSkip(peer, skip));

    afterAll(async () => {
      if (peer !== undefined && 'close' in peer) await peer.close();
    });

    test.for(suites)('$suite: what is known, and nothing else', { timeout: 240_000 }, async ({ suite, runs }) => {
      if ('absent' in peer) return;
      const report: Report = await runExplore({
        url: peer.url,
        stimuli: 'tck',
        suites: [suite],
        runs,
        seed: 1,
        timeMs: 45_000,
        maxTasks: 5_000,
        baseline: await readBaseline(baselineFile(name)),
      });
      const open = report.findings.filter(
        ({ verdict, baseline }) => (verdict === 'fail' || verdict === 'error') && baseline === undefined,
      );
      const told = open.map(({ requirement, check, reason, counterexample }) => ({
        what: `${requirement} by ${check}: ${reason}`,
        steps: counterexample?.steps,
      }));
      expect({ seed: report.seed, told }).toEqual({ seed: report.seed, told: [] });
      expect(report.exit.code).toBe(0);
      expect(report.explore?.suites[0]?.runs).toBeGreaterThan(0);
      expect(report.summary.pass).toBeGreaterThan(0);
    });
  });
}
