import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { cleanReport, failingReport, unreachableReport } from '../testing/sample-report.ts';
import { chaosReport, exploreReport, loadReport } from '../testing/sample-runs.ts';
import { reportJsonSchema, reportSchema } from './report-schema.ts';

test('the published JSON Schema is current', async () => {
  const path = join(import.meta.dirname, 'report.schema.json');
  const text = await format(JSON.stringify(reportJsonSchema()), {
    ...(await resolveConfig(path)),
    parser: 'json',
  });
  await expect(text).toMatchFileSnapshot(path);
});

test('it accepts reports, also with members that a later minor version adds, and refuses others', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(reportJsonSchema());
  for (const report of [failingReport, cleanReport, unreachableReport, loadReport, chaosReport, exploreReport]) {
    validate({ ...report, added: 1 });
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...cleanReport, seed: 'x' })).toBe(false);
  expect(validate({ ...cleanReport, findings: undefined })).toBe(false);
});

test('each minor version only adds: what 1.0 demanded is what is demanded now', () => {
  expect(reportSchema.shape.schemaVersion.value).toBe('1.2');
  const { required } = reportJsonSchema() as { readonly required: readonly string[] };
  expect(required.toSorted()).toEqual([
    'baseline',
    'durationMs',
    'end',
    'exchanges',
    'exit',
    'findings',
    'options',
    'schemaVersion',
    'seed',
    'spec',
    'startedAt',
    'summary',
    'target',
    'tasksCreated',
    'tool',
  ]);
});
