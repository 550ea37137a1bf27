import type { PatchRelease } from '../../protocol/errors.ts';
import type { Finding } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import type { Exchange, History } from '../history/exchange.ts';
import { historyOf } from '../history/history-of.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import type { Invariant } from '../invariants/invariant.ts';
import type { Behaviours } from '../target/behaviours.ts';
import type { CardKeySources } from '../target/card-keys.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../target/target.ts';
import type { BindingClient } from '../wire/binding-client.ts';
import type { HttpPort } from '../wire/http/http-port.ts';
import type { WebhookPort } from '../wire/webhook.ts';
import { Unelicited, type Deadlines, type JudgeFacts, type SecondPrincipal } from './check.ts';
import { createContext, createTargetContext } from './context.ts';
import { checkMs } from './deadlines.ts';
import type { RunEvent, RunListener } from './events.ts';
import { Accidents, withFurtherTries } from './further-tries.ts';
import { findingsOf, judged, oneLine, type Rows, type Said } from './grade.ts';
import { watchLiveness, type Loss } from './liveness.ts';
import { wantedRows, type Plan, type PlannedCheck, type Selection } from './plan.ts';
import { ProbeScope } from './probe-scope.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly target: Target;
  readonly rows: Rows;
  readonly invariants: readonly Invariant[];
  /** The patch release that the target is held to; absent: what any allows. */
  readonly specPatch?: PatchRelease | undefined;
  /** The same as of the plan: it holds for invariants too. */
  readonly select?: Selection;
  readonly deadlines: Deadlines;
  readonly seed: number;
  /** Makes the ids of this run its own; the same by default, for tests. */
  readonly runId?: string;
  readonly port: HttpPort;
  /** The port's recorder. */
  readonly recorder: HistoryRecorder;
  /** Where notifications are received; absent: nowhere. */
  readonly webhooks?: WebhookPort | undefined;
  /** Where the keys of card signatures come from; absent: nowhere. */
  readonly cardKeys?: CardKeySources | undefined;
  /** Makes the client of a check on an interface. */
  readonly connect: (ref: InterfaceRef, check: string) => BindingClient;
  /** The same as somebody else; absent or undefined: the user named nobody. */
  readonly connectSecond?: ((ref: InterfaceRef) => SecondPrincipal | undefined) | undefined;
  /** Checks at a time on each interface; those of the target as a whole have as many places of their own. Default 8. */
  readonly concurrency?: number;
  /** Ends the run: what was found so far is returned, the rest is `untested`. */
  readonly signal?: AbortSignal;
  readonly listener?: RunListener;
  /** One cheap request: whether the target still answers. Absent: the run never ends early. */
  readonly isAlive?: () => Promise<boolean>;
}

export interface RunResult {
  readonly findings: readonly Finding[];
  readonly history: History;
  readonly end: Report['end'];
  /** Requests that failed inside the agent and were answered when they were made again. */
  readonly accidents: number;
  /** In the order of their ends; empty unless the target was lost. */
  readonly lastExchangesBeforeLoss: readonly Exchange[];
}

type Progress = 'not run' | 'not finished';

const interrupted = (progress: Progress): Said => ({
  verdict: 'untested',
  reason: `${progress}: the run was interrupted`,
  hint: 'run it again',
});

const lossHint = 'see why the agent ended (its log, the last exchanges of this report) and run again';

const lost = (progress: Progress, reason: string): Said => ({
  verdict: 'untested',
  reason: `${progress}: ${reason}`,
  hint: lossHint,
});

const lastingFirst = (items: readonly PlannedCheck[]): PlannedCheck[] => {
  const isLasting = ({ check }: PlannedCheck): boolean => check.lasting === true;
  return [...items.filter(isLasting), ...items.filter((item) => !isLasting(item))];
};

/** How a probe ended. */
type Outcome =
  | { readonly kind: 'observed'; readonly observation: unknown }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'interrupted' };

/** One run of a plan; a value of the run, gone with it. */
class Run {
  readonly #options: RunOptions;
  readonly #signal: AbortSignal;
  readonly #accidents = new Accidents();
  #loss: Loss | undefined;
  /** Aborted a while after the loss: a probe that made the target die should still see that it is dead. */
  readonly #lost = new AbortController();

