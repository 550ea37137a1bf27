import type { ProbeContext, SecondPrincipal } from '../core/engine/check.ts';
import { createContext } from '../core/engine/context.ts';
import { judgeHistory } from '../core/engine/judge-history.ts';
import { watchLiveness } from '../core/engine/liveness.ts';
import type { Suite, SuiteContext } from '../core/engine/suite.ts';
import { exitCode, exitMeanings } from '../core/findings/exit-policy.ts';
import type { SuiteFigures, SuiteName } from '../core/findings/explore-section.ts';
import type { Counterexample, Finding } from '../core/findings/finding.ts';
import type { Report } from '../core/findings/report.ts';
import { isMeasured } from '../core/findings/verdict.ts';
import type { History } from '../core/history/exchange.ts';
import { exposuresOf, type Exposure } from '../core/history/exposures.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import type { Redactor } from '../core/history/redact.ts';
import { interfaceKey, type Target } from '../core/target/target.ts';
import type { BindingClient } from '../core/wire/binding-client.ts';
import { createTaskBudget, type TaskBudget } from '../core/wire/task-budget.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import { loadStimuli } from '../fixtures/stimuli/stimuli.ts';
import { applyBaseline } from '../reports/baseline.ts';
import { invariants, rows } from './catalogue.ts';
import { withOpenTarget, type OpenTarget } from './open-target.ts';
import { reportedFinding, reportedInterface } from './reported-finding.ts';
import { describeRun, redactorOf, settingsOf, type RunCheckOptions, type RunSettings } from './run-check.ts';
import { reportedEnd, reportedTarget, summarizeInvariants } from './run-report.ts';
import { suites } from './suites.ts';

/** A run of generated cases. Everything but the URL has a default. */
export interface RunExploreOptions extends Omit<
  RunCheckOptions,
  'only' | 'skip' | 'level' | 'specPatch' | 'concurrency'
> {
  /** Default: all. */
  readonly suites?: readonly SuiteName[];
  /** Cases of each suite. */
  readonly runs?: number;
  /** Commands of one case, where it is a sequence. */
  readonly maxCommands?: number;
  /** Milliseconds for each suite: no case is begun after them. */
  readonly timeMs?: number;
  /** Only this case, of its suite: what `replay` asks for. */
  readonly again?: Pick<Counterexample, 'suite' | 'seed' | 'path' | 'replayPath'>;
}

export const exploreDefaults = { runs: 100, maxCommands: 30, timeMs: 60_000 } as const;

/** What a listener hears of a run. */
export type ExploreEvent =
  | { readonly type: 'discovering' }
  | { readonly type: 'suite'; readonly suite: SuiteName; readonly runs: number }
  | { readonly type: 'progress'; readonly suite: SuiteName; readonly done: number };

type Limits = Required<Pick<RunExploreOptions, 'suites' | 'runs' | 'maxCommands' | 'timeMs'>>;

interface Measured {
  readonly target: Target | null;
  readonly findings: readonly Finding[];
  readonly figures: readonly SuiteFigures[];
  readonly end: Report['end'];
}

/**
 * URL → discover → try messages → the suites, one after the other → report. What keeps the target from being measured is in the
 * report; what is wrong with the options is thrown, as by `runCheck`.
 */
export async function runExplore(
  options: RunExploreOptions,
  listener: (event: ExploreEvent) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const startedAt = new Date();
  const began = performance.now();
  const settings = settingsOf(options);
  const limits: Limits = {
    suites: options.again === undefined ? (options.suites ?? suites.map(({ name }) => name)) : [options.again.suite],
    runs: options.runs ?? exploreDefaults.runs,
    maxCommands: options.maxCommands ?? exploreDefaults.maxCommands,
    timeMs: options.timeMs ?? exploreDefaults.timeMs,
  };
  const recorder = new HistoryRecorder('harness');
  const budget = createTaskBudget(settings.maxTasks);
  const measured = await measure({ settings, limits, again: options.again, recorder, budget, listener, signal });
  return {
    ...describeRun(settings),
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - began,
    ...judged(settings, measured),
    tasksCreated: budget.used,
    exchanges: recorder.history().exchanges.length,
    explore: {
      options: limits,
      suites: measured.figures,
      exposures: reportedExposures(recorder.history(), measured.target, redactorOf(settings)),
    },
  };
}

