import { join } from 'node:path';
import { gapsOf } from '../../compose/mutants/gaps.ts';
import { renderHeatMap } from '../../compose/mutants/heat-map.ts';
import type { MatrixReport } from '../../compose/mutants/matrix-report.ts';
import { describeOutcome, isClean, type MutantOutcome } from '../../compose/mutants/matrix.ts';
import { runLayered } from '../../compose/mutants/run-layered.ts';
import { runMutants } from '../../compose/mutants/run-mutants.ts';
import { drawSample } from '../../compose/mutants/scope.ts';
import { toolVersion } from '../../compose/tool-version.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Stimulus } from '../../core/target/behaviours.ts';
import { mutants, suiteMutants } from '../../mocks/mutants/catalogue.ts';
import { writeReportFile } from '../../reports/json.ts';
import { duration, plural } from '../../reports/text.ts';
import type { Io } from '../io.ts';

interface Setting {
  readonly chosen: typeof mutants;
  readonly seed: number;
  readonly concurrency: number | undefined;
  readonly reportDir: string;
  readonly json: boolean;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** What a run showed, beside when and with what it ran. */
type Shown = Pick<MatrixReport, 'target' | 'killed' | 'clean' | 'outcomes' | 'unsteady' | 'untried'>;

const teller = ({ json, io }: Setting): { write(text: string): unknown } => (json ? io.stderr : io.stdout);

function progress(setting: Setting): (outcome: MutantOutcome, done: number, all?: number) => void {
  const say = teller(setting);
  return (outcome, done, all = setting.chosen.length) =>
    say.write(`${String(done).padStart(String(all).length)}/${all} ${describeOutcome(outcome)}\n`);
}

/** Writes the matrix as JSON and as a heat map; returns it with the place of the latter. */
async function write(setting: Setting, startedAt: Date, shown: Shown): Promise<{ report: MatrixReport; page: string }> {
  const { seed, reportDir, json, io } = setting;
  const report: MatrixReport = {
    schemaVersion: '1.0',
    tool: { name: 'a2a-gauntlet', version: toolVersion() },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    seed,
    ...shown,
    gaps: gapsOf(mutants, shown.outcomes),
  };
  const page = join(reportDir, 'mutants.html');
  await writeReportFile(join(reportDir, 'mutants.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeReportFile(page, renderHeatMap(report));
  if (json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return { report, page };
}

const summary = ({ killed, outcomes, durationMs }: MatrixReport, page: string): string =>
  `${killed} of ${plural(outcomes.length, 'mutant')} cleanly killed, ${duration(durationMs)}; heat map: ${page}\n`;

/** Broken reference agents; `sample` percent of them meet the whole catalogue. */
export async function runMatrix(setting: Setting & { readonly sample: number }): Promise<ExitCode> {
  const { chosen, seed, sample, concurrency, signal } = setting;
  const startedAt = new Date();
  const say = teller(setting);
  const ids = chosen.filter(({ suite }) => suite === undefined).map(({ id }) => id);
  const { clean, outcomes, killed, unsteady } = await runMutants({
    mutants: chosen,
    seed,
    whole: drawSample(ids, sample / 100, seed),
    signal,
    ...(concurrency === undefined ? {} : { concurrency }),
    onOutcome: progress(setting),
  });
  const { report, page } = await write(setting, startedAt, {
    target: null,
    killed,
    clean: clean.map(({ profile, accusations }) => ({
      agent: profile,
      accusations: accusations.map(({ check, requirement, reason }) => ({ check, requirement, reason })),
    })),
    outcomes,
    unsteady,
    untried: [],
  });
  const accusations = report.clean.flatMap(({ agent, accusations: of }) => of.map((finding) => ({ agent, finding })));
  for (const { agent, finding } of accusations) {
    say.write(`the clean agent (${agent}) is accused: ${finding.requirement} by ${finding.check}: ${finding.reason}\n`);
  }
  for (const outcome of unsteady) say.write(`unsteady, cleanly killed when alone: ${describeOutcome(outcome)}\n`);
  // Of a part of the mutants most checks kill none.
  if (mutants.every((mutant) => chosen.includes(mutant))) {
    for (const id of report.gaps.idleChecks) say.write(`this check killed nothing: ${id}\n`);
  }
  if (chosen.length === mutants.length) {
    say.write(`not run: ${plural(suiteMutants.length, 'mutant')} of the suites of explore; name them (--list)\n`);
  }
  for (const id of report.gaps.unbrokenRows) say.write(`no mutant breaks this MUST: ${id}\n`);
  say.write(summary(report, page));
  return outcomes.every(isClean) && accusations.length === 0 ? 0 : 1;
}

/** A faulty layer in front of an agent: what is said against the agent itself is known, and no blame for any mutant. */
export async function runLayeredMatrix(
  setting: Setting & { readonly url: string; readonly stimuli: readonly Stimulus[] },
): Promise<ExitCode> {
  const { chosen, seed, url, stimuli, concurrency, signal } = setting;
  const startedAt = new Date();
  const say = teller(setting);
  const { outcomes, killed, accused, untried } = await runLayered({
    url,
    mutants: chosen,
    stimuli,
    seed,
    signal,
    ...(concurrency === undefined ? {} : { concurrency }),
    onOutcome: progress(setting),
  });
  const { report, page } = await write(setting, startedAt, {
    target: url,
    killed,
    clean: [...new Set(accused.map(({ binding }) => binding))].map((agent) => ({
      agent,
      accusations: accused
        .filter(({ binding }) => binding === agent)
        .map(({ finding: { check, requirement, reason } }) => ({ check, requirement, reason })),
    })),
    outcomes,
    unsteady: [],
    untried,
  });
  for (const why of new Set(untried.map((one) => one.why))) {
    const ids = untried.filter((one) => one.why === why).map(({ mutant }) => mutant);
    say.write(`untried, ${why} (${ids.length}): ${ids.join(', ')}\n`);
  }
  say.write(summary(report, page));
  if (outcomes.length === 0) return 3;
  return outcomes.every(isClean) ? 0 : 1;
}
