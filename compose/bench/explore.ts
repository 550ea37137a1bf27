import type { SuiteName } from '../../core/findings/explore-section.ts';
import type { ReportedFinding } from '../../core/findings/report.ts';
import { exploreAgent, startAgent } from '../explore-agent.ts';
import { suites } from '../suites.ts';

/*
 * Generated cases on the clean reference agent: what they cost, and that nothing of it is accused, whatever the seed.
 * `node compose/bench/explore.ts <seeds> <runs> [suite]`; races and intermittent faults have figures of their own.
 */

const [seeds = '100', runs = '30', only] = process.argv.slice(2);

const isAccusation = ({ verdict }: ReportedFinding): boolean =>
  verdict === 'fail' || verdict === 'warn' || verdict === 'error';

let failed = 0;
for (const name of suites
  .map(({ name }) => name)
  .filter((name): name is SuiteName =>
    only === undefined ? name !== 'concurrency' && name !== 'exposure' : name === only,
  )) {
  const agent = await startAgent();
  let [cases, commands, requests, milliseconds, unsteady] = [0, 0, 0, 0, 0];
  try {
    for (let seed = 1; seed <= Number(seeds); seed += 1) {
      const { findings, explore } = await exploreAgent(agent, {
        suites: [name],
        seed,
        runs: Number(runs),
        timeMs: 600_000,
      });
      const [figures] = explore?.suites ?? [];
      if (figures === undefined || figures.end !== 'runs') throw new Error(`seed ${seed} ended by ${figures?.end}`);
      cases += figures.runs;
      commands += figures.commands;
      requests += figures.requests;
      milliseconds += figures.durationMs;
      unsteady += figures.unsteady;
      for (const { requirement, interface: ref, check, reason, counterexample } of findings.filter(isAccusation)) {
        failed += 1;
        console.log(`seed ${seed}: ${requirement} by ${check} on ${ref?.binding ?? 'all'}: ${reason}`);
        for (const step of counterexample?.steps ?? []) console.log(`  ${step}`);
      }
    }
  } finally {
    await agent.close();
  }
  const each = (count: number): string => ((count * 1000) / milliseconds).toFixed(0);
  console.log(
    `${name}: ${seeds} seeds, ${cases} cases, ${requests} requests (${each(requests)} a second)` +
      `${commands === 0 ? '' : `, ${commands} commands (${each(commands)} a second)`}, ${unsteady} unsteady, ${failed} findings`,
  );
}
process.exitCode = failed === 0 ? 0 : 1;
