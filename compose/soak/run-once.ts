import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report, ReportedFinding } from '../../core/findings/report.ts';
import type { Profile } from '../../mocks/reference-agent/settings.ts';
import { readReport } from '../../reports/json.ts';

const bin = fileURLToPath(new URL('../../bin/a2a-gauntlet.js', import.meta.url));

/** More than a run needs on the profile with the most interfaces. */
const maxTasks = 2_000;

/** Many times what a run lasts: one that is not over then hangs. */
const longestMs = 300_000;

/** What speaks against a run of the reference agent: any accusation, and what is untested beyond the committed list. Pure. */
export function foundIn({ end, exit, findings }: Report, expected: ReadonlySet<string>): readonly string[] {
  const line = ({ verdict, requirement, check, interface: ref, reason, actual }: ReportedFinding): string =>
    `${verdict} ${requirement} by ${check}${ref === null ? '' : ` on ${ref.binding}`}: ${reason}${actual === undefined ? '' : ` (${actual})`}`;
  const measured = new Set(findings.filter(({ verdict }) => verdict === 'pass').map(({ requirement }) => requirement));
  const isWrong = ({ verdict, requirement }: ReportedFinding): boolean =>
    verdict === 'untested'
      ? !measured.has(requirement) && !expected.has(requirement)
      : verdict !== 'pass' && verdict !== 'skip';
  return [
    ...(end.kind === 'complete' ? [] : [`the run ended early: ${end.kind}`]),
    ...(exit.code === 0 ? [] : [`exit code ${exit.code}: ${exit.meaning}`]),
    ...new Set(findings.filter(isWrong).map(line)),
  ];
}

export interface RunOnce {
  readonly profile: Profile;
  readonly seed: number;
  readonly folder: string;
  /** Rows of that profile that may stay untested. */
  readonly expected: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** The check of the embedded agent as a user runs it, in a process of its own. Rejects with the signal's reason. */
export async function runOnce({ profile, seed, folder, expected, signal }: RunOnce) {
  const startedAt = performance.now();
  const args = ['check', '--profile', profile, '--seed', String(seed), '--max-tasks', String(maxTasks)];
  const child = spawn(process.execPath, [bin, ...args, '--quiet', '--report-dir', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, longestMs);
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const seconds = (performance.now() - startedAt) / 1_000;
  if (hung) return { seconds, found: [`not over after ${longestMs / 1_000} s`] };
  try {
    const found = foundIn(await readReport(join(folder, 'report.json')), expected);
    return { seconds, found: found.length > 0 || code === 0 ? found : [`ended with ${code}: ${said.trim()}`] };
  } catch (error) {
    return { seconds, found: [`ended with ${code}: ${said.trim() || String(error)}`] };
  }
}
