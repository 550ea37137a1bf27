import { defineCheck, type Deadlines, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, type Judgement } from '../../../core/findings/judgement.ts';
import { streamItems } from '../../../core/history/stream-view.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { judgeSameEvents } from './concurrent-judges.ts';
import { simultaneousMs } from './same-events.ts';
import { endsWithin, firstTaskId, leave, watch, type WatchedStream } from './watch.ts';

interface Observation {
  readonly stream: WatchedStream;
  /** Whether the stream was over within the time of grace after AUTH_REQUIRED. */
  readonly closed: boolean;
  /** A subscription beside it, which was there when a message came to the task; undefined where the first was closed. */
  readonly beside: WatchedStream | undefined;
}

const state = 'TASK_STATE_AUTH_REQUIRED';

/** §7.6.1, §3.5.2: streams are kept open while a credential is awaited, and get what the next message brings about. */
export const authRequired = defineCheck({
  id: 'streaming/auth-required',
  title: 'Two streams of a task that asks for authorization, and a message to that task',
  requirements: ['streaming/auth-required-open', 'streaming/same-events'],
  needs: [needsCapability('streaming'), needsStimulus('auth-required')],
  lasting: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines } = context;
    const handle = await context.sendStreaming('auth-required', {}, { actor: 'first' });
    const shows = (): boolean =>
      streamItems(handle.events).some((item) => item.state === state || isTerminal(item.state));
    await handle.next(shows, deadlines.taskMs);
    const closed = await endsWithin(handle, deadlines.graceMs);
    const items = streamItems(handle.events);
    const id = items.find(({ taskId }) => taskId !== undefined)?.taskId;
    if (closed || id === undefined || items.some(({ terminal }) => terminal)) {
      const stream = await leave(handle);
      if (id !== undefined) await client.call('CancelTask', { id });
      return { stream, closed, beside: undefined };
    }
    const subscription = await client.stream('SubscribeToTask', { id }, { actor: 'second' });
    await firstTaskId(subscription, deadlines.operationMs);
    // An agent that serves one stream a task, which it may, gives up one of them now, before anything happens.
    await endsWithin(handle, simultaneousMs);
    // A negotiation without a credential (§7.6.1): the agent goes on, asks again, or refuses the message.
    const parts = [{ text: 'done' }];
    const message = { messageId: context.id('message'), role: 'ROLE_USER', parts, taskId: id };
    await client.call('SendMessage', { message, configuration: { returnImmediately: true } });
    const [stream, beside] = await Promise.all([watch(context, handle), watch(context, subscription)]);
    await cancelTaskIn(context, await client.call('GetTask', { id }));
    return { stream, closed, beside };
  },

  judge({ stream, closed, beside }, { deadlines }) {
    return {
      'streaming/auth-required-open': judgeOpen(stream, closed, deadlines),
      'streaming/same-events': beside
        ? judgeSameEvents({ sender: stream, stayed: beside })
        : untested('there was no second stream of the task', 'see streaming/auth-required-open', stream.exchange),
    };
  },
});

function judgeOpen({ exchange, items }: WatchedStream, closed: boolean, { graceMs }: Deadlines): Judgement {
  const [asked] = items.filter((item) => item.state === state || item.terminal);
  if (asked?.state !== state) {
    return untested('the stream shows no TASK_STATE_AUTH_REQUIRED', 'name a stimulus "auth-required"', exchange);
  }
  if (!closed) return holds('the stream is kept open in TASK_STATE_AUTH_REQUIRED', exchange);
  if (items.some(({ terminal }) => terminal)) {
    return untested('the task went on at once', 'name a stimulus "auth-required" that waits', exchange);
  }
  if (exchange.endedBy !== 'server') {
    const why = `the harness stopped reading, or the connection failed (${exchange.endedBy})`;
    return exchange.endedBy === 'deadline' && exchange.endedAt - asked.at >= graceMs
      ? holds('the stream was open in TASK_STATE_AUTH_REQUIRED as long as it was read', exchange)
      : untested(why, 'run again; see --timeout', exchange);
  }
  return ambiguous(
    'the agent closed the stream in TASK_STATE_AUTH_REQUIRED',
    [
      '§7.6.1: streams SHOULD be maintained where the credential comes out-of-band, as it does unless negotiated',
      '§11.7: a stream closes at a terminal or interrupted state; a credential may have been negotiated in-band',
    ],
    exchange,
  );
}
