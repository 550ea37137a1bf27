import { isInterrupted, isTerminal } from '../protocol/task-state.ts';
import { isObject } from '../core/invariants/json.ts';
import { describeReply, type Reply } from '../core/wire/reply.ts';
import type { LoadTarget } from './connect.ts';
import { LoadError } from './load-error.ts';
import type { LoadSettings } from './options.ts';

/** What one task showed before the load. */
export interface Trial {
  /** Milliseconds from the request to its end. */
  readonly durationMs: number;
}

interface Ending {
  readonly kind: 'end' | 'error';
  readonly said: string;
}

const memberOf = (value: unknown, name: string): Readonly<Record<string, unknown>> | undefined => {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : undefined;
};

const stateOf = (holder: Readonly<Record<string, unknown>> | undefined): string => {
  const state = memberOf(holder, 'status')?.['state'];
  return typeof state === 'string' ? state : '';
};

/** What a reply or an event means for the end of the task; undefined for a step on the way. */
function endingOf(reply: Reply): Ending | undefined {
  if (reply.kind !== 'result') return { kind: 'error', said: describeReply(reply) };
  if (memberOf(reply.value, 'message') !== undefined) return { kind: 'end', said: 'a message' };
  const state = stateOf(memberOf(reply.value, 'statusUpdate') ?? memberOf(reply.value, 'task'));
  if (state === 'TASK_STATE_COMPLETED' || isInterrupted(state)) return { kind: 'end', said: state };
  return isTerminal(state) ? { kind: 'error', said: `the task ended as ${state}` } : undefined;
}

/**
 * Sends one task before the load, and waits for its end: whatever is wrong for all tasks is said at once and not after ten
 * minutes.
 *
 * @throws LoadError `trial-failed`; the signal's reason.
 */
export async function sendTrial(
  { client, interface: ref }: LoadTarget,
  settings: LoadSettings,
  signal: AbortSignal,
): Promise<Trial> {
  const { message, mode, taskTimeoutMs } = settings;
  const messageId = `${message.messageIdPrefix ?? 'load'}-trial-${crypto.randomUUID()}`;
  const params = { message: { messageId, role: 'ROLE_USER', parts: message.parts } };
  const began = performance.now();
  const ending =
    mode === 'plain'
      ? await plainEnding(await client.call('SendMessage', params, { timeoutMs: taskTimeoutMs, signal }))
      : await streamEnding(client, params, taskTimeoutMs, signal);
  signal.throwIfAborted();
  if (ending.kind === 'end') return { durationMs: performance.now() - began };
  throw new LoadError(
    'trial-failed',
    `one task was tried before the load, and it failed: ${ending.said} (${ref.url})`,
    hintFor(ending.said),
  );
}

function plainEnding({ reply }: { readonly reply: Reply }): Ending {
  // An agent may answer before the end of the task (§3.1.1).
  return endingOf(reply) ?? { kind: 'end', said: 'accepted' };
}

async function streamEnding(
  client: LoadTarget['client'],
  params: Readonly<Record<string, unknown>>,
  taskTimeoutMs: number,
  signal: AbortSignal,
): Promise<Ending> {
  const options = { timeoutMs: taskTimeoutMs, streamMs: taskTimeoutMs, signal };
  const stream = await client.stream('SendStreamingMessage', params, options);
  const last = await stream.next(({ reply }) => endingOf(reply) !== undefined, taskTimeoutMs);
  stream.close();
  const done = await stream.done;
  if (last !== undefined) return endingOf(last.reply)!;
  if (done.reply !== undefined) {
    return (
      (done.reply.kind === 'result' ? undefined : endingOf(done.reply)) ?? {
        kind: 'error',
        said: 'it was answered with plain JSON instead of an event stream',
      }
    );
  }
  const { endedBy } = done.exchange;
  const said =
    endedBy === 'server' || endedBy === 'broken'
      ? 'the stream ended before the task did'
      : `the task had no end after ${taskTimeoutMs / 1_000} s`;
  return { kind: 'error', said };
}

function hintFor(said: string): string {
  if (/HTTP 429/.test(said)) return 'the agent limits its rate: wait, or raise its limit';
  if (/HTTP 40[13]/.test(said)) return 'give credentials with --bearer <token> or --header <name: value>';
  if (/no end after/.test(said))
    return 'raise --task-timeout, or choose a message that the agent answers sooner (--message)';
  if (/ended as TASK_STATE/.test(said)) return 'choose a message that the agent can work on (--message)';
  return 'look into the log of the agent, or find out more with a2a-gauntlet check <url>';
}