/** What of each operation was seen, with the URLs of interfaces as a report may show them. */
const reportedExposures = (history: History, target: Target | null, redactor: Redactor): readonly Exposure[] =>
  target === null
    ? []
    : exposuresOf(history, target).map((one) => ({ ...one, interface: reportedInterface(one.interface, redactor) }));

interface Measuring {
  readonly settings: RunSettings;
  readonly limits: Limits;
  readonly again: RunExploreOptions['again'];
  readonly recorder: HistoryRecorder;
  readonly budget: TaskBudget;
  readonly listener: (event: ExploreEvent) => void;
  readonly signal: AbortSignal;
}

async function measure(given: Measuring): Promise<Measured> {
  const { settings, recorder, budget, listener, signal } = given;
  const { url, cardUrl, headers, apiKey, secondBearer, ca, insecure, clientCertificate: client, webhook } = settings;
  const { bindings, timeoutMs, intrusive, owned, seed } = settings;
  const stimuli = settings.stimuli === undefined ? [] : await loadStimuli(settings.stimuli);
  let target: Target | null = null;
  const nothing = (end: Report['end']): Measured => ({ target, findings: [], figures: [], end });
  listener({ type: 'discovering' });
  try {
    return await withOpenTarget(
      {
        url,
        ...(cardUrl === undefined ? {} : { cardUrl }),
        headers,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(secondBearer === undefined ? {} : { secondBearer }),
        tls: { insecure, ...(ca === undefined ? {} : { ca }), ...(client === undefined ? {} : { client }) },
        ...(bindings.length === 0 ? {} : { bindings }),
        timeoutMs,
        budget,
        intrusive,
        owned,
        stimuli,
        ...(webhook === undefined ? {} : { webhook }),
        seed,
        signal,
        onTarget: (found) => {
          target = found;
        },
        recorder,
      },
      (open) => runSuites(open, given),
    );
  } catch (error) {
    if (error instanceof DiscoveryError) {
      const { message, hint, exchanges } = error;
      return nothing({ kind: 'unreachable', reason: message, hint, evidence: exchanges });
    }
    if (!signal.aborted) throw error;
    return nothing({ kind: 'interrupted', reason: 'interrupted before any case was drawn' });
  }
}

async function runSuites(open: OpenTarget, given: Measuring): Promise<Measured> {
  const { target, recorder, deadlines } = open;
  const lost = new AbortController();
  let loss: Report['end'] | undefined;
  const liveness = watchLiveness({
    recorder,
    isAlive: () => open.isAlive(),
    graceMs: deadlines.graceMs,
    signal: given.signal,
    onLost: ({ reason, lastExchanges }) => {
      const hint = 'see why the agent ended (its log), and run again';
      loss = { kind: 'target-lost', reason, hint, evidence: lastExchanges };
      lost.abort();
    },
  });
  const signal = AbortSignal.any([given.signal, lost.signal]);
  const findings: Finding[] = [];
  const figures: SuiteFigures[] = [];
  for (const suite of suites.filter(({ name }) => given.limits.suites.includes(name))) {
    if (signal.aborted) break;
    const one = await runSuite(suite, open, given, signal);
    await liveness.settled();
    findings.push(...one.findings);
    const end = given.signal.aborted ? 'interrupted' : loss === undefined ? one.figures.end : 'target-lost';
    figures.push({ ...one.figures, end });
  }
  liveness.stop();
  const history = recorder.history();
  const overHistory = target.interfaces.flatMap((ref) =>
    judgeHistory(history, { target, interface: ref }, { invariants, rows }),
  );
  const end: Report['end'] = given.signal.aborted
    ? { kind: 'interrupted', reason: 'the run was interrupted' }
    : (loss ?? { kind: 'complete' });
  return { target, findings: [...findings, ...overHistory.filter(isNews(findings))], figures, end };
}

