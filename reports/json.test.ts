import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseReport, readReport, ReportFileError, toJson, writeReportFile } from './json.ts';
import { cleanReport, failingReport, unreachableReport } from './testing/sample-report.ts';
import { chaosReport, loadReport } from './testing/sample-runs.ts';

test.for([failingReport, cleanReport, unreachableReport, loadReport, chaosReport])(
  'a written report reads back the same',
  async (report) => {
    const folder = await mkdtemp(join(tmpdir(), 'gauntlet-report-'));
    try {
      const path = join(folder, 'made/on/the/way/report.json');
      await writeReportFile(path, toJson(report));
      expect(await readReport(path)).toEqual(JSON.parse(JSON.stringify(report)));
      expect(await readdir(join(path, '..'))).toEqual(['report.json']);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('a later minor version is read, what it adds is ignored', () => {
  const later = { ...cleanReport, schemaVersion: '1.7', added: true, target: { ...cleanReport.target, added: 1 } };
  expect(parseReport(JSON.stringify(later), 'r.json')).toEqual(cleanReport);
});

test('a report of 1.0 is read: what came later is optional', () => {
  const { load: _, ...earlier } = { ...loadReport, schemaVersion: '1.0' };
  expect(parseReport(JSON.stringify(earlier), 'r.json')).toEqual({ ...earlier, schemaVersion: '1.2' });
});

describe('what is no report is named in one line', () => {
  test.for<[string, string, RegExp]>([
    ['no JSON', '{', /^r\.json is no JSON: /],
    ['another document', '{"name":"x"}', /^r\.json is no report: it has no schemaVersion$/],
    ['null', 'null', /no schemaVersion/],
    ['a later major version', '{"schemaVersion":"2.0"}', /schema 2\.0; this version reads 1\.x$/],
    ['a wrong member', JSON.stringify({ ...cleanReport, seed: 'x' }), /no valid report at seed: /],
    [
      'a wrong member deep inside',
      JSON.stringify({ ...failingReport, findings: [{ ...failingReport.findings[0], verdict: 'ok' }] }),
      /at findings\[0\]\.verdict: /,
    ],
    [
      'a load that is none',
      JSON.stringify({ ...loadReport, load: { ...loadReport.load, verdict: 'green' } }),
      /at load\.verdict: /,
    ],
  ])('%s', ([, text, message]) => {
    expect(() => parseReport(text, 'r.json')).toThrow(
      expect.objectContaining({ name: 'ReportFileError', message: expect.stringMatching(message) as string }),
    );
  });

  test('a missing file', async () => {
    await expect(readReport('/nowhere/report.json')).rejects.toThrow(
      new ReportFileError('cannot read the report /nowhere/report.json: there is no such file'),
    );
  });
});
