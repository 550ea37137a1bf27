import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readReport } from '../reports/json.ts';
import { untilInterrupted } from './interrupts.ts';
import { bin, startCli, temporaryFolder } from './testing/run-cli.ts';
import { cardWith, serve } from './testing/servers.ts';

/** Process ids of the children of a process; Linux only. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Whether a process is there and no zombie. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return !/^\d+ \(.*\) Z /.test(stat);
  } catch {
    return false;
  }
}

describe('Ctrl-C', () => {
  test.skipIf(!existsSync('/proc/self/task'))('leaves no process behind, and a report', async () => {
    await using folder = await temporaryFolder();
    const running = startCli(['check'], { cwd: folder.path });
    await running.saysOnStderr('trying messages');
    const children = await childrenOf(running.child.pid!);
    expect(children).toHaveLength(1);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted: ');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toMatch(/^Interrupted, /m);
    for (const pid of children) expect(await isAlive(pid)).toBe(false);
    const report = await readReport(join(folder.path, 'a2a-gauntlet-report', 'report.json'));
    expect(report).toMatchObject({ end: { kind: 'interrupted' }, exit: { code: 130 } });
  });

  test('in the middle of the checks keeps what was measured', async () => {
    // Only the card answers: the checks of the card are done, the others wait.
    await using server = await serve((request, response) => {
      if (request.method !== 'GET') return;
      const rpc = { url: `http://${request.headers.host}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(cardWith([rpc]));
    });
    await using folder = await temporaryFolder();
    const running = startCli(['check', server.url, '--timeout', '2s', '--concurrency', '64'], { cwd: folder.path });
    await running.saysOnStderr(' checks (');
    running.child.kill('SIGTERM');
    const { code } = await running.ended;
    expect(code).toBe(130);
    const report = await readReport(join(folder.path, 'a2a-gauntlet-report', 'report.json'));
    expect(report.end.kind).toBe('interrupted');
    expect(report.summary.requirements.measured).toBeGreaterThan(0);
    expect(report.findings.some(({ reason }) => reason.includes('the run was interrupted'))).toBe(true);
  });
});

describe('signals within the process', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const interrupted = async (times: readonly number[]) => {
    const written: string[] = [];
    const endAtOnce = vi.fn();
    const now = vi.spyOn(performance, 'now');
    const code = await untilInterrupted(
      { stderr: { write: (text) => written.push(text) } },
      async (signal) => {
        for (const time of times) {
          now.mockReturnValue(time);
          process.emit('SIGINT');
        }
        return signal.aborted ? 130 : 0;
      },
      endAtOnce,
    );
    return { code, written, endAtOnce };
  };

  test('the first aborts, with one line', async () => {
    const { code, written, endAtOnce } = await interrupted([0]);
    expect(code).toBe(130);
    expect(written).toHaveLength(1);
    expect(endAtOnce).not.toHaveBeenCalled();
  });

  test('what npm passes on of the same key press is not a second one', async () => {
    const { endAtOnce } = await interrupted([0, 20]);
    expect(endAtOnce).not.toHaveBeenCalled();
  });

  test('the second ends at once', async () => {
    const { endAtOnce } = await interrupted([0, 20, 1000]);
    expect(endAtOnce).toHaveBeenCalledExactlyOnceWith(130);
  });

  test('work that ends with the reason of the signal is 130, another error is its own', async () => {
    const io = { stderr: { write: () => undefined } };
    const aborted = untilInterrupted(io, async (signal) => {
      process.emit('SIGTERM');
      return signal.throwIfAborted() ?? 0;
    });
    expect(await aborted).toBe(130);
    await expect(untilInterrupted(io, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });
});

test('whoever stops reading does no harm', async () => {
  const child = spawn('bash', ['-c', `set -o pipefail; "$0" "$1" requirements | head -n 1`, process.execPath, bin], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number];
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
