import type { LatencySummary, LoadSection } from './section.ts';
import type { ThresholdResult } from './verdict.ts';

/** How the parts of a text are marked; by default not at all. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly strong: (text: string) => string;
}

const plain = (text: string): string => text;
export const noPaint: Paint = { good: plain, bad: plain, doubtful: plain, strong: plain };

/** `report.load` as text for a terminal, one line an item. Pure. */
export function renderLoad(section: LoadSection, paint: Paint = noPaint): string {
  const lines = [
    paint.strong(`Load: ${headline(section)}`),
    ...offered(section),
    '',
    ...latencies(section),
    '',
    ...section.thresholds.map((threshold) => thresholdLine(threshold, paint)),
    ...invariants(section, paint),
    ...errors(section),
    '',
    verdictLine(section, paint),
    ...(section.indicative === null ? [] : [`Note: ${section.indicative}`]),
  ];
  return lines.join('\n');
}

function headline({ offered: { ratePerMinute, durationMs }, interface: { url }, mode }: LoadSection): string {
  const how = mode === 'streaming' ? 'SendStreamingMessage' : 'SendMessage';
  return `${ratePerMinute} tasks/min for ${duration(durationMs)}, ${how} to ${url}`;
}

function offered({ offered: { started, planned, dropped }, tasks, generator, finalReads, end }: LoadSection): string[] {
  const { version, origin, extension, cpuSeconds } = generator;
  const cost = cpuSeconds === null ? '' : `, ${number(cpuSeconds)} s of processor time`;
  const finished =
    tasks.finishedPerMinute === null ? 'none finished' : `${number(tasks.finishedPerMinute)}/min finished`;
  const { acknowledged, read, found, lost, purged, unread } = finalReads;
  const extras = [...(purged === 0 ? [] : [`${purged} purged`]), ...(unread === 0 ? [] : [`${unread} not read`])].map(
    (text) => `, ${text}`,
  );
  return [
    `  generator  k6 ${version} (${origin}), ${extension ? 'with' : 'without'} k6/x/a2a${cost}`,
    `  tasks      ${started} started (${planned} planned), ${dropped} dropped, ${finished}, ${tasks.events} events`,
    `  read back  ${read} of ${acknowledged} acknowledged tasks by GetTask: ${found} found, ${lost} lost${extras.join('')}`,
    ...(end.kind === 'complete' ? [] : [`  ended      ${end.kind}: ${end.reason ?? 'no reason given'}`]),
  ];
}

const names = {
  submit: 'submit',
  firstSignal: 'first signal',
  signal: 'signal',
  completion: 'completion',
  generatorLag: 'generator lag',
} as const;

function latencies({ latency, signalBasis }: LoadSection): string[] {
  const head = `  ${'latency in ms'.padEnd(15)}${['p50', 'p90', 'p99', 'max', 'samples'].map((text) => text.padStart(9)).join('')}`;
  const rows = Object.entries(names).map(([key, name]) => row(name, latency[key as keyof typeof names]));
  return [head, ...rows, ...(signalBasis.kind === 'none' ? [] : [`  signal latency is ${signalBasis.reason}`])];
}

function row(name: string, summary: LatencySummary): string {
  const title = `  ${name.padEnd(15)}`;
  if ('untested' in summary) return `${title} untested: ${summary.untested}`;
  const { p50, p90, p99, max, samples } = summary;
  return title + [...[p50, p90, p99, max].map(number), String(samples)].map((text) => text.padStart(9)).join('');
}

function thresholdLine({ id, verdict, demanded, reason }: ThresholdResult, paint: Paint): string {
  return `  ${mark(verdict, paint)} ${id.padEnd(12)} ${demanded.padEnd(18)} ${reason}`;
}

function mark(verdict: ThresholdResult['verdict'] | 'warn', paint: Paint): string {
  const word = verdict.padEnd(12);
  if (verdict === 'pass') return paint.good(word);
  return verdict === 'fail' ? paint.bad(word) : paint.doubtful(word);
}

/** What holds is one line; what does not is one line each. */
function invariants({ invariants: all, sampledTasks }: LoadSection, paint: Paint): string[] {
  const wrong = all.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const held = all.filter(({ verdict }) => verdict === 'pass').length;
  const unseen = all.filter(({ verdict }) => verdict === 'untested').length;
  const summary = `invariants   ${held} hold, ${wrong.length} do not${unseen === 0 ? '' : `, ${unseen} untested`} (every task by its stream and final read; ${sampledTasks} tasks by all their messages)`;
  const broken = wrong.some(({ verdict }) => verdict === 'fail');
  const overall = broken ? 'fail' : wrong.length > 0 ? 'warn' : held === 0 ? 'untested' : 'pass';
  return [
    `  ${mark(overall, paint)} ${summary}`,
    ...wrong.map(({ id, requirement, verdict, reason }) => {
      const named = requirement === null || id.endsWith(requirement) ? id : `${id} (${requirement})`;
      return `  ${mark(verdict, paint)} ${named}: ${reason}`;
    }),
  ];
}

function errors({ errors: all }: LoadSection): string[] {
  if (all.length === 0) return [];
  const shown = 5;
  const lines = all
    .slice(0, shown)
    .map(
      ({ outcome, code, count, example }) =>
        `    ${String(count).padStart(6)} × ${outcome}${code === '' ? '' : ` ${code}`}${example === '' ? '' : `: ${example}`}`,
    );
  return ['  errors', ...lines, ...(all.length > shown ? [`    … and ${all.length - shown} other kinds`] : [])];
}

function verdictLine({ verdict, broken, thresholds }: LoadSection, paint: Paint): string {
  switch (verdict) {
    case 'pass':
      return paint.good('Load verdict: pass');
    case 'fail':
      return paint.bad(`Load verdict: fail, broken: ${broken.join(', ')}`);
    case 'inconclusive':
    case 'untested': {
      const open = thresholds.filter((each) => each.verdict === 'inconclusive' || each.verdict === 'untested');
      return paint.doubtful(
        `Load verdict: ${verdict} (${open.map(({ id, verdict: said }) => `${id} ${said}`).join(', ')})`,
      );
    }
  }
}

function duration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

/** Three digits that mean something. */
const number = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