  constructor(options: RunOptions) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async execute(): Promise<RunResult> {
    const { plan, recorder, isAlive, deadlines } = this.#options;
    const invariants = this.#invariants();
    this.#emit({ type: 'planned', checks: plan.items.length + invariants.length });
    this.#tell(plan.decided);

    const liveness =
      isAlive === undefined
        ? undefined
        : watchLiveness({
            recorder,
            isAlive,
            graceMs: deadlines.graceMs,
            signal: this.#signal,
            onLost: (loss) => this.#onLost(loss),
          });
    const settled = (): Promise<void> => liveness?.settled() ?? Promise.resolve();

    const concurrent = plan.items.filter(({ check }) => check.exclusive !== true);
    const alone = plan.items.filter(({ check }) => check.exclusive === true);
    const found = new Map<PlannedCheck, readonly Finding[]>();
    const work = async (queue: PlannedCheck[]): Promise<void> => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        await settled();
        found.set(item, await this.#runItem(item));
      }
    };
    // An interface that hangs keeps none of the others waiting.
    const queues = [...Map.groupBy(concurrent, ({ place }) => place).values()].map(lastingFirst);
    const places = Array.from({ length: this.#options.concurrency ?? 8 });
    await Promise.all(queues.flatMap((queue) => places.map(() => work(queue))));
    await work([...alone]);
    await settled();
    liveness?.stop();
    this.#lost.abort();

    const history = recorder.history();
    // One history an interface for all invariants: what they work out of it, they work out once.
    const spoken = new Map(this.#options.target.interfaces.map((ref) => [ref, historyOf(ref, history)]));
    const overHistory = invariants.flatMap(({ invariant, ref, wanted }) =>
      this.#judgeInvariant(invariant, ref, wanted, spoken.get(ref)!),
    );
    return {
      findings: [...plan.decided, ...plan.items.flatMap((item) => found.get(item) ?? []), ...overHistory],
      history,
      end: this.#end(),
      accidents: this.#accidents.count,
      lastExchangesBeforeLoss: this.#loss?.lastExchanges ?? [],
    };
  }

  #end(): Report['end'] {
    if (this.#signal.aborted) return { kind: 'interrupted', reason: 'the run was interrupted' };
    if (this.#loss !== undefined) {
      const { reason, lastExchanges } = this.#loss;
      return { kind: 'target-lost', reason, hint: lossHint, evidence: lastExchanges };
    }
    return { kind: 'complete' };
  }

  #emit(event: RunEvent): void {
    this.#options.listener?.(event);
  }

  #tell(findings: readonly Finding[]): void {
    for (const finding of findings) this.#emit({ type: 'finding', finding });
  }

