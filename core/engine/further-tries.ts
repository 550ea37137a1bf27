import { answerStatus } from '../wire/answer-status.ts';
import type { BindingClient, CallOptions, CallResult, StreamHandle } from '../wire/binding-client.ts';
import { Unelicited } from './check.ts';
import { wait } from './wait.ts';

/** HTTP answers about the caller: they would be the same again. */
const lasting: ReadonlySet<number> = new Set([401, 403, 407]);

/**
 * Whether an answer may tell of the agent's own trouble: InternalError, a code that no table has, or a page of HTTP 5xx. One that
 * several errors of the table share is about the request.
 */
export function mayBeTransient({ exchange, reply }: Pick<CallResult, 'exchange' | 'reply'>): boolean {
  if (reply.kind === 'malformed') return reply.status >= 500;
  if (reply.kind !== 'error' || lasting.has(answerStatus(exchange))) return false;
  const { name, possible = [] } = reply.error;
  return name === 'InternalError' || (name === undefined && possible.length === 0);
}

/** The pauses before the second try, the third and so on, in milliseconds: what troubles an agent may last for a moment. */
const pausesMs = [0, 100, 300, 600] as const;

/**
 * How often a request is made in all that fails in the same way. Where an accident was seen, a failure that went away when the same was
 * asked again, it is more often: of some thousand requests a few meet an accident three times in a row.
 */
export class Accidents {
  #tries: number;
  #count = 0;

  /** @param tries of an agent that is not known to have accidents */
  constructor(tries = 3) {
    this.#tries = tries;
  }

  get tries(): number {
    return this.#tries;
  }

  /** Requests that failed and were answered when they were made again. */
  get count(): number {
    return this.#count;
  }

  noteOne(): void {
    this.#count += 1;
    this.#tries = 1 + pausesMs.length;
  }
}

export interface FurtherTries {
  /** Shared by all clients of a run. */
  readonly accidents: Accidents;
  /** Ends the pauses: what was answered last counts. */
  readonly signal: AbortSignal;
}

/**
 * Asks again where a system error came (§3.3.2: a timeout downstream, a rate limit), which may meet any request and says nothing of
 * it. The last answer counts: what fails in the same way again and again is no accident. All are recorded.
 */
export function withFurtherTries(client: BindingClient, { accidents, signal }: FurtherTries): BindingClient {
  async function ask<Answer>(
    send: () => Promise<Answer>,
    isAccident: (answer: Answer) => boolean | Promise<boolean>,
    { once = false }: CallOptions = {},
  ): Promise<Answer> {
    let last = await send();
    if (once || !(await isAccident(last))) return last;
    for (let tries = 1; tries < accidents.tries && !signal.aborted; tries += 1) {
      await wait(pausesMs[tries - 1]!, signal);
      try {
        last = await send();
      } catch (error) {
        // The budget of tasks is used up: then the answer that came is all there is.
        if (error instanceof Unelicited) return last;
        throw error;
      }
      if (!(await isAccident(last))) {
        accidents.noteOne();
        return last;
      }
    }
    return last;
  }
  return {
    interface: client.interface,
    call: (...request) =>
      ask(
        marked(() => client.call(...request)),
        mayBeTransient,
        request[2],
      ),
    raw: (...request) => ask(() => client.raw(...request), mayBeTransient, request[1]),
    callMalformed: (...request) => ask(() => client.callMalformed(...request), mayBeTransient, request[3]),
    stream: (...request) => ask(() => client.stream(...request), wasRefusedByAccident, request[2]),
  };
}

/** Every answer but the first says that it is not. */
function marked(send: () => Promise<CallResult>): () => Promise<CallResult> {
  let calls = 0;
  return async () => ((calls += 1) === 1 ? await send() : { ...(await send()), repeated: true });
}

/** A plain answer in place of a stream is over in a moment; an open stream is left alone. */
async function wasRefusedByAccident(handle: StreamHandle): Promise<boolean> {
  if (handle.opened) return false;
  const { exchange, reply } = await handle.done;
  return reply !== undefined && mayBeTransient({ exchange, reply });
}
