import { beforeAll, describe, expect, test } from 'vitest';
import type { Report, ReportedFinding } from '../../core/findings/report.ts';
import { combine } from '../../core/findings/verdict.ts';
import { areaOf } from '../../protocol/requirements/row.ts';
import { measuredBy, rows } from '../catalogue.ts';
import { runCheck, type RunCheckOptions } from '../run-check.ts';

/** How the checks run inside a Vitest project of the user's own. */
export type ConformanceOptions = Omit<Partial<RunCheckOptions>, 'url'> & {
  /** The endpoint, or a function that starts it and returns its URL (called once, before the tests). */
  readonly url: string | (() => string | Promise<string>);
  /** A SHOULD that is not met fails its test too. */
  readonly strict?: boolean;
};

const describeFinding = (finding: ReportedFinding): string =>
  [
    `${finding.requirement} (${finding.level}, ${finding.section}) by ${finding.check}: ${finding.reason}`,
    ...(finding.expected === undefined ? [] : [`expected ${finding.expected}`]),
    ...(finding.actual === undefined ? [] : [`actual   ${finding.actual}`]),
    ...finding.curl,
  ].join('\n');

/**
 * Registers one test per requirement row that can be measured. Interfaces are known only after I/O, so the run happens in
 * `beforeAll` and each test reads its row: `fail` fails it, `skip` and `untested` skip it with the reason. A last test
 * fails where nothing was measured at all.
 */
export function conformance({ url, strict = false, ...options }: ConformanceOptions): void {
  describe('A2A conformance', () => {
    let report: Report | undefined;

    beforeAll(async () => {
      const target = typeof url === 'string' ? url : await url();
      report = await runCheck({ ...options, url: target });
    }, 180_000);

    for (const row of rows.values()) {
      if (row.unobservable !== undefined || measuredBy(row.id).length === 0) continue;
      test(`${row.id} (${row.level}, ${row.section})`, (context) => {
        context.task.meta.area = areaOf(row.id);
        const found = (report?.findings ?? []).filter(({ requirement }) => requirement === row.id);
        const verdict = combine(found.map((finding) => finding.verdict));
        const worst = found.filter((finding) => finding.verdict === verdict && finding.baseline === undefined);
        if (verdict === undefined) context.skip('not part of this run');
        if (verdict === 'skip' || verdict === 'untested') context.skip(`${verdict}: ${found[0]!.reason}`);
        const bad = verdict === 'fail' || verdict === 'error' || (verdict === 'warn' && strict);
        expect(bad ? worst.map(describeFinding) : []).toEqual([]);
      });
    }

    test('something was measured', () => {
      expect(report?.summary.requirements.measured ?? 0).toBeGreaterThan(0);
    });
  });
}

declare module 'vitest' {
  interface TaskMeta {
    area?: string;
  }
}
