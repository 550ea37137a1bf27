import type { Deadlines, SecondPrincipal } from '../core/engine/check.ts';
import { deadlinesFrom } from '../core/engine/deadlines.ts';
import { Patience } from '../core/engine/patience.ts';
import type { RunListener } from '../core/engine/events.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import type { Behaviours, Stimulus } from '../core/target/behaviours.ts';
import { interfaceKey, type Contract, type InterfaceRef, type Target } from '../core/target/target.ts';
import type { BindingClient, CallOptions } from '../core/wire/binding-client.ts';
import { createBindingClient } from '../core/wire/connect.ts';
import { encodeFrame } from '../core/wire/grpc/frames.ts';
import type { TlsOptions } from '../core/wire/http/connector.ts';
import type { HttpPort, HttpSend } from '../core/wire/http/http-port.ts';
import { createHttpPort } from '../core/wire/http/undici-port.ts';
import type { TaskBudget } from '../core/wire/task-budget.ts';
import type { WebhookPort } from '../core/wire/webhook.ts';
import { discover } from '../fixtures/discovery/discover.ts';
import { parseTargetUrl } from '../fixtures/discovery/target-url.ts';
import { exploreAll, longestTaskMs } from '../fixtures/exploration/explore-all.ts';
import { placeApiKey } from '../fixtures/guest/api-key.ts';
import { withCredentials, withQueryCredentials } from '../fixtures/guest/credentials.ts';
import { admit, mayCarryCredentials, refuseTarget } from '../fixtures/guest/guest-rules.ts';
import { gatherStimuli } from '../fixtures/stimuli/stimuli.ts';
import { canReceive, type WebhookPlace } from '../fixtures/webhook/place.ts';
import { startWebhookReceiver } from '../fixtures/webhook/receiver.ts';
import { credentialNames } from './credentials.ts';

/** How a target is reached and made to work; no default is hidden elsewhere. */
export interface OpenTargetOptions {
  readonly url: string;
  readonly cardUrl?: string;
  /** Sent with every request, credentials among them; they go where `mayCarryCredentials` allows. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent where the card's schemes want it. */
  readonly apiKey?: string;
  /** Token of a second principal, in place of the credentials of the first. */
  readonly secondBearer?: string;
  readonly tls: {
    readonly ca?: string;
    readonly insecure?: boolean;
    /** Shown where `mayCarryCredentials` allows. */
    readonly client?: { readonly cert: string; readonly key: string };
  };
  /** Names of the bindings to speak; absent: all that can be spoken. */
  readonly bindings?: readonly string[];
  /** Names of tenants; absent: those of the card. */
  readonly tenants?: readonly string[];
  /** `--timeout`, in milliseconds. */
  readonly timeoutMs: number;
  /** How many tasks the run may create, and how many it did: the caller reads it afterwards. */
  readonly budget: TaskBudget;
  readonly intrusive: boolean;
  /** Hosts that the user may test. */
  readonly owned: readonly string[];
  /** What the user chose: a preset or a file, read. */
  readonly stimuli: readonly Stimulus[];
  /** Where notifications are received; default: on this machine, for agents on this machine. */
  readonly webhook?: WebhookPlace;
  readonly seed: number;
  readonly contracts?: readonly Contract[];
  readonly listener?: RunListener;
  readonly signal?: AbortSignal;
  /** Called as soon as the card is read: an interrupted run can then still say whom it judged. */
  readonly onTarget?: (target: Target) => void;
  /** Where the exchanges of the run are kept; one of its own by default. */
  readonly recorder?: HistoryRecorder;
}

/** A target that was discovered and explored, and the ways to speak to it. */
export interface OpenTarget {
  readonly target: Target;
  /** In the order of the target's interfaces. */
  readonly behaviours: readonly Behaviours[];
  readonly recorder: HistoryRecorder;
  /** From what exploration saw: a slow agent gets more time. */
  readonly deadlines: Deadlines;
  readonly runId: string;
  /** With the user's credentials where they may go: checks fetch the card themselves, and it may lie behind authentication. */
  readonly port: HttpPort;
  readonly webhooks: WebhookPort | undefined;
  connect(ref: InterfaceRef, check?: string): BindingClient;
  /** Undefined where there is no second principal, or where credentials may not go. */
  connectSecond(ref: InterfaceRef): SecondPrincipal | undefined;
  /** Whether some host of the target answers anything at all. */
  isAlive(): Promise<boolean>;
}

