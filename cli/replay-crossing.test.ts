import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crossingMutants } from '../mocks/mutants/crossings.ts';
import { startMutant } from '../mocks/mutants/mutant.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { readReport } from '../reports/json.ts';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

const timeout = 900_000;
const file = join('a2a-gauntlet-report', 'report.json');
const agentOptions = { bindings: ['JSONRPC', 'HTTP+JSON'] } as const;

/** The one that nearly every run meets; the matrix has the others. */
const broken = crossingMutants.filter(({ id }) => id === 'races/foreign-tasks-cached');

/** What several clients saw by several interfaces is of no one interface: it is made again all the same. */
test.for(broken)('a finding over several interfaces is made again: $id', { timeout }, async (mutant) => {
  await using folder = await temporaryFolder();
  await using agent = await startMutant(mutant, agentOptions);
  const cli = (...args: readonly string[]) => runCli(args, { cwd: folder.path });
  const explore = async (seed: number) => {
    const budget = ['--runs', '54', '--time', '30s', '--timeout', '2s'];
    const told = ['--suite', 'concurrency', '--stimuli', 'tck', '--seed', String(seed), ...budget];
    const ran = await cli('explore', agent.url, ...told);
    const { findings } = await readReport(join(folder.path, file));
    const index = findings.findIndex(
      ({ interface: ref, counterexample }) => ref === null && counterexample !== undefined,
    );
    return { ran, findings, index };
  };
  let { ran, findings, index } = await explore(1);
  // A race is met by chance: on a busy machine a run may miss it.
  for (let seed = 2; index < 0 && seed <= 6; seed += 1) ({ ran, findings, index } = await explore(seed));
  expect(index, ran.stdout).not.toBe(-1);
  expect(ran.stdout).toContain('on        several interfaces');
  const wanted = String(index);

  const again = await cli('replay', file, wanted);
  await using mended = await startReferenceAgent(agentOptions);
  const fixed = await cli('replay', file, wanted, '--url', mended.url);
  expect(again).toMatchObject({ code: 1, stderr: '' });
  expect(again.stdout).toMatch(/^FAILED .*\n {2}on +several interfaces\n/);
  expect(fixed).toMatchObject({ code: 0, stderr: '' });
  expect(fixed.stdout).toMatch(/^FIXED .*\n {2}on +several interfaces\n/);

  // Beside what can be made again there is what no one case shows: it is named, and not taken for mended.
  const whole = await cli('replay', file, '--url', mended.url);
  const undrawn = findings.filter(
    ({ verdict, counterexample: drawn }) => /fail|warn/.test(verdict) && drawn === undefined,
  );
  for (const { requirement, check } of undrawn)
    expect(whole.stdout).toContain(`NOT MEASURED ${requirement} by ${check}: no one case shows it`);
  expect(whole.code).toBe(undrawn.length === 0 ? 0 : 3);
});
