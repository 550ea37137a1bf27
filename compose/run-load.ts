import { exitCode, exitMeanings, commandExitMeanings, type ExitCode } from '../core/findings/exit-policy.ts';
import type { LoadSection } from '../core/findings/load-section.ts';
import type { Report, ReportedFinding } from '../core/findings/report.ts';
import { createRedactor, type Redactor } from '../core/history/redact.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import type { LoadListener } from '../load/events.ts';
import { LoadError } from '../load/load-error.ts';
import { plannedTasks, resolveOptions, type LoadOptions, type LoadSettings } from '../load/options.ts';
import { runLoad, type LoadResult } from '../load/runner.ts';
import { secretsOf } from './credentials.ts';
import { redactedValue, reportedFinding, reportedInterface } from './reported-finding.ts';
import { reportedEnd, reportedTarget, reportHead, summarizeInvariants } from './run-report.ts';

export interface RunLoadOptions extends LoadOptions {
  /** Set where the target is the agent of this tool, for the report. */
  readonly embedded?: { readonly profile: string };
}

/**
 * One load run as a report. What keeps the target from being measured (no answer, no card, no streaming, a trial that fails, an
 * interrupt before the schedule began) is in the report.
 *
 * @throws LoadError of wrong usage or of k6 itself, ToolError, GuestRefusal, InvalidTargetUrl.
 */
export async function runLoadReport(
  options: RunLoadOptions,
  listener: LoadListener = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const settings = resolveOptions(options);
  const { headers, url, cardUrl } = settings;
  const redactor = createRedactor(secretsOf(headers, [url, cardUrl]));
  const brought = await runLoad(options, listener, signal).catch((error: unknown) => endOf(error, signal));
  const run = 'section' in brought ? brought : null;
  const end = run === null ? (brought as Report['end']) : endOfSection(run.section);
  return {
    ...reportHead(),
    startedAt,
    durationMs: performance.now() - began,
    // Nothing of a load is drawn: messages differ by ids that no two runs may share.
    seed: 0,
    options: reportedOptions(settings, redactor),
    target: reportedTarget({ url, embedded: options.embedded, target: run?.target ?? null }, redactor),
    end: reportedEnd(end, redactor),
    ...judgeLoadRun(run, end, redactor),
  };
}

/** Why nothing was measured, as the end of a report. @throws the error, where it is none of the target. */
function endOf(error: unknown, signal: AbortSignal): Report['end'] {
  if (error instanceof DiscoveryError) {
    const { message, hint, exchanges } = error;
    return { kind: 'unreachable', reason: message, hint, evidence: exchanges };
  }
  if (error instanceof LoadError && (error.kind === 'no-streaming' || error.kind === 'trial-failed')) {
    return { kind: 'unreachable', reason: error.message, hint: error.hint };
  }
  if (signal.aborted && error === signal.reason) {
    return { kind: 'interrupted', reason: 'interrupted before the load began' };
  }
  throw error;
}

function endOfSection({ end: { kind, reason } }: LoadSection): Report['end'] {
  const hint = 'see why the agent ended (its log), and run again';
  return { kind, ...(reason === null ? {} : { reason }), ...(kind === 'target-lost' ? { hint } : {}) };
}

function reportedOptions(settings: LoadSettings, redactor: Redactor): Report['options'] {
  const { cardUrl, headers, insecure, timeoutMs, maxTasks, maxVUs } = settings;
  return {
    cardUrl: cardUrl === undefined ? null : redactor.url(cardUrl),
    bindings: ['JSONRPC'],
    headers: Object.keys(headers),
    insecure,
    timeoutMs,
    maxTasks: maxTasks ?? plannedTasks(settings) + 2,
    concurrency: maxVUs,
    intrusive: false,
    strict: false,
    stimuli: null,
    only: [],
    skip: [],
    level: null,
  };
}

type JudgedRun = Pick<Report, 'exit' | 'summary' | 'baseline' | 'tasksCreated' | 'exchanges' | 'findings' | 'load'>;

/** How the run ends, from what it brought; null where nothing was measured. Pure. */
export function judgeLoadRun(
  run: Pick<LoadResult, 'section' | 'findings' | 'tasksCreated' | 'exchanges'> | null,
  end: Report['end'],
  redactor: Redactor,
): JudgedRun {
  const findings = (run?.findings ?? []).map((finding) => reportedFinding(finding, redactor));
  const section = run === null ? null : reportedSection(run.section, redactor);
  const verdict = section?.verdict;
  const code = exitCode({
    findings,
    interrupted: end.kind === 'interrupted',
    unreachable: end.kind === 'unreachable' || end.kind === 'target-lost',
    measured: section?.thresholds.some((threshold) => threshold.verdict !== 'untested') ?? false,
    thresholdBroken: verdict === 'fail',
    undecided: verdict === 'inconclusive' || verdict === 'untested',
  });
  return {
    exit: { code, meaning: meaningOf(code, section, findings, end) },
    summary: summarizeInvariants(findings),
    baseline: null,
    tasksCreated: run?.tasksCreated ?? 0,
    exchanges: run?.exchanges ?? end.evidence?.length ?? 0,
    findings,
    ...(section === null ? {} : { load: section }),
  };
}

const reportedSection = (section: LoadSection, redactor: Redactor): LoadSection => ({
  ...redactedValue(section, redactor),
  interface: reportedInterface(section.interface, redactor),
});

/** What an exit code says of this run: of the causes that it stands for, those that hold. */
function meaningOf(
  code: ExitCode,
  section: LoadSection | null,
  findings: readonly ReportedFinding[],
  { kind }: Report['end'],
): string {
  const broken = section?.broken ?? [];
  const open = (section?.thresholds ?? []).filter(
    ({ verdict }) => verdict === 'inconclusive' || verdict === 'untested',
  );
  const general = commandExitMeanings.load[code] ?? exitMeanings[code];
  switch (code) {
    case 0: {
      if (findings.some(({ verdict }) => verdict === 'warn')) return 'the load held, with warnings';
      // Only signals of plain messages, which the user did not ask for.
      return open.length > 0 ? `the load held (not asked for: ${open.map(({ id }) => id).join(', ')})` : general;
    }
    case 1: {
      const thresholds = broken.filter((id) => !id.includes('/'));
      return thresholds.length === 0 ? general : `${general}; broken too: ${thresholds.join(', ')}`;
    }
    case 3:
      if (kind === 'target-lost') return 'the target stopped answering';
      if (kind === 'unreachable' || section === null || section.verdict === 'untested')
        return 'nothing could be measured';
      return `not every threshold could be told: ${open.map(({ id, verdict }) => `${id} ${verdict}`).join(', ')}`;
    case 4:
      return `broken under load: ${broken.join(', ')}`;
    case 2:
    case 5:
    case 130:
      return general;
  }
}
