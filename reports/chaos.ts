import type { ChaosSection, ExperimentResult, TimelineEntry } from '../core/findings/chaos-section.ts';
import { noPaint, type Paint } from './paint.ts';
import { oneLine, plural } from './text.ts';

/** Longest text of an agent that is shown whole; `report.json` has all of it. */
const shown = 300;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** A time for people: `12 ms`, `1.40 s`. */
export const elapsed = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : seconds(ms));

/** One line of a timeline: `  +1.02 s  fault        agent: killed (SIGKILL)`. */
export const renderEntry = ({ atMs, kind, text }: TimelineEntry): string =>
  `  ${`+${seconds(atMs)}`.padStart(8)}  ${kind.padEnd(11)}  ${oneLine(text, shown)}`;

const known = (ms: number | null, otherwise: string): string => (ms === null ? otherwise : elapsed(ms));

/** What became of its tasks. */
export function taskCounts({ tasks: { sent, resent, acknowledged, completed, lost } }: ExperimentResult): string {
  const read = completed === null || lost === null ? 'not read back' : `${completed} completed, ${lost} lost`;
  return `${acknowledged} of ${sent} tasks acknowledged (${resent} sent again), ${read}`;
}

/** What broke, contracts before rows of the text. */
export const brokenOf = ({ invariants }: ExperimentResult): ExperimentResult['invariants'] =>
  invariants.filter(({ verdict }) => verdict === 'fail');

/** What became of one experiment, in lines. */
export function renderExperiment(result: ExperimentResult, paint: Paint = noPaint): readonly string[] {
  const { id, title, verdict, reason, faults, after, detectMs, recoverMs, invariants } = result;
  const word = verdict.toUpperCase();
  const painted = verdict === 'pass' ? paint.good(word) : verdict === 'fail' ? paint.bad(word) : paint.doubtful(word);
  const held = invariants.filter((each) => each.verdict === 'pass').length;
  const times =
    faults.length === 0
      ? 'no fault took effect'
      : `noticed after ${known(detectMs, '- (no client noticed)')}, recovered after ${known(recoverMs, after === null ? '- (not waited for)' : '- (not in time)')}`;
  return [
    `${painted}  ${id}: ${title}`,
    `  ${taskCounts(result)}`,
    `  ${times}, ${plural(held, 'invariant')} hold`,
    ...(verdict === 'inconclusive' || verdict === 'interrupted' ? [`  ${oneLine(reason, shown)}`] : []),
    ...brokenOf(result).flatMap((each) => [
      `  broken: ${each.id} (${each.provenance}): ${each.title}`,
      `          ${oneLine(each.reason, shown)}`,
    ]),
  ];
}

/** How late faults were; undefined where there were none. */
export function lagLine({ effectLag: { samples, medianMs, maxMs } }: ChaosSection): string | undefined {
  if (medianMs === null || maxMs === null) return undefined;
  const [median, most] = [medianMs, maxMs].map((ms) => `${ms.toFixed(1)} ms`);
  return `faults took effect ${median} after their moment (median of ${samples}; at most ${most})`;
}

/** `report.chaos` as blocks of lines for a terminal. Pure. */
export function renderChaos(section: ChaosSection, paint: Paint = noPaint): readonly (readonly string[])[] {
  const lag = lagLine(section);
  return [
    ...section.experiments.map((result) => renderExperiment(result, paint)),
    ...(lag === undefined ? [] : [[lag]]),
  ];
}

/** The outcome of a chaos run in a few words. */
export function chaosOutcome({ experiments, broken, verdict }: ChaosSection): string {
  const passed = experiments.filter((each) => each.verdict === 'pass').length;
  const counted = `${passed} of ${plural(experiments.length, 'experiment')} passed`;
  if (verdict === 'pass') return `Every hypothesis held: ${counted}`;
  if (verdict === 'fail') return `Not everything survived: ${counted}, broken: ${broken.join(', ')}`;
  const open = experiments.filter((each) => each.verdict !== 'pass').map((each) => `${each.id} ${each.verdict}`);
  return `Inconclusive: ${[counted, ...open].join(', ')}`;
}
