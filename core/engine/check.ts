import type { PatchRelease } from '../../protocol/errors.ts';
import type { Binding } from '../../protocol/operations.ts';
import type { Judgement } from '../findings/judgement.ts';
import type { Exchange } from '../history/exchange.ts';
import type { Behaviours, Stimulus, StimulusName } from '../target/behaviours.ts';
import type { CardKeySources } from '../target/card-keys.ts';
import type { InterfaceRef, Target } from '../target/target.ts';
import type {
  BindingClient,
  CallOptions,
  CallResult,
  Params,
  StreamHandle,
  StreamOptions,
} from '../wire/binding-client.ts';
import type { HttpPort } from '../wire/http/http-port.ts';
import type { Webhook, WebhookOptions } from '../wire/webhook.ts';

/** What a need may look at: all of it known before the probe. */
export interface PlanFacts {
  readonly target: Target;
  /** Null for a check of the target as a whole. */
  readonly interface: InterfaceRef | null;
  readonly behaviours: Behaviours | null;
  readonly intrusive: boolean;
  /** Whether there is a webhook receiver that the agent can be told to notify. */
  readonly webhooks: boolean;
  /** Whether the user named a second principal, whose credentials may go to this interface. */
  readonly secondPrincipal: boolean;
}

/** Why a check cannot run: `skip` by the card, `untested` where something is missing (with a hint). */
export type Unmet =
  | { readonly verdict: 'skip'; readonly reason: string }
  | { readonly verdict: 'untested'; readonly reason: string; readonly hint: string };

/** A condition of a check, decided before any I/O. */
export interface Need {
  /** For `--list`. */
  readonly description: string;
  decide(facts: PlanFacts): Unmet | null;
}

/** Deadlines of a run, in milliseconds; all derive from `--timeout`. */
export interface Deadlines {
  /** One whole unary operation, or the head of a stream. */
  readonly operationMs: number;
  /** A stream, or the natural end of a task. */
  readonly taskMs: number;
  /** After a second observation showed that something is due: how long it may still take. */
  readonly graceMs: number;
  /** Pause between two polls of GetTask. */
  readonly pollMs: number;
}

/**
 * Somebody else than the user of the run, whom the user declares to be so: neither may see the other's tasks. Where the boundary
 * lies is the agent's own affair (§13.1), so that nobody but the user can say it.
 */
export interface SecondPrincipal {
  readonly client: BindingClient;
  /** What may tell who the caller is, and both send: header fields, a client certificate. */
  readonly shares: readonly string[];
}

/** What a probe gets. It sends through `client` only, so that every exchange is recorded and every task is counted. */
export interface ProbeContext {
  readonly target: Target;
  readonly interface: InterfaceRef;
  readonly behaviours: Behaviours;
  readonly client: BindingClient;
  readonly http: HttpPort;
  /** Undefined where the user named none (`needsSecondPrincipal`). */
  readonly second: SecondPrincipal | undefined;
  /** Where the keys of card signatures come from. */
  readonly cardKeys: CardKeySources;
  /** Whether the run has a receiver that the agent can be told to notify. */
  readonly canNotify: boolean;
  /** A new URL for notifications of the agent; throws `Unelicited` where the run has no receiver (`needsWebhook`). */
  openWebhook(options?: Omit<WebhookOptions, 'interface'>): Webhook;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
  /** Seeded by run seed and check id: the same run sends the same bytes. */
  readonly random: () => number;
  /** A fresh id (message ids, unknown task ids), from `random`. */
  id(prefix: string): string;
  /** A fresh user message for an elicited stimulus; throws `Unelicited` where it was not elicited. */
  message(stimulus: StimulusName | Stimulus, extra?: Params): Params;
  /** `SendMessage` of a stimulus; `configuration` and other members of the request by `request`. */
  send(stimulus: StimulusName, request?: SendExtra, options?: CallOptions): Promise<CallResult>;
  /** `SendStreamingMessage` of a stimulus. */
  sendStreaming(
    stimulus: StimulusName,
    request?: SendExtra,
    options?: CallOptions & StreamOptions,
  ): Promise<StreamHandle>;
  /** Calls GetTask until `until` is true of the task or `deadlineMs` passed; the last answer is returned either way. */
  poll(
    taskId: string,
    until: (task: TaskView) => boolean,
    deadlineMs?: number,
  ): Promise<CallResult & { task?: TaskView }>;
  /** The task of a result (`{task}` or a bare Task); throws `Unelicited` with the exchange as evidence where there is none. */
  taskOf(result: CallResult): TaskView;
}

