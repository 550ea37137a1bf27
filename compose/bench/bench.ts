import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../core/findings/report.ts';

/** What one run of the check cost; the embedded agent is a process of its own and not counted. */
interface Sample {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  readonly report: Report;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/a2a-gauntlet.js', import.meta.url));

async function sample(): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-bench-'));
  try {
    const usageFile = join(folder, 'usage.json');
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      ['--import', join(here, 'usage-hook.mjs'), bin, 'check', '--quiet', '--report-dir', folder],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, A2A_GAUNTLET_USAGE: usageFile } },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) throw new Error(`the check of the reference agent ended with exit code ${code}`);
    const usage = JSON.parse(await readFile(usageFile, 'utf8')) as Pick<Sample, 'cpuSeconds' | 'peakMebibytes'>;
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
    return { wallSeconds, ...usage, report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const spread = (values: readonly number[], digits: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): string => sorted[index]!.toFixed(digits);
  return `min ${at(0)}  median ${at(Math.floor(sorted.length / 2))}  max ${at(sorted.length - 1)}`;
};

const runs = 5;
await sample(); // warm-up: the file cache
const samples: Sample[] = [];
for (let run = 0; run < runs; run += 1) samples.push(await sample());
const { report } = samples.at(-1)!;
const { summary } = report;

console.log(`check of the reference agent, ${runs} runs after a warm-up, Node ${process.version}, ${process.platform}`);
console.log(
  `wall s          ${spread(
    samples.map(({ wallSeconds }) => wallSeconds),
    2,
  )}`,
);
console.log(
  `cpu s           ${spread(
    samples.map(({ cpuSeconds }) => cpuSeconds),
    2,
  )}   (the harness's own process)`,
);
console.log(
  `peak MiB        ${spread(
    samples.map(({ peakMebibytes }) => peakMebibytes),
    0,
  )}`,
);
console.log(`exchanges       ${report.exchanges}, tasks created ${report.tasksCreated}`);
console.log(
  `rows            ${summary.requirements.measured} measured of ${summary.requirements.applicable} applicable of ${summary.requirements.total}`,
);
console.log(
  `by row          pass ${summary.pass}, fail ${summary.fail}, warn ${summary.warn}, skip ${summary.skip}, untested ${summary.untested}, error ${summary.error}`,
);
