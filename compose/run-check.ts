import { randomInt } from 'node:crypto';
import { defaultTimeoutMs } from '../core/engine/deadlines.ts';
import type { RunListener } from '../core/engine/events.ts';
import type { RunResult } from '../core/engine/run.ts';
import { exitCode, exitMeanings, type ExitCode } from '../core/findings/exit-policy.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Report, ReportedFinding } from '../core/findings/report.ts';
import { summarize } from '../core/findings/summary.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import { createRedactor } from '../core/history/redact.ts';
import type { CardKeyStore } from '../core/target/card-keys.ts';
import { demandsCredentials } from '../core/target/card-credentials.ts';
import type { Target } from '../core/target/target.ts';
import { createTaskBudget } from '../core/wire/task-budget.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import { loadStimuli } from '../fixtures/stimuli/stimuli.ts';
import type { WebhookPlace } from '../fixtures/webhook/place.ts';
import { applyBaseline, type Baseline } from '../reports/baseline.ts';
import { areaOf, rowsOfPatch } from '../protocol/requirements/row.ts';
import { checks, invariants, rows } from './catalogue.ts';
import { secretsOf } from './credentials.ts';
import { judgeTarget } from './judge-target.ts';
import { reportedFinding } from './reported-finding.ts';
import { reportedEnd, reportedTarget, reportHead } from './run-report.ts';
import { select, type Selected, type SelectOptions } from './selection.ts';

/** One whole run. Everything but the URL has a default. */
export interface RunCheckOptions extends SelectOptions {
  /** Of the endpoint, as the user typed it. */
  readonly url: string;
  /** Where the card is; nothing else is tried then. */
  readonly cardUrl?: string;
  /** Sent with every request to the card's own origin, and to hosts named in `owned`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** API key, sent where the card's schemes want it: header, cookie or parameter of the URL. */
  readonly apiKey?: string;
  /** Bearer token of a second principal, who must not see the tasks of the first (§13.1). */
  readonly secondBearer?: string;
  /** PEM of a further trusted authority. */
  readonly ca?: string;
  /** PEM of the certificate with which the harness shows who it is (mTLS), and of its private key. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Names of the bindings to speak (`JSONRPC`, `HTTP+JSON`); absent or empty: all that the card declares. */
  readonly bindings?: readonly string[];
  /** Names of tenants (§8.3.2); several are kept apart. Absent or empty: those of the card. */
  readonly tenants?: readonly string[];
  /** Milliseconds for one operation; the other deadlines follow from it. */
  readonly timeoutMs?: number;
  /** How many tasks the run may create. */
  readonly maxTasks?: number;
  /** Checks that may cost or disturb, and the examples of the card's skills as stimuli. */
  readonly intrusive?: boolean;
  /** Hosts off this machine that the user may test. */
  readonly owned?: readonly string[];
  /** Name of a preset (`tck`) or path of a stimuli file. */
  readonly stimuli?: string;
  /** Where push notifications are received; by default on this machine, for agents on this machine. */
  readonly webhook?: WebhookPlace;
  /** Keys for the signatures of the card, besides those behind their `jku`. */
  readonly cardKeys?: CardKeyStore;
  /** The same seed sends the same bytes; by default drawn. */
  readonly seed?: number;
  /** A SHOULD that is not met fails the run too. */
  readonly strict?: boolean;
  readonly baseline?: Baseline;
  /** Checks at a time on each interface. */
  readonly concurrency?: number;
  /** Set where the target is the agent of this tool, for the report. */
  readonly embedded?: { readonly profile: string };
}

/** The options with every default. */
export type RunSettings = RunCheckOptions &
  Required<
    Pick<
      RunCheckOptions,
      | 'headers'
      | 'bindings'
      | 'timeoutMs'
      | 'maxTasks'
      | 'intrusive'
      | 'insecure'
      | 'owned'
      | 'seed'
      | 'strict'
      | 'concurrency'
    >
  >;

const largestSeed = 2 ** 31 - 1;

export const settingsOf = (options: RunCheckOptions): RunSettings => ({
  ...options,
  headers: options.headers ?? {},
  bindings: options.bindings ?? [],
  timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
  maxTasks: options.maxTasks ?? defaultMaxTasks,
  intrusive: options.intrusive ?? false,
  insecure: options.insecure ?? false,
  owned: options.owned ?? [],
  seed: options.seed ?? randomInt(largestSeed),
  strict: options.strict ?? false,
  concurrency: options.concurrency ?? defaultConcurrency,
});

