import { isStreaming, type Operation } from '../../protocol/operations.ts';
import type { BindingClient, CallOptions, CallResult, StreamHandle, StreamResult } from '../wire/binding-client.ts';
import type { Reply } from '../wire/reply.ts';
import type { Deadlines } from './check.ts';

/** How many requests, each of another check or message, have to get nothing in a row. */
const witnessesNeeded = 3;

/** How many further ones may get nothing in the time of grace before even that is cut, and to which part. */
const furtherNeeded = 4;
const lastShare = 0.25;

/** What became of the requests of one kind. */
interface Kind {
  /** Those that got nothing in the time of an operation since one got something. */
  readonly witnesses: Set<string>;
  /** How many were cut short since. */
  further: number;
  /** The longest that one waited for what it got, in milliseconds. */
  longestMs: number;
}

const isSilent = ({ witnesses }: Kind): boolean => witnesses.size >= witnessesNeeded;

/**
 * The patience that a run has with one interface. Where several independent requests in a row got nothing at all in the time of
 * an operation, the others of their kind (unary, streaming, or of that one operation) get the time of grace only, and after a few
 * more a part of it, so that an interface that hangs does not cost the time of every operation one after the other. An interface
 * that was slow before gets twice the time that it took; what answers ends it all. It changes no judgement: silence is never a
 * violation, and what is cut short is `untested` with this as its reason.
 */
export class Patience {
  readonly #fullMs: number;
  readonly #shortMs: number;
  readonly #kinds = new Map<string, Kind>();
  readonly #waiting = new Set<Waiting>();
  #messages = 0;

  constructor({ operationMs, graceMs }: Pick<Deadlines, 'operationMs' | 'graceMs'>) {
    this.#fullMs = operationMs;
    this.#shortMs = Math.min(operationMs, graceMs);
  }

