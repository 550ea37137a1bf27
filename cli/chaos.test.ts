import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experiments } from '../chaos/experiments/all.ts';
import { runCli, startCli, temporaryFolder } from './testing/run-cli.ts';

test('an experiment that is not there: one line, exit code 2', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout, stderr } = await runCli(['chaos', 'nope'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^a2a-gauntlet: unknown experiment 'nope'; known are slow-agent, .*\n$/);
});

test('--list names every experiment and its faults', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await runCli(['chaos', '--list'], { cwd: folder.path });
  expect(code).toBe(0);
  for (const { id, method } of experiments) {
    expect(stdout).toContain(`${id}: `);
    for (const { fault } of method) expect(stdout).toContain(fault.description);
  }
});

/** Processes whose environment holds the mark (Linux); what is gone meanwhile is none. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

test.runIf(process.platform === 'linux').for([
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const)('%s while the agent is paused leaves no process', async ([signal, expected]) => {
  await using folder = await temporaryFolder();
  const mark = crypto.randomUUID();
  const running = startCli(['chaos', 'agent-paused'], { cwd: folder.path, env: { A2A_GAUNTLET_TEST: mark } });
  await running.saysOnStderr('agent: paused (SIGSTOP)');
  expect(processesWith(mark).length).toBeGreaterThan(3);
  running.child.kill(signal);
  expect((await running.ended).code).toBe(expected);
  await expect.poll(() => processesWith(mark), { timeout: 15_000 }).toEqual([]);
});
