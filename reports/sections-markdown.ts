import type { ChaosSection, ExperimentResult } from '../core/findings/chaos-section.ts';
import type { LoadSection } from '../core/findings/load-section.ts';
import { brokenOf, elapsed, lagLine, taskCounts } from './chaos.ts';
import {
  basisOf,
  countInvariants,
  describeErrors,
  figure,
  latencyNames,
  loadFacts,
  loadTitle,
  wrongRules,
} from './load.ts';
import { code, codeCell, escape, table } from './markdown-text.ts';
import { plural } from './text.ts';

type Block = readonly string[];

/** `report.load` as blocks of Markdown. Pure. */
export function loadBlocks(section: LoadSection): readonly Block[] {
  const { overall, text } = countInvariants(section);
  const basis = basisOf(section);
  const { lines, left } = describeErrors(section);
  return [
    [escape(loadTitle(section))],
    loadFacts(section).map(([name, fact]) => `- ${name}: ${escape(fact)}`),
    table(
      ['threshold', 'verdict', 'demanded', 'seen'],
      [
        ...section.thresholds.map(({ id, verdict, demanded, reason }) => [
          id,
          verdict,
          codeCell(demanded),
          escape(reason),
        ]),
        ['invariants', overall, '', escape(text)],
        ...wrongRules(section).map(({ id, verdict, reason }) => [id, verdict, '', escape(reason)]),
      ],
    ),
    table(
      ['latency in ms', 'p50', 'p90', 'p99', 'max', 'samples'],
      Object.entries(latencyNames).map(([key, name]) => {
        const summary = section.latency[key as keyof typeof latencyNames];
        if ('untested' in summary) return [name, `untested: ${escape(summary.untested)}`, '', '', '', ''];
        const { p50, p90, p99, max, samples } = summary;
        return [name, ...[p50, p90, p99, max].map(figure), String(samples)];
      }),
    ),
    basis === undefined ? [] : [`${escape(basis)}.`],
    lines.length === 0
      ? []
      : [
          '### Errors',
          '',
          ...lines.map((line) => `- ${escape(line)}`),
          ...(left > 0 ? [`- … and ${plural(left, 'other kind')}`] : []),
        ],
    section.indicative === null ? [] : [`Note: ${escape(section.indicative)}.`],
  ];
}

const time = (ms: number | null): string => (ms === null ? '-' : elapsed(ms));

/** `report.chaos` as blocks of Markdown. Pure. */
export function chaosBlocks(section: ChaosSection): readonly Block[] {
  const lag = lagLine(section);
  return [
    table(
      ['experiment', 'verdict', 'noticed after', 'recovered after', 'tasks'],
      section.experiments.map((result) => [
        codeCell(result.id),
        result.verdict,
        time(result.detectMs),
        time(result.recoverMs),
        escape(taskCounts(result)),
      ]),
    ),
    ...section.experiments.map(experimentBlock),
    lag === undefined ? [] : [`${escape(lag)}.`],
  ];
}

function experimentBlock(result: ExperimentResult): Block {
  const { id, verdict, title, hypothesis, reason, timeline } = result;
  const steps = timeline.map(({ atMs, kind, text }) => `- ${(atMs / 1_000).toFixed(2)} s ${kind}: ${escape(text)}`);
  return [
    `<details><summary><b>${verdict}</b> <code>${id}</code> ${escape(title)}</summary>`,
    '',
    `Hypothesis: ${escape(hypothesis)}`,
    ...(verdict === 'pass' || verdict === 'fail' ? [] : ['', escape(reason)]),
    ...brokenOf(result).flatMap((each) => [
      '',
      `Broken: ${code(each.id)} (${code(each.provenance)}): ${escape(each.reason)}`,
    ]),
    ...(steps.length === 0 ? [] : ['', ...steps]),
    '',
    '</details>',
  ];
}