  #onLost(loss: Loss): void {
    const { operationMs, graceMs } = this.#options.deadlines;
    this.#loss = loss;
    this.#emit({ type: 'target-lost', reason: loss.reason });
    const timer = setTimeout(() => this.#lost.abort(), operationMs + graceMs);
    this.#lost.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  async #runItem(item: PlannedCheck): Promise<readonly Finding[]> {
    const { check, interface: ref, rows: wanted } = item;
    const { rows } = this.#options;
    if (this.#signal.aborted || this.#loss !== undefined) {
      const said = this.#signal.aborted ? interrupted('not run') : lost('not run', this.#loss!.reason);
      const findings = findingsOf(check.id, wanted, ref, rows, said);
      this.#tell(findings);
      return findings;
    }

    const startedAt = performance.now();
    const elapsedMs = (): number => performance.now() - startedAt;
    this.#emit({ type: 'started', check: check.id, interface: ref });
    const scope = new ProbeScope();
    const outcome = await this.#probe(item, scope);
    const waited = scope.waitedForTarget;
    await scope.end();
    const findings =
      outcome.kind === 'observed'
        ? judged(check, wanted, ref, rows, () => check.judge(outcome.observation, this.#facts(item)), elapsedMs)
        : findingsOf(check.id, wanted, ref, rows, { ...this.#said(outcome, waited), durationMs: elapsedMs() });
    this.#tell(findings);
    this.#emit({ type: 'finished', check: check.id, interface: ref, durationMs: elapsedMs() });
    return findings;
  }

  #facts({ interface: ref, behaviours }: PlannedCheck): JudgeFacts {
    const { target, deadlines, specPatch } = this.#options;
    return { target, interface: ref, behaviours, deadlines, specPatch };
  }

  /** What is to be said of every row of a check that observed nothing. */
  #said(outcome: Exclude<Outcome, { kind: 'observed' }>, waitedForTarget: boolean): Said {
    if (outcome.kind === 'thrown' && outcome.error instanceof Unelicited) {
      const { message, hint, evidence } = outcome.error;
      return { verdict: 'untested', reason: message, hint, evidence };
    }
    if (this.#signal.aborted) return interrupted('not finished');
    if (this.#loss !== undefined) return lost('not finished', this.#loss.reason);
    if (outcome.kind === 'thrown') return { verdict: 'error', reason: oneLine(outcome.error) };
    const reason = `the check was not done within ${checkMs(this.#options.deadlines)} ms`;
    if (!waitedForTarget) return { verdict: 'error', reason };
    return {
      verdict: 'untested',
      reason: `${reason}: it waited for the agent`,
      hint: 'give a slow agent more time: --timeout <ms>',
    };
  }

  #probe(item: PlannedCheck, scope: ProbeScope): Promise<Outcome> {
    return new Promise((resolve) => {
      const ends = AbortSignal.any([this.#signal, this.#lost.signal]);
      const onEnd = (): void => settle({ kind: 'interrupted' });
      const timer = setTimeout(() => settle({ kind: 'deadline' }), checkMs(this.#options.deadlines));
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        ends.removeEventListener('abort', onEnd);
        resolve(outcome);
      };
      ends.addEventListener('abort', onEnd, { once: true });
      this.#observe(item, scope).then(
        (observation) => settle({ kind: 'observed', observation }),
        (error: unknown) => settle({ kind: 'thrown', error }),
      );
    });
  }

  async #observe({ check, interface: ref, place, behaviours }: PlannedCheck, scope: ProbeScope): Promise<unknown> {
    const {
      plan,
      target,
      port,
      deadlines,
      seed,
      runId = '',
      connect,
      connectSecond,
      webhooks,
      cardKeys,
    } = this.#options;
    const given = {
      target,
      http: scope.http(port),
      cardKeys,
      deadlines,
      signal: scope.signal,
      seeds: [seed, check.id, place],
      runId,
    };
    const asked = (client: BindingClient): BindingClient =>
      withFurtherTries(scope.client(client), { accidents: this.#accidents, signal: scope.signal });
    const secondOn = (of: InterfaceRef): SecondPrincipal | undefined => {
      const second = connectSecond?.(of);
      return second && { ...second, client: asked(second.client) };
    };
    const contextOf = (of: InterfaceRef, known: Behaviours | undefined, seeds: readonly (string | number)[]) =>
      createContext({
        ...given,
        seeds,
        webhooks,
        interface: of,
        behaviours: known ?? { interface: of, elicited: {}, missing: {} },
        client: asked(connect(of, check.id)),
        second: secondOn(of),
      });
    if (check.scope === 'target') {
      const interfaces = target.interfaces.map((of, index) =>
        contextOf(of, plan.behaviours.get(interfaceKey(of)), [...given.seeds, index]),
      );
      return check.probe({ ...createTargetContext(given), interfaces });
    }
    if (ref === null) throw new Error('a check of an interface was planned without one');
    return check.probe(contextOf(ref, behaviours ?? undefined, given.seeds));
  }

  #invariants(): readonly {
    readonly invariant: Invariant;
    readonly ref: InterfaceRef;
    readonly wanted: readonly string[];
  }[] {
    const { target, rows, select } = this.#options;
    return this.#options.invariants
      .filter(({ provenance }) => provenance.kind === 'spec' || target.contracts.includes(provenance.contract))
      .flatMap((invariant) =>
        target.interfaces.map((ref) => ({ invariant, ref, wanted: wantedRows(invariant, ref, rows, select) })),
      )
      .filter(({ wanted }) => wanted.length > 0);
  }

  #judgeInvariant(
    invariant: Invariant,
    ref: InterfaceRef,
    wanted: readonly string[],
    history: History,
  ): readonly Finding[] {
    const { target, rows, specPatch } = this.#options;
    const startedAt = performance.now();
    const elapsedMs = (): number => performance.now() - startedAt;
    this.#emit({ type: 'started', check: invariant.id, interface: ref });
    const judge = () => invariant.judge(history, { target, interface: ref, specPatch });
    const findings = judged(invariant, wanted, ref, rows, judge, elapsedMs);
    this.#tell(findings);
    this.#emit({ type: 'finished', check: invariant.id, interface: ref, durationMs: elapsedMs() });
    return findings;
  }
}

/**
 * Runs a plan: checks side by side, the exclusive ones alone afterwards, then the invariants over everything that was recorded.
 * Never rejects for what the target does; findings come in the order of the plan.
 */
export const runPlan = (options: RunOptions): Promise<RunResult> => new Run(options).execute();