/** More than a whole run needs on an agent that elicits everything over three bindings (about 110 tasks each). */
export const defaultMaxTasks = 600;
export const defaultConcurrency = 8;

/** What a run brought, before it is written down. */
interface Measured {
  readonly target: Target | null;
  readonly findings: readonly Finding[];
  readonly end: Report['end'];
  readonly tasksCreated: number;
  readonly accidents?: number;
  /** The agent demands credentials, and served nothing: all that is measured is its card, and how it turns strangers away. */
  readonly turnedAway?: boolean;
}

/** Whether the run was let in nowhere, although it asked for more than the card. */
const isTurnedAway = (target: Target, { findings, history }: RunResult): boolean => {
  const calls = history.exchanges.filter(({ interface: ref, intent }) => ref !== null && intent.kind === 'operation');
  return (
    demandsCredentials(target) &&
    findings.some(({ requirement, interface: ref }) => ref !== null && areaOf(requirement) !== 'agent-card') &&
    calls.length > 0 &&
    calls.every(({ outcome }) => outcome !== 'ok')
  );
};

/**
 * The whole way from a URL to a report: discover, explore, plan, run, judge, report. What keeps the target from being
 * measured (no answer, no card, an interruption) is in the report; what is wrong with the options is thrown.
 *
 * @throws SelectionError, StimuliFileError, InvalidTargetUrl, GuestRefusal: wrong usage, each with a message of one line;
 * anything else is a fault of the harness.
 */
export async function runCheck(
  options: RunCheckOptions,
  listener: RunListener = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const startedAt = new Date();
  const began = performance.now();
  const settings = settingsOf(options);
  const selected = select(options, {
    subjects: [...checks, ...invariants],
    rows: rowsOfPatch(rows, options.specPatch),
  });
  const recorder = new HistoryRecorder('harness');
  const measured = await measure(settings, selected, recorder, listener, signal);
  return {
    ...describeRun(settings),
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - began,
    ...judgeRun(settings, selected, measured),
    exchanges: recorder.history().exchanges.length,
  };
}

async function measure(
  settings: RunSettings,
  selected: Selected,
  recorder: HistoryRecorder,
  listener: RunListener,
  signal: AbortSignal,
): Promise<Measured> {
  const { url, cardUrl, headers, ca, insecure, timeoutMs, maxTasks, intrusive, owned, seed, concurrency } = settings;
  const { clientCertificate: client, apiKey, secondBearer, tenants = [], webhook, cardKeys, specPatch } = settings;
  const stimuli = settings.stimuli === undefined ? [] : await loadStimuli(settings.stimuli);
  const budget = createTaskBudget(maxTasks);
  let target: Target | null = null;
  const nothing = (end: Report['end']): Measured => ({
    target,
    findings: [],
    end,
    tasksCreated: budget.used,
  });
  try {
    const judged = await judgeTarget({
      url,
      ...(cardUrl === undefined ? {} : { cardUrl }),
      headers,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(secondBearer === undefined ? {} : { secondBearer }),
      tls: { insecure, ...(ca === undefined ? {} : { ca }), ...(client === undefined ? {} : { client }) },
      ...(settings.bindings.length === 0 ? {} : { bindings: settings.bindings }),
      ...(tenants.length === 0 ? {} : { tenants }),
      timeoutMs,
      budget,
      intrusive,
      owned,
      stimuli,
      ...(webhook === undefined ? {} : { webhook }),
      ...(cardKeys === undefined ? {} : { cardKeys }),
      seed,
      concurrency,
      select: selected,
      specPatch,
      listener,
      signal,
      onTarget: (found) => {
        target = found;
      },
      recorder,
    });
    const { findings, end, accidents, lastExchangesBeforeLoss: last } = judged.result;
    return {
      target: judged.target,
      findings,
      end: last.length === 0 ? end : { ...end, evidence: last },
      tasksCreated: budget.used,
      accidents,
      turnedAway: isTurnedAway(judged.target, judged.result),
    };
  } catch (error) {
    if (error instanceof DiscoveryError) {
      const { message, hint, exchanges } = error;
      return nothing({ kind: 'unreachable', reason: message, hint, evidence: exchanges });
    }
    if (!signal.aborted) throw error;
    return nothing({ kind: 'interrupted', reason: 'interrupted before any check ran' });
  }
}

