import { randomInt } from 'node:crypto';
import type { Deadlines } from '../core/engine/check.ts';
import { deadlinesFrom, defaultTimeoutMs } from '../core/engine/deadlines.ts';
import type { RunListener } from '../core/engine/events.ts';
import { makePlan } from '../core/engine/plan.ts';
import { runPlan } from '../core/engine/run.ts';
import { exitCode, exitMeanings } from '../core/findings/exit-policy.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Report } from '../core/findings/report.ts';
import { summarize } from '../core/findings/summary.ts';
import type { Exchange } from '../core/history/exchange.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import { createRedactor } from '../core/history/redact.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../core/target/target.ts';
import type { Behaviours, Stimulus } from '../core/target/behaviours.ts';
import type { BindingClient } from '../core/wire/binding-client.ts';
import type { HttpPort } from '../core/wire/http/http-port.ts';
import { createHttpPort } from '../core/wire/http/undici-port.ts';
import { createJsonRpcClient } from '../core/wire/jsonrpc/jsonrpc-client.ts';
import { createTaskBudget, type TaskBudget } from '../core/wire/task-budget.ts';
import { discover } from '../fixtures/discovery/discover.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import { parseTargetUrl } from '../fixtures/discovery/target-url.ts';
import { explore } from '../fixtures/exploration/explore.ts';
import { admit, mayCarryCredentials, refuseTarget } from '../fixtures/guest/guest-rules.ts';
import { gatherStimuli, loadStimuli } from '../fixtures/stimuli/stimuli.ts';
import { applyBaseline, type Baseline } from '../reports/baseline.ts';
import { checks, invariants, rows } from './catalogue.ts';
import { credentialNames, secretsOf } from './credentials.ts';
import { reportedExchange, reportedFinding } from './reported-finding.ts';
import { select, type Selected, type SelectOptions } from './selection.ts';
import { toolVersion } from './tool-version.ts';

/** One whole run. Everything but the URL has a default. */
export interface RunCheckOptions extends SelectOptions {
  /** Of the endpoint, as the user typed it. */
  readonly url: string;
  /** Where the card is; nothing else is tried then. */
  readonly cardUrl?: string;
  /** Sent with every request to the card's own origin, and to hosts named in `owned`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of a further trusted authority. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
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
  /** The same seed sends the same bytes; by default drawn. */
  readonly seed?: number;
  /** A SHOULD that is not met fails the run too. */
  readonly strict?: boolean;
  readonly baseline?: Baseline;
  /** Checks at a time. */
  readonly concurrency?: number;
  /** Set where the target is the agent of this tool, for the report. */
  readonly embedded?: { readonly profile: string };
}

export const runDefaults = { timeoutMs: defaultTimeoutMs, maxTasks: 300, concurrency: 8 } as const;

const largestSeed = 2 ** 31 - 1;

/**
 * The whole way from a URL to a report: discover, explore, plan, run, judge. What keeps the target from being measured
 * (no answer, no card, an interruption) is in the report; what is wrong with the options is thrown.
 *
 * @throws SelectionError, StimuliFileError, InvalidTargetUrl, GuestRefusal: wrong usage, each with a message of one line;
 * anything else is a fault of the harness.
 */
