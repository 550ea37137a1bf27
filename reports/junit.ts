import type { ExperimentVerdict } from '../core/findings/chaos-section.ts';
import type { ThresholdVerdict } from '../core/findings/load-section.ts';
import type { Report, ReportedFinding } from '../core/findings/report.ts';
import { combine } from '../core/findings/verdict.ts';
import { interfaceKey, type InterfaceRef } from '../core/target/target.ts';
import { areaOf, areas } from '../protocol/requirements/row.ts';
import { describeStale } from './baseline.ts';
import { renderEntry } from './chaos.ts';
import { describeDraw } from './explore.ts';
import { headline, interfaceLabel } from './headline.ts';

/*
 * The dialect that CI systems share (`testsuites > testsuite > testcase` with `failure`, `error`, `skipped`): a suite for each
 * area, a case for each requirement × interface with the worst of its findings, a suite of thresholds or experiments of a
 * load or chaos run, and a suite `run` that fails where the run as a whole may not be green though nothing of these failed.
 */

interface Case {
  readonly className: string;
  readonly name: string;
  readonly seconds: number;
  readonly outcome: Outcome;
}

type Outcome =
  | { readonly kind: 'passed'; readonly output?: string }
  | { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string; readonly text: string }
  | { readonly kind: 'skipped'; readonly message: string };

