import { experimentLimits } from '../chaos/run-experiment.ts';
import { defaultOperationMs, runChaos, type RunChaosOptions } from '../chaos/runner.ts';
import type { ChaosSection } from '../core/findings/chaos-section.ts';
import { exitCode, exitMeanings, commandExitMeanings, type ExitCode } from '../core/findings/exit-policy.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Report } from '../core/findings/report.ts';
import { createRedactor } from '../core/history/redact.ts';
import { interfaceKey, type InterfaceRef } from '../core/target/target.ts';
import { reportedFinding } from './reported-finding.ts';
import { reportedEnd, reportedTarget, reportHead, summarizeInvariants } from './run-report.ts';

/** The agent of an environment keeps every promise that the experiments challenge. */
const profile = 'full';

/**
 * A chaos run as a report.
 *
 * @throws what `runChaos` throws.
 */
export async function runChaosReport(options: RunChaosOptions): Promise<Report> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const redactor = createRedactor();
  const { section, findings: found, targets, tasksCreated, exchanges } = await runChaos(options);
  const findings = found.map((finding) => reportedFinding(finding, redactor));
  const [target = null] = targets;
  const { kind, reason } = section.end;
  return {
    ...reportHead(),
    startedAt,
    durationMs: performance.now() - began,
    seed: options.seed,
    options: {
      cardUrl: null,
      bindings: ['JSONRPC'],
      headers: [],
      insecure: false,
      timeoutMs: options.timeoutMs ?? defaultOperationMs,
      maxTasks: experimentLimits.mostTasks,
      concurrency: experimentLimits.mostInFlight,
      intrusive: false,
      strict: false,
      stimuli: null,
      only: options.experiments.map(({ id }) => id),
      skip: [],
      level: null,
    },
    target: reportedTarget(
      {
        url: target?.url ?? `${options.environment}:`,
        embedded: { profile },
        target,
        // Each experiment has an environment of its own.
        interfaces: distinct(targets.flatMap(({ interfaces }) => interfaces)),
      },
      redactor,
    ),
    end: reportedEnd({ kind, ...(reason === null ? {} : { reason }) }, redactor),
    exit: exitOf(section, findings),
    summary: summarizeInvariants(findings),
    baseline: null,
    tasksCreated,
    exchanges,
    findings,
    chaos: section,
  };
}

const distinct = (refs: readonly InterfaceRef[]): readonly InterfaceRef[] => [
  ...new Map(refs.map((ref) => [interfaceKey(ref), ref])).values(),
];

/** How a chaos run ends. Pure. */
export function exitOf(section: ChaosSection, findings: readonly Pick<Finding, 'verdict'>[]): Report['exit'] {
  const code = exitCode({
    findings,
    interrupted: section.end.kind === 'interrupted',
    measured: section.experiments.some(({ verdict }) => verdict === 'pass' || verdict === 'fail'),
    thresholdBroken: section.verdict === 'fail',
    undecided: section.verdict === 'inconclusive',
  });
  return { code, meaning: meaningOf(code, section) };
}

/** What an exit code says of this run: of the causes that it stands for, those that hold. */
function meaningOf(code: ExitCode, { experiments, broken }: ChaosSection): string {
  const general = commandExitMeanings.chaos[code] ?? exitMeanings[code];
  if (code === 4) return `broken: ${broken.join(', ')}`;
  if (code === 3) {
    const open = experiments.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id);
    return open.length === experiments.length
      ? 'nothing could be measured: every experiment was inconclusive'
      : `not every experiment was conclusive: ${open.join(', ')}`;
  }
  return general;
}