/**
 * URL → discover → explore, and then `use`; connections and the webhook receiver are closed after it. Card and exploration share
 * the recorder with what follows, so that invariants judge every exchange of the run.
 *
 * @throws DiscoveryError, ApiKeyUnplaced, InvalidTargetUrl, GuestRefusal where there is nothing to judge; the signal's reason.
 */
export async function withOpenTarget<Result>(
  options: OpenTargetOptions,
  use: (open: OpenTarget) => Promise<Result>,
): Promise<Result> {
  const { url, cardUrl, owned, seed, signal, intrusive } = options;
  let { headers } = options;
  for (const place of [url, ...(cardUrl === undefined ? [] : [cardUrl])]) {
    const refusal = refuseTarget(parseTargetUrl(place).href, owned);
    if (refusal !== null) throw refusal;
  }
  options.listener?.({ type: 'discovering' });
  const recorder = options.recorder ?? new HistoryRecorder('harness');
  const runId = crypto.randomUUID();
  const wire = createHttpPort({
    recorder,
    tls: tlsFor(options),
    // The card names further ones.
    credentials: () => credentialNames(headers),
    mayReach: (to) => refuseTarget(to, owned) === null,
  });
  let webhooks: WebhookPort | undefined;
  try {
    const deadlines = deadlinesFrom(options.timeoutMs);
    const found = await discover({
      url,
      ...(cardUrl === undefined ? {} : { cardUrl }),
      headers,
      port: wire,
      showsCertificate: options.tls.client !== undefined,
      deadlines,
      contracts: options.contracts ?? [],
      ...(options.bindings === undefined ? {} : { bindings: options.bindings }),
      ...(options.tenants === undefined ? {} : { tenants: options.tenants }),
      ...(signal === undefined ? {} : { signal }),
    });
    const target: Target = {
      ...admit(found, owned),
      ...(options.tls.client === undefined ? {} : { showsCertificate: true }),
    };
    options.onTarget?.(target);
    const mayCarry = (to: string): boolean => mayCarryCredentials(to, target.cardUrl, owned);
    const key = options.apiKey === undefined ? undefined : placeApiKey(target.card, target.cardUrl, options.apiKey);
    headers = { ...key?.headers, ...headers };
    const port = withQueryCredentials(wire, key?.query ?? {}, mayCarry);
    const { webhook = {} } = options;
    if (target.capabilities.pushNotifications && canReceive(target, webhook)) {
      webhooks = await startWebhookReceiver({ recorder, ...webhook });
    }

    const patience = new Map(target.interfaces.map((ref) => [interfaceKey(ref), new Patience(deadlines)]));
    const connect = (ref: InterfaceRef, check?: string): BindingClient => {
      const client = createBindingClient({
        port,
        interface: ref,
        headers: headersFor(ref, target, headers, owned),
        deadlines,
        guard: options.budget,
      });
      return patience.get(interfaceKey(ref))?.client(client, check) ?? client;
    };
    const connectSecond = (ref: InterfaceRef): SecondPrincipal | undefined => {
      const { secondBearer } = options;
      if (secondBearer === undefined || !mayCarry(ref.url)) return undefined;
      const own = withoutIdentity(options.headers);
      const second = { ...own, Authorization: `Bearer ${secondBearer}` };
      const client = createBindingClient({
        port: wire,
        interface: ref,
        headers: headersFor(ref, target, second, owned),
        deadlines,
        guard: options.budget,
      });
      const certificate = options.tls.client === undefined ? [] : ['the client certificate'];
      return { client: withActor(client, 'second'), shares: [...credentialNames(own), ...certificate] };
    };
    const stimuli = gatherStimuli({ chosen: options.stimuli, target, intrusive });
    const behaviours = await exploreAll({
      target,
      connect,
      stimuli,
      timeoutMs: options.timeoutMs,
      seed,
      runId,
      onInterface: (ref) => options.listener?.({ type: 'exploring', interface: ref }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await use({
      target,
      behaviours,
      recorder,
      deadlines: deadlinesFrom(options.timeoutMs, longestTaskMs(behaviours)),
      runId,
      port: withCredentials(port, headers, mayCarry),
      webhooks,
      connect,
      connectSecond,
      isAlive: () => answers(port, target, deadlines.operationMs, signal),
    });
  } finally {
    await webhooks?.close();
    await wire.close();
  }
}

/** The headers of a second principal: a gateway may want the others, but a session is of one user. */
const withoutIdentity = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/i.test(name)));

/** A client whose exchanges are those of somebody else in the history. */
function withActor(client: BindingClient, actor: string): BindingClient {
  const as = <Options extends CallOptions>(options: Options | undefined) => ({ actor, ...options });
  return {
    interface: client.interface,
    call: (operation, params, options) => client.call(operation, params, as(options)),
    stream: (operation, params, options) => client.stream(operation, params, as(options)),
    raw: (request, options) => client.raw(request, as(options)),
    callMalformed: (operation, params, violation, options) =>
      client.callMalformed(operation, params, violation, as(options)),
  };
}

/** Before the card is read, its place is where the user says. */
function tlsFor({ tls: { client, ...tls }, url, cardUrl = url, owned }: OpenTargetOptions): TlsOptions {
  const { href } = parseTargetUrl(cardUrl);
  const mayPresentTo = (origin: string): boolean => mayCarryCredentials(origin, href, owned);
  return client === undefined ? tls : { ...tls, client: { ...client, mayPresentTo } };
}

/** The user's headers where they may go, and the extensions that the card demands of every client (§3.3.4). */
function headersFor(
  ref: InterfaceRef,
  { cardUrl, capabilities }: Target,
  headers: Readonly<Record<string, string>>,
  owned: readonly string[],
): Readonly<Record<string, string>> {
  const { requiredExtensions } = capabilities;
  return {
    ...(requiredExtensions.length === 0 ? {} : { 'A2A-Extensions': requiredExtensions.join(',') }),
    ...(mayCarryCredentials(ref.url, cardUrl, owned) ? headers : {}),
  };
}

/** Whether some host of the target answers anything at all: by its card, or an interface that is elsewhere. */
async function answers(
  port: HttpPort,
  { cardUrl, interfaces }: Target,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { origin } = new URL(cardUrl);
  const sign = (method: string, url: string): HttpSend => ({
    request: { method, url, headers: [['Accept', 'application/json']], body: null },
    intent: { kind: 'fetch', what: 'sign of life' },
    interface: null,
    actor: 'liveness',
    timeoutMs,
    classify: () => 'ok',
    ...(signal === undefined ? {} : { signal }),
  });
  const isGrpc = ({ binding, url }: InterfaceRef): boolean => binding === 'GRPC' && new URL(url).origin !== origin;
  const grpc = new Set(interfaces.filter(isGrpc).map(({ url }) => new URL(url).origin));
  const others = interfaces.filter((ref) => !isGrpc(ref));
  const plain = new Set(others.map(({ url }) => (new URL(url).origin === origin ? cardUrl : url)));
  const exchanges = await Promise.all([
    ...[...plain].map((url) => port.send(sign('GET', url))),
    // A server of gRPC alone speaks no other HTTP: any method will do, also one that it does not have.
    ...[...grpc].map((place) => {
      const { request, ...call } = sign('POST', `${place}/grpc.health.v1.Health/Check`);
      const headers = [
        ['content-type', 'application/grpc'],
        ['te', 'trailers'],
      ] as const;
      return port.grpc({
        ...call,
        request: { ...request, headers },
        data: encodeFrame(new Uint8Array()),
        response: undefined,
      }).done;
    }),
  ]);
  return exchanges.some(({ response }) => response !== null);
}
