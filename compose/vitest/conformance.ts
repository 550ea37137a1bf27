import { beforeAll, describe, test } from 'vitest';
import type { Report, ReportedFinding } from '../../core/findings/report.ts';
import { combine } from '../../core/findings/verdict.ts';
import { GuestRefusal } from '../../fixtures/guest/guest-rules.ts';
import { areaOf, isOfPatch, rowsOfPatch } from '../../protocol/requirements/row.ts';
import { describeStale, readBaseline } from '../../reports/baseline.ts';
import { measuredBy, rows } from '../catalogue.ts';
import { runCheck, type RunCheckOptions } from '../run-check.ts';

/** How the checks run inside a Vitest project of the user's own. */
export type ConformanceOptions = Omit<Partial<RunCheckOptions>, 'url' | 'baseline'> & {
  /** The endpoint, or a function that starts it and returns its URL (called once, before the tests). */
  readonly url: string | (() => string | Promise<string>);
  /** A SHOULD that is not met fails its test too. */
  readonly strict?: boolean;
  /** Path of a file of known failures: their tests pass, stale entries fail a test of their own. */
  readonly baseline?: string;
  /** Milliseconds for the whole run; 180 000 by default. */
  readonly runTimeoutMs?: number;
};

const describeFinding = (finding: ReportedFinding): string =>
  [
    `${finding.requirement} (${finding.level}, ${finding.section}) by ${finding.check}`,
    ...(finding.interface === null ? [] : [`on       ${finding.interface.binding} ${finding.interface.url}`]),
    `seen     ${finding.reason}`,
    ...(finding.expected === undefined ? [] : [`expected ${finding.expected}`]),
    ...(finding.actual === undefined ? [] : [`actual   ${finding.actual}`]),
    ...finding.curl,
  ].join('\n');

/** Fails a test with this text alone: an assertion would show the code of this file and a diff that means nothing. */
function fail(lines: readonly string[], name = 'Nonconformance'): never {
  const error = new Error(lines.join('\n'));
  error.name = name;
  error.stack = `${error.name}: ${error.message}`;
  throw error;
}

/**
 * Registers one test per requirement row that can be measured. Interfaces are known only after I/O, so the run happens in
 * `beforeAll` and each test reads its row: `fail` fails it, `skip` and `untested` skip it with the reason. Last tests fail
 * where the agent was not measured to the end, nothing was measured at all, or an entry of the baseline is stale.
 */
export function conformance({ url, baseline, runTimeoutMs = 180_000, ...options }: ConformanceOptions): void {
  describe('A2A conformance', () => {
    let report: Report | undefined;

    beforeAll(async () => {
      const target = typeof url === 'string' ? url : await url();
      const known = baseline === undefined ? {} : { baseline: await readBaseline(baseline) };
      try {
        report = await runCheck({ ...options, ...known, url: target });
      } catch (error) {
        if (!(error instanceof GuestRefusal)) throw error;
        fail([`${error.message}; name it in the option owned if you may test it`], error.name);
      }
    }, runTimeoutMs);

    for (const row of rowsOfPatch(rows, options.specPatch).values()) {
      if (row.unobservable !== undefined || measuredBy(row.id).length === 0) continue;
      if (!isOfPatch(row, options.specPatch)) continue;
      test(`${row.id} (${row.level}, ${row.section})`, (context) => {
        context.task.meta.area = areaOf(row.id);
        const found = (report?.findings ?? []).filter(({ requirement }) => requirement === row.id);
        const verdict = combine(found.map((finding) => finding.verdict));
        const worst = found.filter((finding) => finding.verdict === verdict);
        if (verdict === undefined) context.skip('not part of this run');
        if (verdict === 'skip' || verdict === 'untested') {
          const { reason, hint } = worst[0]!;
          context.skip(`${verdict}: ${reason}${hint === undefined ? '' : `; to measure: ${hint}`}`);
        }
        const bad = worst.filter((finding) => fails(finding, options.strict === true));
        if (bad.length > 0) fail(bad.map(describeFinding));
      });
    }

    test('the agent was measured to the end', () => {
      const problems = report === undefined ? ['the run brought no report'] : problemsOf(report);
      if (problems.length > 0) fail(problems, 'NotMeasured');
    });

    if (baseline === undefined) return;
    test('no entry of the baseline is stale', () => {
      const stale = report?.baseline?.stale ?? [];
      if (stale.length > 0)
        fail(
          stale.map((entry) => describeStale(entry, baseline)),
          'StaleBaseline',
        );
    });
  });
}

/** As for the exit code of `check`: what the baseline knows fails nothing, nor does a warning with more than one reading. */
const fails = ({ verdict, baseline, readings }: ReportedFinding, strict: boolean): boolean =>
  baseline === undefined &&
  (verdict === 'fail' || verdict === 'error' || (verdict === 'warn' && strict && readings === undefined));

function problemsOf({ end, summary }: Report): readonly string[] {
  const { kind, reason, hint } = end;
  const told = [reason, hint].filter((text) => text !== undefined).join('; ');
  const ended = kind === 'complete' ? [] : [`the run ended early (${kind})${told === '' ? '' : `: ${told}`}`];
  return [...ended, ...(summary.requirements.measured === 0 ? ['nothing was measured'] : [])];
}

declare module 'vitest' {
  interface TaskMeta {
    area?: string;
  }
}
