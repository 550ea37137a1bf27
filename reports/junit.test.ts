import { join } from 'node:path';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { Report, ReportedFinding } from '../core/findings/report.ts';
import { renderJUnit } from './junit.ts';
import { cleanReport, failingReport, jsonRpc, sampleFinding, unreachableReport } from './testing/sample-report.ts';
import { brokenLoadReport, chaosReport, exploreReport, loadReport } from './testing/sample-runs.ts';

interface Parsed {
  readonly testsuites: Counts & {
    readonly testsuite: readonly (Counts & { readonly testcase: readonly TestCase[] })[];
  };
}
interface Counts {
  readonly '@tests': string;
  readonly '@failures': string;
  readonly '@errors': string;
  readonly '@skipped': string;
}
interface TestCase {
  readonly '@name': string;
  readonly '@classname': string;
  readonly failure?: unknown;
  readonly error?: unknown;
  readonly skipped?: { readonly '@message': string };
  readonly 'system-out'?: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === 'testsuite' || name === 'testcase',
});

const parse = (report: Report): Parsed => {
  const text = renderJUnit(report);
  expect(XMLValidator.validate(text)).toBe(true);
  return parser.parse(text) as Parsed;
};

const casesOf = (report: Report): readonly TestCase[] =>
  parse(report).testsuites.testsuite.flatMap(({ testcase }) => testcase);

const only = (...findings: readonly ReportedFinding[]): TestCase =>
  casesOf({ ...cleanReport, findings }).find(({ '@name': name }) => name.includes('('))!;

test.for<[string, Report]>([
  ['junit-failing.xml', failingReport],
  ['junit-clean.xml', cleanReport],
  ['junit-unreachable.xml', unreachableReport],
  ['junit-load.xml', loadReport],
  ['junit-load-broken.xml', brokenLoadReport],
  ['junit-chaos.xml', chaosReport],
  ['junit-explore.xml', exploreReport],
])('%s', async ([file, report]) => {
  await expect(renderJUnit(report)).toMatchFileSnapshot(join(import.meta.dirname, 'golden', file));
});

test('the counts are those of the cases', () => {
  const { testsuites } = parse(failingReport);
  const cases = testsuites.testsuite.flatMap(({ testcase }) => testcase);
  expect(testsuites).toMatchObject({
    '@tests': String(cases.length),
    '@failures': String(cases.filter(({ failure }) => failure !== undefined).length),
    '@errors': String(cases.filter(({ error }) => error !== undefined).length),
    '@skipped': String(cases.filter(({ skipped }) => skipped !== undefined).length),
  });
  expect(testsuites['@failures']).toBe('2');
});

test('a run in which nothing was measured is not green', () => {
  expect(casesOf(unreachableReport).some(({ error }) => error !== undefined)).toBe(true);
});

test('a row of several checks is one case, as bad as the worst; another interface is another case', () => {
  const row = 'errors/get-unknown-task';
  const elsewhere = { interface: { ...jsonRpc, url: 'http://127.0.0.1:4001/rpc' } };
  const cases = casesOf({
    ...cleanReport,
    findings: [
      sampleFinding(row, 'pass', { check: 'a' }),
      sampleFinding(row, 'fail', { check: 'b', reason: 'refused in another way' }),
      sampleFinding(row, 'pass', elsewhere),
    ],
  }).filter(({ '@name': name }) => name.startsWith(row));
  expect(cases.map(({ failure }) => failure !== undefined)).toEqual([true, false]);
});

test('a case keeps its name when the agent is at another port', () => {
  const moved = { ...jsonRpc, url: 'http://127.0.0.1:4999/rpc' };
  const names = [jsonRpc, moved].map((ref) =>
    casesOf({
      ...cleanReport,
      target: { ...cleanReport.target, interfaces: [ref] },
      findings: [sampleFinding('errors/parse-error', 'pass', { interface: ref })],
    }).map(({ '@classname': className, '@name': name }) => [className, name]),
  );
  expect(names[0]).toEqual(names[1]);
});

test('interfaces that differ in nothing else are told apart by their URL', () => {
  const interfaces = [jsonRpc, { ...jsonRpc, url: 'http://127.0.0.1:4999/rpc' }];
  const findings = interfaces.map((ref) => sampleFinding('errors/parse-error', 'pass', { interface: ref }));
  const cases = casesOf({ ...cleanReport, target: { ...cleanReport.target, interfaces }, findings });
  expect(new Set(cases.map(({ '@classname': className }) => className)).size).toBe(cases.length);
});

test.for<[string, readonly ReportedFinding[], Partial<TestCase>]>([
  [
    'a known failure is skipped, and says why',
    [sampleFinding('errors/parse-error', 'fail', { baseline: { reason: 'answers -32600' } })],
    { skipped: { '@message': 'known failure: answers -32600' } },
  ],
  [
    'untested says what would enable it',
    [sampleFinding('get/history-length', 'untested', { reason: 'no message', hint: '--stimuli <file>' })],
    { skipped: { '@message': 'untested: no message; to measure: --stimuli <file>' } },
  ],
  [
    'a warning passes, and is told',
    [sampleFinding('errors/missing-required-field', 'warn', { check: 'x', reason: 'accepted' })],
    { 'system-out': 'warning: x: accepted' },
  ],
])('%s', ([, findings, expected]) => {
  expect(only(...findings)).toMatchObject(expected);
  expect(only(...findings)).not.toHaveProperty('failure');
});

test('an unknown failure beside a known one fails', () => {
  const row = 'errors/parse-error';
  const known = sampleFinding(row, 'fail', { baseline: { reason: 'known' }, check: 'a' });
  expect(only(known, sampleFinding(row, 'fail', { check: 'b' }))).toHaveProperty('failure');
});

test('a warning fails where warnings count, but not one with readings', () => {
  const strict = (...findings: readonly ReportedFinding[]) =>
    casesOf({ ...cleanReport, options: { ...cleanReport.options, strict: true }, findings })[0];
  expect(strict(sampleFinding('errors/missing-required-field', 'warn'))).toHaveProperty('failure');
  expect(strict(sampleFinding('errors/missing-required-field', 'warn', { readings: ['a', 'b'] }))).not.toHaveProperty(
    'failure',
  );
});

test('whatever an agent says, the document is well-formed', () => {
  const said = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<!--', '&#0;', '\u0000\ud800"\uffff'));
  fc.assert(
    fc.property(said, said, (reason, actual) => {
      const finding = sampleFinding('errors/parse-error', 'fail', { reason, actual, curl: [actual] });
      expect(XMLValidator.validate(renderJUnit({ ...cleanReport, findings: [finding] }))).toBe(true);
    }),
  );
});

test('of a chaos run each experiment has cases of its own: their agents are not the same', () => {
  const [finding] = chaosReport.findings;
  const twice = [finding!, { ...finding!, verdict: 'pass', experiment: 'slow-agent' } as const];
  const classes = casesOf({ ...chaosReport, findings: twice }).map(({ '@classname': name }) => name);
  expect(classes).toEqual(expect.arrayContaining(['get.agent-killed', 'get.slow-agent']));
});
