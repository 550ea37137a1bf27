import { deadlinesFrom } from '../core/engine/deadlines.ts';
import type { Exchange } from '../core/history/exchange.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import type { InterfaceRef, Target } from '../core/target/target.ts';
import type { BindingClient } from '../core/wire/binding-client.ts';
import type { HttpPort } from '../core/wire/http/http-port.ts';
import { createHttpPort } from '../core/wire/http/undici-port.ts';
import { createBindingClient } from '../core/wire/connect.ts';
import { createTaskBudget } from '../core/wire/task-budget.ts';
import { discover } from '../fixtures/discovery/discover.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import { parseTargetUrl } from '../fixtures/discovery/target-url.ts';
import { admit, mayCarryCredentials, refuseTarget } from '../fixtures/guest/guest-rules.ts';
import { LoadError } from './load-error.ts';
import type { LoadSettings } from './options.ts';

/** The target of a load run, and a client for what is not load: the trial before it and the reads after it. */
export interface LoadTarget extends AsyncDisposable {
  readonly target: Target;
  readonly interface: InterfaceRef;
  readonly client: BindingClient;
  readonly recorder: SelectiveRecorder;
  /** Headers that the generator may send to the interface. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names among them that the user gave. */
  readonly userHeaders: readonly string[];
  /** Whether the target answers anything at all. */
  answers(): Promise<boolean>;
}

/** Keeps only the exchanges that are wanted: a run reads more tasks than anybody looks at. */
export class SelectiveRecorder extends HistoryRecorder {
  /** Whether an exchange is kept; by default all are. */
  keeps: (exchange: Exchange) => boolean = () => true;
  #seen = 0;

  /** All exchanges so far, kept or not. */
  get seen(): number {
    return this.#seen;
  }

  override record(exchange: Exchange): void {
    this.#seen += 1;
    if (this.keeps(exchange)) super.record(exchange);
  }
}

/**
 * Finds the JSON-RPC interface of the target, under the guest rules.
 *
 * @throws InvalidTargetUrl, GuestRefusal, DiscoveryError; LoadError `no-streaming`; the signal's reason.
 */
export async function connect(settings: LoadSettings, signal: AbortSignal): Promise<LoadTarget> {
  const { headers, owned, timeoutMs, ca, insecure, readConcurrency } = settings;
  const url = parseTargetUrl(settings.url).href;
  const cardUrl = settings.cardUrl === undefined ? undefined : parseTargetUrl(settings.cardUrl).href;
  for (const wanted of [url, ...(cardUrl === undefined ? [] : [cardUrl])]) {
    const refusal = refuseTarget(wanted, owned);
    if (refusal !== null) throw refusal;
  }
  const recorder = new SelectiveRecorder(crypto.randomUUID());
  const port = createHttpPort({
    recorder,
    tls: { insecure, ...(ca === undefined ? {} : { ca }) },
    credentials: Object.keys(headers),
    maxInFlight: readConcurrency,
  });
  try {
    const deadlines = deadlinesFrom(timeoutMs);
    const found = await discover({
      url,
      ...(cardUrl === undefined ? {} : { cardUrl }),
      headers,
      port,
      deadlines,
      contracts: settings.contracts ?? [],
      signal,
    });
    const admitted = admit(found, owned);
    const ref = interfaceOf(admitted);
    const target = measuredOn(ref, admitted);
    if (settings.mode === 'streaming' && !target.capabilities.streaming) {
      throw new LoadError(
        'no-streaming',
        `the card at ${target.cardUrl} declares no streaming (capabilities.streaming), so signals cannot be measured`,
        'declare it where the agent can stream, or send plain messages with --plain (signal latency is then untested)',
      );
    }
    const allowed = mayCarryCredentials(ref.url, target.cardUrl, owned) ? headers : {};
    const { requiredExtensions } = target.capabilities;
    const sent = {
      ...(requiredExtensions.length === 0 ? {} : { 'A2A-Extensions': requiredExtensions.join(',') }),
      ...allowed,
    };
    // One trial; nothing else that this client sends makes tasks.
    const guard = createTaskBudget(1);
    const client = createBindingClient({ port, interface: ref, headers: sent, deadlines, guard });
    return {
      target,
      interface: ref,
      client,
      recorder,
      headers: sent,
      userHeaders: Object.keys(allowed),
      answers: () => answers(port, target.cardUrl, Math.min(timeoutMs, 3_000)),
      [Symbol.asyncDispose]: () => port.close(),
    };
  } catch (error) {
    await port.close();
    throw error;
  }
}

function interfaceOf({ interfaces, cardUrl, unmeasured }: Target): InterfaceRef {
  const found = interfaces.find(({ binding }) => binding === 'JSONRPC');
  if (found !== undefined) return found;
  const others = [...interfaces, ...unmeasured.map((each) => each.interface)].map(({ binding }) => binding);
  throw new DiscoveryError(
    'no-usable-interface',
    `the card at ${cardUrl} has no JSON-RPC interface (it has ${others.join(', ') || 'none'})`,
    'load is sent over JSON-RPC: declare such an interface in supportedInterfaces',
    [],
  );
}

/** Load is sent to one interface; the others of the card are named as not measured. */
function measuredOn(ref: InterfaceRef, target: Target): Target {
  const others = target.interfaces.filter((other) => other !== ref);
  const reason = 'load is sent to the first JSON-RPC interface alone';
  return {
    ...target,
    interfaces: [ref],
    unmeasured: [...target.unmeasured, ...others.map((other) => ({ interface: other, reason }))],
  };
}

async function answers(port: HttpPort, cardUrl: string, timeoutMs: number): Promise<boolean> {
  const { response } = await port.send({
    request: { method: 'GET', url: cardUrl, headers: [], body: null },
    intent: { kind: 'fetch', what: 'sign of life' },
    interface: null,
    actor: 'liveness',
    timeoutMs,
    classify: () => 'ok',
  });
  return response !== null;
}