export interface SendExtra {
  /** Members added to the message (`contextId`, `taskId`, …). */
  readonly message?: Params;
  readonly configuration?: Params;
  readonly metadata?: Params;
}

/** A task as received: only what is needed to go on is read, nothing is repaired. */
export interface TaskView {
  readonly id: string;
  readonly contextId: string | undefined;
  readonly state: string | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Thrown by a probe (or its context) when the behaviour could not be brought about: every row becomes `untested`. */
export class Unelicited extends Error {
  readonly hint: string;
  readonly evidence: readonly Exchange[];

  constructor(reason: string, hint: string, evidence: readonly Exchange[] = []) {
    super(reason);
    this.name = 'Unelicited';
    this.hint = hint;
    this.evidence = evidence;
  }
}

/** What a judge may know beside the observation. */
export interface JudgeFacts {
  readonly target: Target;
  readonly interface: InterfaceRef | null;
  readonly behaviours: Behaviours | null;
  readonly deadlines: Deadlines;
  /** The patch release that the target is held to; absent: what any allows. */
  readonly specPatch?: PatchRelease | undefined;
}

interface CheckBase<Row extends string, Observation> {
  /** `<area>/<kebab-case>`, unique in the catalogue. */
  readonly id: string;
  readonly title: string;
  /** Every row that `judge` gives a judgement on. */
  readonly requirements: readonly Row[];
  readonly needs: readonly Need[];
  /** May cost or disturb (bursts, large bodies): runs only with `--intrusive`. */
  readonly intrusive?: boolean;
  /** Runs alone, after the concurrent ones. */
  readonly exclusive?: boolean;
  /** Mostly waits: for the natural end of long work, for something not to happen. Begun first, so that others run meanwhile. */
  readonly lasting?: boolean;
  /** Pure: one judgement per row, always all of them. */
  judge(observation: Observation, facts: JudgeFacts): Readonly<Record<Row, Judgement>>;
}

/** Once an interface, on the named bindings (default: all). */
export interface InterfaceCheck<Row extends string = string, Observation = unknown> extends CheckBase<
  Row,
  Observation
> {
  readonly scope: 'interface';
  readonly bindings?: readonly Binding[];
  probe(context: ProbeContext): Promise<Observation>;
}

/** Once a target: the card, and what its interfaces are to each other. */
export interface TargetCheck<Row extends string = string, Observation = unknown> extends CheckBase<Row, Observation> {
  readonly scope: 'target';
  probe(context: TargetProbeContext): Promise<Observation>;
}

export interface TargetProbeContext extends Pick<
  ProbeContext,
  'target' | 'http' | 'cardKeys' | 'deadlines' | 'signal' | 'random' | 'id'
> {
  /** One for each interface of the run, in the card's order. */
  readonly interfaces: readonly ProbeContext[];
}

export type Check = InterfaceCheck | TargetCheck;

/** Defines a check of one interface; types hold row list and judge together. */
export function defineCheck<const Row extends string, Observation>(
  check: Omit<InterfaceCheck<Row, Observation>, 'scope'>,
): InterfaceCheck<Row, Observation> {
  return { ...check, scope: 'interface' };
}

/** Defines a check of the target as a whole. */
export function defineTargetCheck<const Row extends string, Observation>(
  check: Omit<TargetCheck<Row, Observation>, 'scope'>,
): TargetCheck<Row, Observation> {
  return { ...check, scope: 'target' };
}