/** What the whole history shows beyond the counterexamples: an invariant that a case showed broken is not told twice. */
const isNews =
  (found: readonly Finding[]) =>
  ({ check, requirement, interface: ref, verdict }: Finding): boolean =>
    (isMeasured(verdict) || verdict === 'error') &&
    !found.some(
      (other) =>
        other.check === check &&
        other.requirement === requirement &&
        other.interface !== null &&
        ref !== null &&
        interfaceKey(other.interface) === interfaceKey(ref),
    );

async function runSuite(
  suite: Suite,
  open: OpenTarget,
  { settings, limits, again, recorder, listener }: Measuring,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly figures: SuiteFigures }> {
  const { name } = suite;
  const { runs, maxCommands, timeMs } = limits;
  const { target, behaviours, port, webhooks, deadlines, runId, connect, connectSecond } = open;
  const doorOf = (
    place: number,
    client: BindingClient,
    second: SecondPrincipal | undefined,
    ...whose: readonly string[]
  ): ProbeContext =>
    createContext({
      target,
      interface: target.interfaces[place]!,
      behaviours: behaviours[place]!,
      client,
      second,
      http: port,
      deadlines,
      signal,
      seeds: [settings.seed, name, place, ...whose],
      runId,
      webhooks,
    });
  const doors = target.interfaces.map((ref, place) => doorOf(place, connect(ref), connectSecond(ref)));
  const strangers = doors.map(({ client, second }, place) =>
    second === undefined ? undefined : doorOf(place, second.client, { ...second, client }, 'second'),
  );
  listener({ type: 'suite', suite: name, runs });
  const began = performance.now();
  const before = recorder.history().exchanges.length;
  const context: SuiteContext = {
    target,
    doors,
    ...(settings.secondBearer === undefined ? {} : { strangers }),
    recorder,
    rows,
    invariants,
    seed: settings.seed,
    budget: { runs, maxCommands, endsAt: began + timeMs },
    signal,
    intrusive: settings.intrusive,
    ...(again === undefined ? {} : { again }),
    onProgress: (done) => listener({ type: 'progress', suite: name, done }),
  };
  const { findings, figures } = await suite.run(context);
  return {
    findings,
    figures: {
      suite: name,
      ...figures,
      requests: recorder.history().exchanges.length - before,
      durationMs: performance.now() - began,
    },
  };
}

type Judged = Pick<Report, 'target' | 'end' | 'exit' | 'summary' | 'baseline' | 'findings'>;

function judged(settings: RunSettings, { target, findings, end }: Measured): Judged {
  const { url, embedded, baseline, strict } = settings;
  const redactor = redactorOf(settings);
  const shown = findings.map((finding) => reportedFinding(finding, redactor));
  const scope = { run: 'explore', complete: end.kind === 'complete' } as const;
  const applied = baseline === undefined ? null : applyBaseline(shown, baseline, scope);
  const reported = applied?.findings ?? shown;
  const code = exitCode({
    findings: reported,
    expected: new Set(reported.flatMap((finding, index) => (finding.baseline === undefined ? [] : [index]))),
    strict,
    interrupted: end.kind === 'interrupted',
    unreachable: end.kind === 'unreachable' || end.kind === 'target-lost',
  });
  return {
    target: reportedTarget({ url, embedded, target }, redactor),
    end: reportedEnd(end, redactor),
    exit: { code, meaning: exitMeanings[code] },
    summary: summarizeInvariants(findings),
    baseline: applied?.report ?? null,
    findings: reported,
  };
}