export const redactorOf = ({ headers, apiKey, secondBearer, url, cardUrl, webhook, cardKeys }: RunSettings) =>
  createRedactor([
    ...secretsOf(headers, [url, cardUrl, webhook?.publicUrl, cardKeys?.kind === 'url' ? cardKeys.url : undefined]),
    ...(secondBearer === undefined ? [] : secretsOf({ Authorization: `Bearer ${secondBearer}` }, [])),
    ...(apiKey === undefined ? [] : [apiKey]),
  ]);

/** What a report says of the command. */
export function describeRun(
  settings: RunSettings,
): Pick<Report, 'schemaVersion' | 'tool' | 'spec' | 'seed' | 'options'> {
  const { cardUrl, headers, insecure, timeoutMs, maxTasks, concurrency, intrusive, strict } = settings;
  const { stimuli, only, skip, level, specPatch, seed } = settings;
  return {
    ...reportHead(),
    seed,
    options: {
      cardUrl: cardUrl === undefined ? null : redactorOf(settings).url(cardUrl),
      headers: Object.keys(headers),
      insecure,
      bindings: settings.bindings,
      timeoutMs,
      maxTasks,
      concurrency,
      intrusive,
      strict,
      stimuli: stimuli ?? null,
      only: only ?? [],
      skip: skip ?? [],
      level: level ?? null,
      specPatch: specPatch ?? null,
      secondPrincipal: settings.secondBearer !== undefined,
      tenants: settings.tenants ?? [],
    },
  };
}

type JudgedRun = Pick<
  Report,
  'target' | 'end' | 'exit' | 'summary' | 'baseline' | 'tasksCreated' | 'accidents' | 'findings'
>;

/** What a report says of the target: findings without secrets, held against the baseline, and how the command ends. */
function judgeRun(
  settings: RunSettings,
  selected: Selected,
  { target, findings, end, tasksCreated, accidents = 0, turnedAway = false }: Measured,
): JudgedRun {
  const { url, baseline, strict, embedded } = settings;
  const redactor = redactorOf(settings);
  const shown = findings.map((finding) => reportedFinding(finding, redactor));
  const complete = end.kind === 'complete' && selected.everything;
  const applied = baseline === undefined ? null : applyBaseline(shown, baseline, { run: 'check', complete });
  const reported = applied?.findings ?? shown;
  const code = exitCode({
    findings: reported,
    expected: new Set(reported.flatMap((finding, index) => (finding.baseline === undefined ? [] : [index]))),
    staleBaselineEntries: applied?.report.stale.length ?? 0,
    strict,
    interrupted: end.kind === 'interrupted',
    unreachable: end.kind === 'unreachable' || end.kind === 'target-lost',
    undecided: turnedAway,
  });
  return {
    target: reportedTarget({ url, embedded, target }, redactor),
    end: reportedEnd(end, redactor),
    exit: { code, meaning: meaningOf(code, settings, reported, applied?.report.stale.length ?? 0, end, turnedAway) },
    summary: summarize(selected.rows, findings),
    baseline: applied?.report ?? null,
    tasksCreated,
    ...(accidents === 0 ? {} : { accidents }),
    findings: reported,
  };
}

const turnedAwayMeaning =
  'nothing behind the card could be measured: it demands credentials, and no call was served (--bearer, --basic, --api-key, --header, --cert)';

/** What an exit code says of this run: of the causes that it stands for, those that hold. */
function meaningOf(
  code: ExitCode,
  { strict }: RunSettings,
  findings: readonly ReportedFinding[],
  stale: number,
  { kind }: Report['end'],
  turnedAway: boolean,
): string {
  const open = findings.filter(({ baseline }) => baseline === undefined);
  const failed = (among: readonly ReportedFinding[]): boolean => among.some(({ verdict }) => verdict === 'fail');
  const warnings = open.filter(({ verdict }) => verdict === 'warn');
  if (code === 0) {
    if (failed(findings)) return 'nothing failed but what the baseline names';
    return warnings.length > 0 ? 'conformant: no MUST that was measured is violated' : exitMeanings[code];
  }
  if (code === 1) {
    const causes = [
      ...(failed(open) ? ['a MUST failed'] : []),
      ...(strict && warnings.some(({ readings }) => readings === undefined) ? ['a SHOULD is not met (--strict)'] : []),
      ...(stale > 0 ? ['a baseline entry is stale'] : []),
    ];
    return causes.join('; ');
  }
  if (code === 3 && kind === 'target-lost') return 'the target stopped answering';
  if (code === 3) return turnedAway ? turnedAwayMeaning : 'nothing could be measured';
  return exitMeanings[code];
}
