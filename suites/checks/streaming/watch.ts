import type { ProbeContext } from '../../../core/engine/check.ts';
import { countDown } from '../../../core/engine/countdown.ts';
import { wait } from '../../../core/engine/wait.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { streamItems, terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import type { CallOptions, CallResult, StreamHandle } from '../../../core/wire/binding-client.ts';
import { mayBe, type Reply } from '../../../core/wire/reply.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';
import { stateIn } from '../shared/task-parts.ts';

/** A stream that was read to its end, or as long as there was something to wait for. */
export interface WatchedStream {
  readonly exchange: Exchange;
  readonly items: readonly StreamItem[];
  /** The answer where no stream was started, plain or as the first event of one. */
  readonly refusal: Reply | undefined;
  /**
   * `closed`: the agent ended it. `left-open`: its end was due (a terminal event or Message on it, or GetTask terminal)
   * and `graceMs` later it was still open. `broken`: the connection failed. `undecided`: neither in the time of a task.
   */
  readonly end: 'closed' | 'left-open' | 'broken' | 'undecided';
  /** Why the end was due. */
  readonly due: 'terminal event' | 'Message' | 'GetTask' | undefined;
  /** The GetTask that showed the terminal state, where the stream did not. */
  readonly got: CallResult | undefined;
}

/** Whether the stream ends within the time; returns as soon as it does. */
export async function endsWithin(handle: StreamHandle, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const stop = countDown(milliseconds, () => late.resolve(false));
  try {
    return await Promise.race([handle.done.then(() => true), late.promise]);
  } finally {
    stop();
  }
}

/** The Task, and with it the id, that a stream begins with; undefined where there is none in time. */
export async function firstTaskId(handle: StreamHandle, milliseconds: number): Promise<string | undefined> {
  const idIn = (): string | undefined => streamItems(handle.events).find(({ taskId }) => taskId !== undefined)?.taskId;
  await handle.next(() => idIn() !== undefined, milliseconds);
  return idIn();
}

/**
 * Subscribes to a task that is known, and waits for what the stream begins with; once more after the time of grace, where a
 * copy that lags may not have the task yet.
 */
export async function subscribeTo(
  { client, deadlines, signal }: ProbeContext,
  id: string,
  options: CallOptions = {},
): Promise<StreamHandle> {
  const open = async (): Promise<StreamHandle> => {
    const handle = await client.stream('SubscribeToTask', { id }, options);
    await firstTaskId(handle, deadlines.operationMs);
    return handle;
  };
  const handle = await open();
  if (!(await endsWithin(handle, 0))) return handle;
  const { reply, events } = await handle.done;
  const refusal = reply ?? events[0]?.reply;
  if (refusal?.kind !== 'error' || !mayBe(refusal.error, 'TaskNotFoundError')) return handle;
  await wait(deadlines.graceMs, signal);
  return open();
}

/** Waits for one more event than there are now; false where the stream ended or the time passed first. */
export async function oneMoreEvent(handle: StreamHandle, milliseconds: number): Promise<boolean> {
  const seen = handle.events.length;
  await handle.next(() => handle.events.length > seen, milliseconds);
  return handle.events.length > seen;
}

const itemsOf = (handle: StreamHandle): readonly StreamItem[] => streamItems(handle.events);

function dueBy(items: readonly StreamItem[]): 'terminal event' | 'Message' | undefined {
  if (items[0]?.kind === 'message') return 'Message';
  return terminalItem(items) === undefined ? undefined : 'terminal event';
}

/**
 * Reads a stream until it ends. Where the stream is silent, GetTask is the second observation: once the task is
 * terminal, what is still to come has `graceMs`. Closes the stream in every case.
 */
export async function watch(context: ProbeContext, handle: StreamHandle): Promise<WatchedStream> {
  const { graceMs, taskMs } = context.deadlines;
  const started = performance.now();
  let due: WatchedStream['due'];
  let got: CallResult | undefined;
  let ended = await endsWithin(handle, 0);
  while (!ended && due === undefined && performance.now() - started < taskMs && !context.signal.aborted) {
    due = dueBy(itemsOf(handle));
    if (due !== undefined) break;
    const more = await oneMoreEvent(handle, graceMs);
    ended = await endsWithin(handle, 0);
    const taskId = itemsOf(handle).find((item) => item.taskId !== undefined)?.taskId;
    if (more || ended || taskId === undefined) continue;
    const answer = await context.client.call('GetTask', { id: taskId });
    // A task that waits for its client does not go on by itself.
    if (isInterrupted(stateIn(answer))) break;
    if (isTerminal(stateIn(answer))) {
      got = answer;
      // Events may still be on their way: only a stream that stays silent is due by GetTask.
      if (!(await oneMoreEvent(handle, graceMs))) due = 'GetTask';
      ended = await endsWithin(handle, 0);
    }
  }
  if (!ended) ended = await endsWithin(handle, due === undefined || due === 'GetTask' ? 0 : graceMs);
  return finish(handle, { ended, due: due ?? dueBy(itemsOf(handle)), got });
}

/** A guest cleans up: cancels the task of a stream that did not show its end. */
export async function cancelUnended({ client }: Pick<ProbeContext, 'client'>, { items }: WatchedStream): Promise<void> {
  const id = items.find(({ taskId }) => taskId !== undefined)?.taskId;
  if (id === undefined || terminalItem(items)) return;
  const answer = await client.call('GetTask', { id });
  if (answer.reply.kind === 'result' && !isTerminal(stateIn(answer))) await client.call('CancelTask', { id });
}

/** Closes a stream and keeps what it showed. */
export async function leave(handle: StreamHandle): Promise<WatchedStream> {
  return finish(handle, { ended: await endsWithin(handle, 0), due: undefined, got: undefined });
}

async function finish(
  handle: StreamHandle,
  { ended, due, got }: { ended: boolean; due: WatchedStream['due']; got: CallResult | undefined },
): Promise<WatchedStream> {
  handle.close();
  const { exchange, events, reply } = await handle.done;
  const items = streamItems(events);
  const refusal = reply ?? (events[0]?.reply.kind === 'error' ? events[0].reply : undefined);
  const open = due === undefined ? 'undecided' : 'left-open';
  const end = !ended
    ? open
    : exchange.endedBy === 'server'
      ? 'closed'
      : exchange.endedBy === 'broken'
        ? 'broken'
        : 'undecided';
  return { exchange, items, refusal, end, due, got };
}
