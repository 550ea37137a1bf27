import type { LatencySummary, LoadSection, ThresholdResult } from '../core/findings/load-section.ts';
import { noPaint, type Paint } from './paint.ts';
import { oneLine, plural } from './text.ts';

/** Longest text of an agent that is shown whole; `report.json` has all of it. */
const shown = 300;

/** `report.load` as lines for a terminal. Pure. */
export function renderLoad(section: LoadSection, paint: Paint = noPaint): readonly string[] {
  const lines = [
    paint.strong(`Load: ${loadTitle(section)}`),
    ...offeredLines(section),
    '',
    ...latencyLines(section),
    '',
    ...section.thresholds.map((threshold) => thresholdLine(threshold, paint)),
    ...invariantLines(section, paint),
    ...errorLines(section),
    ...(section.indicative === null ? [] : ['', `Note: ${section.indicative}`]),
  ];
  return lines.map((line) => line.trimEnd());
}

/** `400 tasks/min for 10 min, SendStreamingMessage to http://localhost:4000/rpc`. */
export function loadTitle({ offered, interface: { url }, mode }: LoadSection): string {
  const how = mode === 'streaming' ? 'SendStreamingMessage' : 'SendMessage';
  return `${offered.ratePerMinute} tasks/min for ${span(offered.durationMs)}, ${how} to ${oneLine(url)}`;
}

/** What was generated, sent and read back: name and text. */
export function loadFacts(section: LoadSection): readonly (readonly [string, string])[] {
  const { offered, tasks, generator, finalReads, end } = section;
  const { version, origin, extension, cpuSeconds } = generator;
  const cost = cpuSeconds === null ? '' : `, ${figure(cpuSeconds)} s of processor time`;
  const finished =
    tasks.finishedPerMinute === null ? 'none finished' : `${figure(tasks.finishedPerMinute)}/min finished`;
  const { acknowledged, read, found, lost, purged, unread } = finalReads;
  const extras = [...(purged === 0 ? [] : [`${purged} purged`]), ...(unread === 0 ? [] : [`${unread} not read`])].map(
    (text) => `, ${text}`,
  );
  return [
    ['generator', `k6 ${version} (${origin}), ${extension ? 'with' : 'without'} k6/x/a2a${cost}`],
    [
      'tasks',
      `${offered.started} started (${offered.planned} planned), ${offered.dropped} dropped, ${finished}, ${tasks.events} events`,
    ],
    [
      'read back',
      `${read} of ${acknowledged} acknowledged tasks by GetTask: ${found} found, ${lost} lost${extras.join('')}`,
    ],
    ...(end.kind === 'complete'
      ? []
      : [['ended', `${end.kind}: ${oneLine(end.reason ?? 'no reason given', shown)}`] as const]),
  ];
}

const offeredLines = (section: LoadSection): readonly string[] =>
  loadFacts(section).map(([name, text]) => `  ${name.padEnd(9)}  ${text}`);

export const latencyNames = {
  submit: 'submit',
  firstSignal: 'first signal',
  signal: 'signal',
  completion: 'completion',
  generatorLag: 'generator lag',
} as const;

/** What signal latency is counted from; undefined where there is none. */
export const basisOf = ({ signalBasis }: LoadSection): string | undefined =>
  signalBasis.kind === 'none' ? undefined : `signal latency is ${signalBasis.reason}`;

function latencyLines(section: LoadSection): readonly string[] {
  const head = `  ${'latency in ms'.padEnd(15)}${['p50', 'p90', 'p99', 'max', 'samples'].map((text) => text.padStart(9)).join('')}`;
  const rows = Object.entries(latencyNames).map(([key, name]) =>
    latencyLine(name, section.latency[key as keyof typeof latencyNames]),
  );
  const basis = basisOf(section);
  return [head, ...rows, ...(basis === undefined ? [] : [`  ${basis}`])];
}

function latencyLine(name: string, summary: LatencySummary): string {
  const title = `  ${name.padEnd(15)}`;
  if ('untested' in summary) return `${title} untested: ${oneLine(summary.untested, shown)}`;
  const { p50, p90, p99, max, samples } = summary;
  return title + [...[p50, p90, p99, max].map(figure), String(samples)].map((text) => text.padStart(9)).join('');
}