export async function runCheck(
  options: RunCheckOptions,
  listener: RunListener = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<Report> {
  const { url, cardUrl, owned = [], stimuli } = options;
  const selected = select(options, { subjects: [...checks, ...invariants], rows });
  const chosen = stimuli === undefined ? [] : await loadStimuli(stimuli);
  for (const place of [url, ...(cardUrl === undefined ? [] : [cardUrl])]) {
    const refusal = refuseTarget(parseTargetUrl(place).href, owned);
    if (refusal !== null) throw refusal;
  }
  await using run = new CheckRun(options, selected, chosen, listener, signal);
  return await run.execute();
}

interface Measured {
  readonly target: Target | null;
  readonly findings: readonly Finding[];
  readonly end: Report['end'];
}

/** Everything that one run holds open, and the steps over it. */
class CheckRun implements AsyncDisposable {
  readonly #options: RunCheckOptions;
  readonly #selected: Selected;
  readonly #chosen: readonly Stimulus[];
  readonly #listener: RunListener;
  readonly #signal: AbortSignal;
  readonly #startedAt = new Date();
  readonly #began = performance.now();
  readonly #seed: number;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #recorder = new HistoryRecorder('harness');
  readonly #budget: TaskBudget;
  readonly #port: HttpPort;

  constructor(
    options: RunCheckOptions,
    selected: Selected,
    chosen: readonly Stimulus[],
    listener: RunListener,
    signal: AbortSignal,
  ) {
    const { headers = {}, ca, insecure = false } = options;
    this.#options = options;
    this.#selected = selected;
    this.#chosen = chosen;
    this.#listener = listener;
    this.#signal = signal;
    this.#seed = options.seed ?? randomInt(largestSeed);
    this.#timeoutMs = options.timeoutMs ?? runDefaults.timeoutMs;
    this.#headers = headers;
    this.#budget = createTaskBudget(options.maxTasks ?? runDefaults.maxTasks);
    this.#port = createHttpPort({
      recorder: this.#recorder,
      tls: { insecure, ...(ca === undefined ? {} : { ca }) },
      credentials: credentialNames(headers),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port.close();
  }

  async execute(): Promise<Report> {
    return this.#report(await this.#measure());
  }

  async #measure(): Promise<Measured> {
    let target: Target | null = null;
    try {
      target = await this.#discover();
      const behaviours = await this.#explore(target);
      return { target, ...(await this.#run(target, behaviours)) };
    } catch (error) {
      if (error instanceof DiscoveryError) {
        const { message, hint, exchanges } = error;
        return { target, findings: [], end: { kind: 'unreachable', reason: message, hint, evidence: exchanges } };
      }
      if (!this.#signal.aborted) throw error;
      return { target, findings: [], end: { kind: 'interrupted', reason: 'before any check ran' } };
    }
  }

  async #discover(): Promise<Target> {
    const { url, cardUrl, owned = [] } = this.#options;
    const target = await discover({
      url,
      ...(cardUrl === undefined ? {} : { cardUrl }),
      headers: Object.entries(this.#headers),
      port: this.#port,
      deadlines: deadlinesFrom(this.#timeoutMs),
      signal: this.#signal,
    });
    return admit(target, owned);
  }

  async #explore(target: Target): Promise<ReadonlyMap<string, Behaviours>> {
    const deadlines = deadlinesFrom(this.#timeoutMs);
    const stimuli = gatherStimuli({ chosen: this.#chosen, target, intrusive: this.#options.intrusive ?? false });
    const found = new Map<string, Behaviours>();
    // One after the other: interfaces are mostly doors to one agent.
    for (const ref of target.interfaces) {
      const behaviours = await explore({
        target,
        client: this.#connect(target, ref, deadlines),
        stimuli,
        deadlines,
        seed: this.#seed,
        signal: this.#signal,
      });
      found.set(interfaceKey(ref), behaviours);
    }
    return found;
  }

  async #run(target: Target, behaviours: ReadonlyMap<string, Behaviours>): Promise<Omit<Measured, 'target'>> {
    const { intrusive = false, concurrency = runDefaults.concurrency } = this.#options;
    const select = this.#selected;
    const longestTaskMs = Math.max(
      0,
      ...[...behaviours.values()].flatMap(({ elicited }) =>
        Object.values(elicited).map(({ durationMs }) => durationMs ?? 0),
      ),
    );
    const deadlines = deadlinesFrom(this.#timeoutMs, longestTaskMs);
    const result = await runPlan({
      plan: makePlan({ checks, rows, target, behaviours, intrusive, select }),
      target,
      rows,
      invariants,
      select,
      deadlines,
      seed: this.#seed,
      port: this.#port,
      recorder: this.#recorder,
      connect: (ref, own) => this.#connect(target, ref, deadlines, own),
      concurrency,
      signal: this.#signal,
      listener: this.#listener,
      isAlive: () => this.#isAlive(target, deadlines),
    });
    const { findings, end, lastExchangesBeforeLoss } = result;
    const evidence = lastExchangesBeforeLoss.length === 0 ? {} : { evidence: lastExchangesBeforeLoss };
    return { findings, end: { ...end, ...evidence } };
  }

  #connect(
    target: Target,
    ref: InterfaceRef,
    deadlines: Deadlines,
    own: { readonly nextId?: () => string | number } = {},
  ): BindingClient {
    const known = mayCarryCredentials(ref.url, target.cardUrl, this.#options.owned ?? []);
    return createJsonRpcClient({
      port: this.#port,
      interface: ref,
      headers: known ? this.#headers : {},
      deadlines,
      guard: this.#budget,
      ...own,
    });
  }

  /** Whether any interface's host still answers anything at all: its card where that is on the same host. */
  async #isAlive(target: Target, { operationMs }: Deadlines): Promise<boolean> {
    const cardOrigin = new URL(target.cardUrl).origin;
    const places = new Set(
      target.interfaces.map(({ url }) => (new URL(url).origin === cardOrigin ? target.cardUrl : url)),
    );
    const answers = await Promise.all(
      [...places].map((place) =>
        this.#port.send({
          request: { method: 'GET', url: place, headers: [['Accept', 'application/json']], body: null },
          intent: { kind: 'fetch', what: 'sign of life' },
          interface: null,
          actor: 'liveness',
          timeoutMs: operationMs,
          signal: this.#signal,
          classify: () => 'ok',
        }),
      ),
    );
    return answers.some(({ response }) => response !== null);
  }

  #report({ target, findings, end }: Measured): Report {
    const { url, cardUrl, baseline, strict = false, embedded, only = [], skip = [], level } = this.#options;
    const redactor = createRedactor({
      secrets: secretsOf(this.#headers, [url, cardUrl]),
      headers: credentialNames(this.#headers),
    });
    const shown = findings.map((finding) => reportedFinding(finding, redactor));
    const complete = end.kind === 'complete' && this.#selected.everything;
    const applied = baseline === undefined ? null : applyBaseline(shown, baseline, complete);
    const reported = applied?.findings ?? shown;
    const code = exitCode({
      findings: reported,
      expected: new Set(reported.flatMap((finding, index) => (finding.baseline === undefined ? [] : [index]))),
      staleBaselineEntries: applied?.report.stale.length ?? 0,
      strict,
      interrupted: end.kind === 'interrupted',
      unreachable: end.kind === 'unreachable' || end.kind === 'target-lost',
    });
    return {
      schemaVersion: '1.0',
      tool: { name: 'a2a-gauntlet', version: toolVersion() },
      spec: { version: '1.0.1' },
      startedAt: this.#startedAt.toISOString(),
      durationMs: performance.now() - this.#began,
      seed: this.#seed,
      options: {
        cardUrl: cardUrl === undefined ? null : redactor.text(cardUrl),
        headers: Object.keys(this.#headers),
        insecure: this.#options.insecure ?? false,
        timeoutMs: this.#timeoutMs,
        maxTasks: this.#budget.max,
        concurrency: this.#options.concurrency ?? runDefaults.concurrency,
        intrusive: this.#options.intrusive ?? false,
        strict,
        stimuli: this.#options.stimuli ?? null,
        only,
        skip,
        level: level ?? null,
      },
      target: {
        url: redactor.text(url),
        embedded: embedded ?? null,
        cardUrl: target === null ? null : redactor.text(target.cardUrl),
        card: target === null ? null : redactor.value(target.card),
        dialect: target?.dialect ?? null,
        interfaces: redactor.value(target?.interfaces ?? []),
        unmeasured: redactor.value(target?.unmeasured ?? []),
      },
      end: redactedEnd(end, (exchange) => reportedExchange(exchange, redactor), redactor.text),
      exit: { code, meaning: exitMeanings[code] },
      summary: summarize(this.#selected.rows, findings),
      baseline: applied?.report ?? null,
      tasksCreated: this.#budget.used,
      exchanges: this.#recorder.history().exchanges.length,
      findings: reported,
    };
  }
}

function redactedEnd(
  { kind, reason, hint, evidence }: Report['end'],
  exchangeOf: (exchange: Exchange) => Exchange,
  text: (text: string) => string,
): Report['end'] {
  return {
    kind,
    ...(reason === undefined ? {} : { reason: text(reason) }),
    ...(hint === undefined ? {} : { hint: text(hint) }),
    ...(evidence === undefined ? {} : { evidence: evidence.map(exchangeOf) }),
  };
}