/** The report as JUnit XML. Pure. */
export function renderJUnit(report: Report): string {
  const byArea = Map.groupBy(report.findings, ({ requirement }) => areaOf(requirement));
  const suites = areas.flatMap((area): readonly Suite[] => {
    const found = byArea.get(area) ?? [];
    return found.length === 0 ? [] : [{ name: area, cases: casesOf(found, report) }];
  });
  const all = [...suites, ...sectionSuites(report), { name: 'run', cases: runCases(report) }];
  const total = countsOf(all.flatMap(({ cases }) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: `a2a-gauntlet ${report.target.url}`, ...total, time: seconds(report.durationMs) })}>`,
    ...all.flatMap((suite) => suiteOf(suite, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

/** What a load or chaos run is held to beside the rows: thresholds, and experiments as a whole. */
function sectionSuites({ load, chaos }: Report): readonly Suite[] {
  const thresholds = (load?.thresholds ?? []).map(({ id, verdict, demanded, reason }): Case => {
    const text = `demanded ${demanded}: ${reason}`;
    return { className: 'load', name: `threshold ${id}`, seconds: 0, outcome: sectionOutcome(verdict, reason, text) };
  });
  const experiments = (chaos?.experiments ?? []).map(({ id, title, verdict, reason, durationMs, timeline }): Case => {
    const text = [reason, ...timeline.map((entry) => renderEntry(entry).trim())].join('\n');
    const outcome = sectionOutcome(verdict, reason, text);
    return { className: 'chaos', name: `${id}: ${title}`, seconds: durationMs / 1000, outcome };
  });
  return [
    ...(load === undefined ? [] : [{ name: 'load', cases: thresholds }]),
    ...(chaos === undefined ? [] : [{ name: 'chaos', cases: experiments }]),
  ];
}

/** What was not measured is skipped here; whether the run may be green without it is said by the suite `run`. */
function sectionOutcome(verdict: ThresholdVerdict | ExperimentVerdict, message: string, text: string): Outcome {
  if (verdict === 'pass') return { kind: 'passed' };
  if (verdict === 'fail') return { kind: 'failure', type: verdict, message, text };
  return { kind: 'skipped', message: `${verdict}: ${message}` };
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function casesOf(
  findings: readonly ReportedFinding[],
  { target: { interfaces }, options: { strict } }: Report,
): readonly Case[] {
  const key = ({ requirement, interface: ref, experiment }: ReportedFinding): string =>
    JSON.stringify([requirement, ref === null ? null : interfaceKey(ref), experiment]);
  return [...Map.groupBy(findings, key).values()].map((same): Case => {
    const [first] = same as [ReportedFinding];
    return {
      // Each experiment had an agent of its own.
      className: `${areaOf(first.requirement)}.${first.experiment ?? labelOf(first.interface, interfaces)}`,
      name: `${first.requirement} (${first.level}, ${first.section})`,
      seconds: same.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
      outcome: outcomeOf(same, strict),
    };
  });
}

/**
 * CI systems follow a test over time by class and name, and the port of an agent under test changes with every run: the URL is
 * in them only where the card names two interfaces that are otherwise the same.
 */
function labelOf(ref: InterfaceRef | null, all: readonly InterfaceRef[]): string {
  if (ref === null) return 'card';
  const short = ({ binding, version, tenant }: InterfaceRef): string =>
    [binding, version, ...(tenant === undefined ? [] : [`(tenant ${tenant})`])].join(' ');
  const alike = all.filter((other) => short(other) === short(ref));
  return alike.length > 1 ? interfaceLabel(ref) : short(ref);
}

function outcomeOf(findings: readonly ReportedFinding[], strict: boolean): Outcome {
  // A known failure is not open: what else was found of the row decides.
  const open = findings.filter(({ baseline }) => baseline === undefined);
  const known = findings.find(({ baseline }) => baseline !== undefined);
  const verdict = combine(open.map((finding) => finding.verdict));
  const worst = open.filter((finding) => finding.verdict === verdict);
  const text = worst.map(describe).join('\n\n');
  const [first] = worst;
  if (first !== undefined && verdict === 'error') {
    return { kind: 'error', type: 'error', message: first.reason, text };
  }
  // An ambiguity fails no run, strict or not.
  const counts = verdict === 'fail' || (verdict === 'warn' && strict && worst.some(({ readings }) => !readings));
  if (first !== undefined && counts) return { kind: 'failure', type: verdict, message: first.reason, text };
  if (known !== undefined) return { kind: 'skipped', message: `known failure: ${known.baseline!.reason}` };
  if (first === undefined || verdict === 'pass') return { kind: 'passed' };
  if (verdict === 'warn') return { kind: 'passed', output: `warning: ${text}` };
  const hint = first.hint === undefined ? '' : `; to measure: ${first.hint}`;
  return { kind: 'skipped', message: `${verdict}: ${first.reason}${hint}` };
}

const describe = ({ check, reason, expected, actual, readings, counterexample, curl }: ReportedFinding): string =>
  [
    `${check}: ${reason}`,
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(actual === undefined ? [] : [`actual   ${actual}`]),
    ...(readings ?? []).map((reading) => `reading  ${reading}`),
    ...(counterexample === undefined
      ? []
      : [
          `drawn    ${describeDraw(counterexample)}`,
          ...counterexample.steps.map((step, index) => `${index + 1}. ${step}`),
          ...(counterexample.lanes ?? []),
        ]),
    ...curl,
  ].join('\n');

/** What makes a run end otherwise than with 0 beside its findings: nothing measured, an early end, stale entries. */
function runCases(report: Report): readonly Case[] {
  const { exit, end, baseline, summary, target } = report;
  const { text } = headline(report);
  // What fails a run with 1 or 4 has cases of its own.
  const whole = exit.code !== 0 && exit.code !== 1 && exit.code !== 4;
  const measured: Case = {
    className: 'run',
    name: 'the agent was measured to the end',
    seconds: 0,
    outcome: whole
      ? {
          kind: 'error',
          type: end.kind,
          message: text,
          text: [exit.meaning, ...(end.hint === undefined ? [] : [end.hint])].join('\n'),
        }
      : {
          kind: 'passed',
          output: `${summary.requirements.measured} of ${summary.requirements.applicable} applicable requirements measured`,
        },
  };
  const stale = (baseline?.stale ?? []).map((entry): Case => ({
    className: 'run.baseline',
    name: `the baseline entry of ${entry.requirement} on ${entry.interface} still holds`,
    seconds: 0,
    outcome: {
      kind: 'failure',
      type: 'stale',
      message: 'the known failure is gone: take the entry out',
      text: describeStale(entry, baseline!.path),
    },
  }));
  // Of another binding or version, or left out by the user: named, so that nobody takes them for measured.
  const unmeasured = target.unmeasured.map(({ interface: ref, reason }): Case => ({
    className: 'run.interface',
    name: `${interfaceLabel(ref)} is measured`,
    seconds: 0,
    outcome: { kind: 'skipped', message: reason },
  }));
  return [measured, ...unmeasured, ...stale];
}

const countsOf = (cases: readonly Case[]) => {
  const of = (kind: Outcome['kind']): number => cases.filter(({ outcome }) => outcome.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
};

function suiteOf({ name, cases }: Suite, { startedAt, tool, seed }: Report): readonly string[] {
  const time = cases.reduce((sum, { seconds: own }) => sum + own, 0).toFixed(3);
  // The schema of JUnit's reports has no zone in a timestamp: it is UTC.
  const timestamp = startedAt.replace(/(\.\d+)?Z$/, '');
  return [
    `  <testsuite ${attributes({ name, ...countsOf(cases), time, timestamp })}>`,
    '    <properties>',
    `      <property ${attributes({ name: 'tool', value: `${tool.name} ${tool.version}` })}/>`,
    `      <property ${attributes({ name: 'seed', value: seed })}/>`,
    '    </properties>',
    ...cases.flatMap(caseOf),
    '  </testsuite>',
  ];
}

function caseOf({ className, name, seconds: time, outcome }: Case): readonly string[] {
  const head = `    <testcase ${attributes({ classname: className, name, time: time.toFixed(3) })}`;
  const around = (inner: string): readonly string[] => [`${head}>`, `      ${inner}`, '    </testcase>'];
  switch (outcome.kind) {
    case 'passed':
      return outcome.output === undefined
        ? [`${head}/>`]
        : around(`<system-out>${escape(outcome.output)}</system-out>`);
    case 'skipped':
      return around(`<skipped ${attributes({ message: outcome.message })}/>`);
    case 'failure':
    case 'error': {
      const { kind, type, message, text } = outcome;
      return around(`<${kind} ${attributes({ message, type })}>${escape(text)}</${kind}>`);
    }
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value)).replace(/[\t\n\r]+/g, ' ')}"`)
    .join(' ');

/** Text of XML 1.0: what no document may hold (control characters, lone surrogates) is shown by its code point. */
const escape = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, (character) => {
      return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
    })
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
