import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from '../../core/findings/report.ts';
import { subjects, type Subject } from './subjects.ts';

/** What one run of the check cost the harness's own process; what it checks runs elsewhere. */
interface Sample {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  readonly report: Report;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/a2a-gauntlet.js', import.meta.url));

async function sample(args: readonly string[], { name, codes }: Subject): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-bench-'));
  try {
    const usageFile = join(folder, 'usage.json');
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      ['--import', join(here, 'usage-hook.mjs'), bin, 'check', ...args, '--quiet', '--report-dir', folder],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, A2A_GAUNTLET_USAGE: usageFile } },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (code === null || !codes.includes(code)) throw new Error(`the check of ${name} ended with exit code ${code}`);
    const usage = JSON.parse(await readFile(usageFile, 'utf8')) as Pick<Sample, 'cpuSeconds' | 'peakMebibytes'>;
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
    return { wallSeconds, ...usage, report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `min/median/max`, or the only one. */
function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const text = (index: number): string => sorted[index]!.toFixed(digits);
  return sorted.length === 1 ? text(0) : [0, Math.floor(sorted.length / 2), sorted.length - 1].map(text).join(' / ');
}

function rowOf({ name, demandedSeconds }: Subject, samples: readonly Sample[]): readonly string[] {
  const { exchanges, tasksCreated, summary } = samples.at(-1)!.report;
  const { measured, applicable } = summary.requirements;
  const wall = samples.map(({ wallSeconds }) => wallSeconds);
  return [
    name,
    `≤ ${demandedSeconds}`,
    spread(wall, 2),
    spread(
      samples.map(({ cpuSeconds }) => cpuSeconds),
      2,
    ),
    spread(
      samples.map(({ peakMebibytes }) => peakMebibytes),
      0,
    ),
    `${exchanges}, ${tasksCreated}`,
    `${measured} of ${applicable}`,
    `${summary.fail} fail, ${summary.warn} warn, ${summary.untested} untested`,
  ];
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const columns = [
  'checked',
  'wall, demanded',
  'wall s',
  'CPU s',
  'peak MiB',
  'exchanges, tasks',
  'rows measured',
  'of them',
];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, runs: { type: 'string' } } });
const chosen = subjects.filter(({ name }) => values.only?.some((text) => name.includes(text)) ?? true);

console.log(
  `check, min / median / max; CPU and memory of the harness's own process; Node ${process.version}, ${process.platform}, load before ${loadavg()[0]!.toFixed(1)}\n`,
);
console.log(tableRow(columns));
console.log(tableRow(columns.map(() => '---')));
for (const subject of chosen) {
  const started = await subject.start();
  if ('absent' in started) {
    console.log(tableRow([subject.name, `≤ ${subject.demandedSeconds}`, `not to be had here: ${started.absent}`]));
    continue;
  }
  try {
    const runs = Number(values.runs ?? subject.runs);
    // The file cache, and what an agent makes ready with its first requests.
    if (runs > 1) await sample(started.args, subject);
    const samples: Sample[] = [];
    for (let run = 0; run < runs; run += 1) samples.push(await sample(started.args, subject));
    console.log(tableRow(rowOf(subject, samples)));
  } finally {
    await started.close();
  }
}
