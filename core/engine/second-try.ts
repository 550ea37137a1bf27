import type { BindingClient, CallOptions, CallResult, StreamHandle } from '../wire/binding-client.ts';
import { answerStatus } from '../wire/answer-status.ts';
import { Unelicited } from './check.ts';

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

/**
 * Asks once more where a system error came (§3.3.2: a timeout downstream, a rate limit), which may meet any request and says
 * nothing of it. The second answer counts: what fails in the same way twice is no accident. Both are recorded.
 */
export function withSecondTry(client: BindingClient): BindingClient {
  async function twice<Answer>(
    send: () => Promise<Answer>,
    isAccident: (answer: Answer) => boolean | Promise<boolean>,
    { once = false }: CallOptions = {},
  ): Promise<Answer> {
    const first = await send();
    if (once || !(await isAccident(first))) return first;
    try {
      return await send();
    } catch (error) {
      // The budget of tasks is used up: then the first answer is all there is.
      if (error instanceof Unelicited) return first;
      throw error;
    }
  }
  return {
    interface: client.interface,
    call: (...request) => twice(() => client.call(...request), mayBeTransient, request[2]),
    raw: (...request) => twice(() => client.raw(...request), mayBeTransient, request[1]),
    callMalformed: (...request) => twice(() => client.callMalformed(...request), mayBeTransient, request[3]),
    stream: (...request) => twice(() => client.stream(...request), wasRefusedByAccident, request[2]),
  };
}

/** A plain answer in place of a stream is over in a moment; an open stream is left alone. */
async function wasRefusedByAccident(handle: StreamHandle): Promise<boolean> {
  if (handle.opened) return false;
  const { exchange, reply } = await handle.done;
  return reply !== undefined && mayBeTransient({ exchange, reply });
}
