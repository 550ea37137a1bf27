import type { CallOptions, CallResult, BindingClient, StreamHandle } from '../wire/binding-client.ts';
import type { HttpPort, HttpStream } from '../wire/http/http-port.ts';

/** Thrown at a probe that goes on sending after its check is over. */
export class CheckOver extends Error {
  constructor() {
    super('the check is over');
    this.name = 'CheckOver';
  }
}

/**
 * All I/O of one probe: ended with it, and known while it goes on. Streams that a probe leaves open are closed with the check,
 * so that nothing of it is still under way when the history is judged.
 */
export class ProbeScope {
  readonly #controller = new AbortController();
  readonly #pending = new Set<Promise<unknown>>();
  #sawDeadline = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it is the target that the probe waits, or had to wait, for. */
  get waitedForTarget(): boolean {
    return this.#sawDeadline || this.#pending.size > 0;
  }

  /** Ends all I/O; resolves once every exchange is recorded. */
  async end(): Promise<void> {
    this.#controller.abort();
    await Promise.allSettled([...this.#pending]);
  }

  http(port: HttpPort): HttpPort {
    const followed = (open: () => HttpStream): HttpStream => {
      if (this.signal.aborted) throw new CheckOver();
      const stream = open();
      this.#follow(stream.done);
      return stream;
    };
    return {
      send: (send) => this.#track(() => port.send({ ...send, signal: this.#with(send.signal) })),
      open: (send) => followed(() => port.open({ ...send, signal: this.#with(send.signal) })),
      grpc: (send) => followed(() => port.grpc({ ...send, signal: this.#with(send.signal) })),
      // The port belongs to the run.
      close: () => Promise.resolve(),
    };
  }

  client(client: BindingClient): BindingClient {
    const scoped = <Options extends CallOptions>(options: Options | undefined) => ({
      ...options,
      signal: this.#with(options?.signal),
    });
    const call = (send: () => Promise<CallResult>): Promise<CallResult> =>
      this.#track(async () => {
        const result = await send();
        this.#note(result);
        return result;
      });
    return {
      interface: client.interface,
      call: (operation, params, options) => call(() => client.call(operation, params, scoped(options))),
      raw: (request, options) => call(() => client.raw(request, scoped(options))),
      callMalformed: (operation, params, violation, options) =>
        call(() => client.callMalformed(operation, params, violation, scoped(options))),
      stream: (operation, params, options) =>
        this.#track(async (): Promise<StreamHandle> => {
          const stream = await client.stream(operation, params, scoped(options));
          this.#follow(stream.done.then((result) => this.#note(result)));
          return stream;
        }),
    };
  }

  #with(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.signal : AbortSignal.any([signal, this.signal]);
  }

  #note({ exchange }: Pick<CallResult, 'exchange'>): void {
    const { endedBy, events, outcome } = exchange;
    // A stream that brought nothing is given up by the harness in the end.
    this.#sawDeadline ||= endedBy === 'deadline' || (outcome === 'indefinite' && events.length === 0);
  }

  async #track<Value>(send: () => Promise<Value>): Promise<Value> {
    if (this.signal.aborted) throw new CheckOver();
    const sent = send();
    this.#follow(sent);
    return await sent;
  }

  #follow(promise: Promise<unknown>): void {
    const settled: Promise<boolean> = promise.then(
      () => this.#pending.delete(settled),
      () => this.#pending.delete(settled),
    );
    this.#pending.add(settled);
  }
}