function thresholdLine({ id, verdict, demanded, reason }: ThresholdResult, paint: Paint): string {
  return `  ${mark(verdict, paint)} ${id.padEnd(12)} ${demanded.padEnd(18)} ${oneLine(reason, shown)}`;
}

function mark(verdict: ThresholdResult['verdict'] | 'warn', paint: Paint): string {
  const word = verdict.padEnd(12);
  if (verdict === 'pass') return paint.good(word);
  return verdict === 'fail' ? paint.bad(word) : paint.doubtful(word);
}

export interface InvariantCounts {
  readonly overall: 'pass' | 'fail' | 'warn' | 'untested';
  readonly text: string;
}

/** All invariants in one line. */
export function countInvariants({ invariants, sampledTasks }: LoadSection): InvariantCounts {
  const count = (wanted: string): number => invariants.filter(({ verdict }) => verdict === wanted).length;
  const [held, failed, warned, unseen] = [count('pass'), count('fail'), count('warn'), count('untested')];
  const overall = failed > 0 ? 'fail' : warned > 0 ? 'warn' : held === 0 ? 'untested' : 'pass';
  const open = unseen === 0 ? '' : `, ${unseen} untested`;
  return {
    overall,
    text: `${held} hold, ${failed + warned} do not${open} (every task by its stream and final read; ${sampledTasks} tasks by all their messages)`,
  };
}

/** What holds is one line; what does not and is no requirement of the text (those are findings) is one line each. */
function invariantLines(section: LoadSection, paint: Paint): readonly string[] {
  const { overall, text } = countInvariants(section);
  return [
    `  ${mark(overall, paint)} invariants   ${text}`,
    ...wrongRules(section).map(
      ({ id, verdict, reason }) => `  ${mark(verdict, paint)} ${id}: ${oneLine(reason, shown)}`,
    ),
  ];
}

/** Rules that do not hold and are of no requirement. */
export const wrongRules = ({ invariants }: LoadSection): LoadSection['invariants'] =>
  invariants.filter(({ requirement, verdict }) => requirement === null && (verdict === 'fail' || verdict === 'warn'));

const errorsShown = 5;

/** Kinds of errors, the most frequent first, and how many are left out. */
export function describeErrors({ errors }: LoadSection): { readonly lines: readonly string[]; readonly left: number } {
  return {
    lines: errors.slice(0, errorsShown).map(({ outcome, code, count, example }) => {
      const named = code === '' || code === outcome ? outcome : `${outcome} ${code}`;
      return `${count} × ${named}${example === '' ? '' : `: ${oneLine(example, shown)}`}`;
    }),
    left: Math.max(0, errors.length - errorsShown),
  };
}

function errorLines(section: LoadSection): readonly string[] {
  const { lines, left } = describeErrors(section);
  if (lines.length === 0) return [];
  return [
    '  errors',
    ...lines.map((line) => `    ${line}`),
    ...(left > 0 ? [`    … and ${plural(left, 'other kind')}`] : []),
  ];
}

/** The outcome of a load in a few words: what broke, or the figures that it held. */
export function loadOutcome({ verdict, broken, thresholds, finalReads, latency, tasks, offered }: LoadSection): string {
  switch (verdict) {
    case 'pass': {
      const p99 = 'untested' in latency.signal ? [] : [`p99 signal ${figure(latency.signal.p99)} ms`];
      const finished = tasks.finishedPerMinute === null ? '' : figure(tasks.finishedPerMinute);
      return [
        `The load held: ${finished} of ${offered.ratePerMinute} tasks/min`,
        ...p99,
        `${finalReads.lost} of ${finalReads.acknowledged} tasks lost`,
      ].join(', ');
    }
    case 'fail':
      return `The load did not hold: ${broken.join(', ')}`;
    case 'inconclusive':
    case 'untested': {
      const open = thresholds.filter((each) => each.verdict === 'inconclusive' || each.verdict === 'untested');
      return `The load is ${verdict}: ${open.map(({ id, verdict: said }) => `${id} ${said}`).join(', ')}`;
    }
  }
}

export function span(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

/** Three digits that mean something. */
export const figure = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
