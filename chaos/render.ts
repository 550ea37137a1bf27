import type { ChaosSection, ExperimentResult } from './section.ts';
import type { TimelineEntry } from './timeline.ts';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** A time for people: `12 ms`, `1.40 s`. */
export const duration = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : seconds(ms));

/** One line of a timeline: `  +1.02 s  fault       agent: killed (SIGKILL)`. */
export const renderEntry = ({ atMs, kind, text }: TimelineEntry): string =>
  `  ${`+${seconds(atMs)}`.padStart(8)}  ${kind.padEnd(10)}  ${text}`;

const known = (ms: number | null, otherwise: string): string => (ms === null ? otherwise : duration(ms));

/** What became of one experiment, in lines. */
export function renderExperiment(result: ExperimentResult): string {
  const { id, title, verdict, reason, detectMs, recoverMs, tasks, invariants } = result;
  const measured = invariants.filter((each) => each.verdict === 'pass').length;
  const lines = [
    `${verdict.toUpperCase()}  ${id}: ${title}`,
    `  ${tasks.acknowledged} of ${tasks.sent} tasks acknowledged (${tasks.resent} sent again), ${tasks.completed} completed, ${tasks.lost} lost`,
    `  noticed after ${known(detectMs, '- (no client noticed)')}, recovered after ${known(recoverMs, '- (not in time)')}, ${measured} invariants hold`,
  ];
  if (verdict === 'inconclusive') lines.push(`  ${reason}`);
  for (const each of invariants) {
    if (each.verdict !== 'fail') continue;
    lines.push(`  broken: ${each.id} (${each.provenance}): ${each.title}`, `          ${each.reason}`);
  }
  return lines.join('\n');
}

/** The whole of a run: each experiment with its timeline, then the verdict. Pure. */
export function renderChaos(section: ChaosSection): string {
  const blocks = section.experiments.map(
    (result) => `${renderExperiment(result)}\n${result.timeline.map(renderEntry).join('\n')}`,
  );
  return [...blocks, renderOutcome(section)].join('\n\n') + '\n';
}

/** The last lines of a run. */
export function renderOutcome({ verdict, end, experiments, effectLag, durationMs, broken }: ChaosSection): string {
  const passed = experiments.filter((each) => each.verdict === 'pass').length;
  const lines = [
    `${verdict.toUpperCase()}  ${passed} of ${experiments.length} experiments pass, in ${duration(durationMs)}${end.reason === null ? '' : `; ${end.reason}`}`,
  ];
  if (effectLag.medianMs !== null && effectLag.maxMs !== null) {
    const lag = [effectLag.medianMs, effectLag.maxMs].map((ms) => `${ms.toFixed(1)} ms`);
    lines.push(`faults took effect ${lag[0]} after their moment (median of ${effectLag.samples}; at most ${lag[1]})`);
  }
  for (const each of broken) lines.push(`broken: ${each}`);
  return lines.join('\n');
}