  /** @param check whose requests count as one; absent: each request counts by itself, as messages of exploration do */
  client(client: BindingClient, check?: string): BindingClient {
    const witness = (): string => check ?? `message ${(this.#messages += 1)}`;
    return {
      interface: client.interface,
      call: (operation, params, options) =>
        this.#limited(operation, options, async (waiting) => {
          const result = await client.call(operation, params, waiting.options);
          this.#learn(result, waiting, witness);
          return this.#explained(result, waiting);
        }),
      stream: (operation, params, options) =>
        this.#limited(operation, options, async (waiting) => {
          const handle = await client.stream(operation, params, { ...options, ...waiting.options });
          if (handle.opened) this.#listen(handle, waiting, witness);
          else {
            const { exchange, reply } = await handle.done;
            // A refusal is none of what streams bring.
            if (reply?.kind === 'none') this.#learn({ exchange, reply }, waiting, witness);
          }
          return new PatientStream(handle, (result) => this.#explained(result, waiting));
        }),
      // What is malformed may hang for its own reasons, and be refused by another layer: it tells nothing of others.
      raw: (request, options) =>
        this.#limited(request.operation, options, async (waiting) =>
          this.#explained(await client.raw(request, waiting.options), waiting),
        ),
      callMalformed: (operation, params, violation, options) =>
        this.#limited(operation, options, async (waiting) =>
          this.#explained(await client.callMalformed(operation, params, violation, waiting.options), waiting),
        ),
    };
  }

  async #limited<Result extends CallResult | StreamHandle>(
    operation: Operation | undefined,
    options: CallOptions = {},
    send: (waiting: Waiting) => Promise<Result>,
  ): Promise<Result> {
    const kinds = kindsOf(operation);
    const { timeoutMs = this.#fullMs } = options;
    const patienceMs = this.#patienceWith(kinds);
    const limits = { timeoutMs: Math.min(timeoutMs, patienceMs), isShort: patienceMs < this.#fullMs };
    // A wait that a check made shorter by itself tells nothing.
    const isTelling = timeoutMs >= Math.min(patienceMs, this.#fullMs);
    const waiting = new Waiting(kinds, options, { ...limits, isTelling });
    this.#waiting.add(waiting);
    const end = (): void => {
      this.#waiting.delete(waiting);
      waiting.end();
    };
    try {
      const result = await send(waiting);
      if ('done' in result) void result.done.then(end);
      else end();
      return result;
    } catch (error) {
      end();
      throw error;
    }
  }

  /** A stream that opened: heard by its first result, unheard where nothing comes in time. */
  #listen(handle: StreamHandle, waiting: Waiting, witness: () => string): void {
    const patienceMs = Math.min(this.#fullMs, waiting.isShort ? this.#patienceWith(waiting.kinds) : Infinity);
    const leftMs = Math.max(0, patienceMs - waiting.elapsedMs);
    let heard = false;
    waiting.giveUp = () => {
      if (handle.events.length === 0) handle.close();
    };
    const timer = setTimeout(() => {
      if (handle.events.length > 0) return;
      if (waiting.isTelling) this.#unheard(waiting, witness);
      if (waiting.isShort) handle.close();
    }, leftMs);
    void handle.done.then(() => clearTimeout(timer));
    // The event itself is the check's.
    void handle.next(({ reply }) => {
      if (!heard && reply.kind === 'result') this.#heard(waiting);
      heard ||= reply.kind === 'result';
      return false;
    }, leftMs + this.#shortMs);
  }

  #learn({ exchange, reply }: CallResult, waiting: Waiting, witness: () => string): void {
    if (reply.kind !== 'none') return this.#heard(waiting);
    const { endedBy, response, startedAt, endedAt } = exchange;
    const gaveUp = endedBy === 'deadline' || endedBy === 'client';
    // But for a moment: who sends several at once gives up all of them with the first.
    const hadTime = waiting.isShort || endedAt - startedAt >= 0.9 * this.#fullMs;
    if (waiting.isTelling && gaveUp && response === null && hadTime) this.#unheard(waiting, witness);
  }

  /** How long a request of these kinds may get nothing. */
  #patienceWith(kinds: readonly string[]): number {
    const known = kinds.flatMap((kind) => this.#kinds.get(kind) ?? []);
    const silent = known.filter(isSilent);
    if (silent.length === 0) return Infinity;
    const share = silent.some(({ further }) => further >= furtherNeeded) ? lastShare : 1;
    return Math.max(share * this.#shortMs, ...known.map(({ longestMs }) => 2 * longestMs));
  }

  #heard({ kinds, elapsedMs }: Waiting): void {
    for (const kind of kinds) {
      const longestMs = Math.max(elapsedMs, this.#kinds.get(kind)?.longestMs ?? 0);
      this.#kinds.set(kind, { witnesses: new Set(), further: 0, longestMs });
    }
  }

  #unheard({ kinds, isShort }: Waiting, witness: () => string): void {
    for (const name of kinds) {
      const kind = this.#kinds.get(name) ?? { witnesses: new Set(), further: 0, longestMs: 0 };
      this.#kinds.set(name, kind);
      if (isShort) kind.further += 1;
      else kind.witnesses.add(witness());
    }
    for (const waiting of this.#waiting) waiting.shorten(this.#patienceWith(waiting.kinds));
  }

  #explained<Result extends { readonly reply?: Reply }>(result: Result, { isShort }: Waiting): Result {
    const { reply } = result;
    if (!isShort || reply?.kind !== 'none') return result;
    const why = `given no more time, since ${witnessesNeeded} requests had no answer within ${this.#fullMs} ms`;
    const failure = { ...reply.failure, message: `${reply.failure.message}; ${why}` };
    return { ...result, reply: { ...reply, failure } };
  }
}

/** One request for which a client waits. */
class Waiting {
  readonly kinds: readonly string[];
  readonly options: CallOptions;
  /** Whether it has all the time that there is. */
  readonly isTelling: boolean;
  readonly #startedAt = performance.now();
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isShort: boolean;
  giveUp = (): void => this.#controller.abort();

  constructor(
    kinds: readonly string[],
    options: CallOptions,
    { timeoutMs, isShort, isTelling }: { timeoutMs: number; isShort: boolean; isTelling: boolean },
  ) {
    const own = this.#controller.signal;
    this.kinds = kinds;
    this.#isShort = isShort;
    this.isTelling = isTelling;
    this.options = {
      ...options,
      timeoutMs,
      signal: options.signal === undefined ? own : AbortSignal.any([options.signal, own]),
    };
  }

  /** Whether it gets, or got, less than the time of an operation. */
  get isShort(): boolean {
    return this.#isShort;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  shorten(toMs: number): void {
    if (this.#isShort || !Number.isFinite(toMs)) return;
    this.#isShort = true;
    this.#timer = setTimeout(() => this.giveUp(), Math.max(0, toMs - this.elapsedMs));
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** A stream whose end is told with the reason why it was not waited for. */
class PatientStream implements StreamHandle {
  readonly #handle: StreamHandle;
  readonly events: StreamHandle['events'];
  readonly done: StreamHandle['done'];

  constructor(handle: StreamHandle, explain: (result: StreamResult) => StreamResult) {
    this.#handle = handle;
    this.events = handle.events;
    this.done = handle.done.then(explain);
  }

  get opened(): boolean {
    return this.#handle.opened;
  }

  next(...request: Parameters<StreamHandle['next']>): ReturnType<StreamHandle['next']> {
    return this.#handle.next(...request);
  }

  close(): void {
    this.#handle.close();
  }
}

function kindsOf(operation: Operation | undefined): readonly string[] {
  if (operation === undefined) return ['unary'];
  return [isStreaming(operation) ? 'streaming' : 'unary', operation];
}
