import type { EventContext, Fault } from '../reference-agent/hooks.ts';
import type { StreamResponse } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';

const concurrent = 'streaming/concurrent-streams';
const subscription = 'streaming/subscribe';
const interrupted = 'streaming/subscribe-interrupted';
const lifecycle = 'streaming/lifecycle';
const patterns = 'invariants/stream-patterns';

const isStatus = (event: object): boolean => 'statusUpdate' in event;

/** Streams of one operation stay open when they should end. */
const keptOpen =
  (operation: string, ofTask: boolean): NonNullable<Fault['streamEnd']> =>
  (stream) =>
    stream.operation === operation && (stream.taskId !== undefined) === ofTask ? 'keep-open' : 'close';

const streamKey = ({ taskId, operation, subscription: number }: EventContext): string =>
  `${taskId} ${operation} ${number}`;

/** The sender's stream says nothing before the task is over. */
const heldBack = (): Fault => {
  const held = new Map<string, object[]>();
  return {
    event: (event, context) => {
      if (context.operation !== 'SendStreamingMessage' || context.taskId === undefined) return event;
      const events = [...(held.get(streamKey(context)) ?? []), event];
      held.set(streamKey(context), context.last ? [] : events);
      return context.last ? events : null;
    },
  };
};

/** Every stream but the first gets each status update after the artifact update that follows it. */
const reordered = (): Fault => {
  const held = new Map<string, object>();
  return {
    event: (event, context) => {
      if (context.subscription === 0 || context.index === 0) return event;
      const key = streamKey(context);
      const earlier = held.get(key);
      held.delete(key);
      if (earlier) return isStatus(event) ? [earlier, event] : [event, earlier];
      if (context.last || !isStatus(event)) return event;
      held.set(key, event);
      return null;
    },
  };
};

/** The Task that began a stream comes once more before the second update. */
const snapshotAgain = (): Fault => {
  const snapshots = new Map<string, object>();
  return {
    event: (event, context) => {
      if ('task' in event) snapshots.set(streamKey(context), event);
      return context.index === 2 ? [snapshots.get(streamKey(context))!, event] : event;
    },
  };
};

/** The second and the third chunk of an artifact of three, in the wrong order, on every stream alike. */
function swappedChunks(event: StreamResponse): object {
  if (!('artifactUpdate' in event)) return event;
  const { artifactUpdate } = event;
  const { artifact } = artifactUpdate;
  const swapped: Readonly<Record<string, string>> = { 'chunk-2 ': 'chunk-3 ', 'chunk-3 ': 'chunk-2 ' };
  const parts = artifact.parts.map((part) => ({ ...part, text: swapped[part.text ?? ''] ?? part.text }));
  return { artifactUpdate: { ...artifactUpdate, artifact: { ...artifact, parts } } };
}

const changedChunk =
  (change: object): NonNullable<Fault['event']> =>
  (event) =>
    'artifactUpdate' in event ? { artifactUpdate: { ...event.artifactUpdate, ...change } } : event;

const isSubscription = ({ operation, index }: EventContext): boolean => operation === 'SubscribeToTask' && index > 0;

export const streamingMutants: readonly Mutant[] = [
  {
    id: 'streaming/refused',
    description: 'The card declares streaming, the agent has none',
    breaks: ['streaming/established', 'streaming/subscribe-established'],
    killedBy: [lifecycle, subscription],
    profile: 'minimal',
    fault: { card: (card) => ({ ...card, capabilities: { ...card.capabilities, streaming: true } }) },
  },
  {
    id: 'streaming/stays-open-after-terminal',
    description: 'The stream of a message stays open after the terminal event',
    breaks: ['streaming/closes-at-terminal'],
    killedBy: [lifecycle],
    fault: { streamEnd: keptOpen('SendStreamingMessage', true) },
  },
  {
    id: 'streaming/subscription-stays-open',
    description: 'A subscription stays open after the terminal event',
    breaks: ['streaming/subscribe-closes'],
    killedBy: [subscription, interrupted],
    fault: { streamEnd: keptOpen('SubscribeToTask', true) },
  },
  {
    id: 'streaming/message-stays-open',
    description: 'A stream stays open after its one Message',
    breaks: ['streaming/message-only'],
    killedBy: ['streaming/message'],
    fault: { streamEnd: keptOpen('SendStreamingMessage', false) },
  },
  {
    id: 'streaming/two-messages',
    description: 'A message-only stream has two messages',
    breaks: ['streaming/message-only'],
    killedBy: ['streaming/message', patterns],
    fault: { event: (event) => ('message' in event ? [event, event] : event) },
  },
  {
    id: 'streaming/event-after-terminal',
    description: 'Another artifact follows the terminal event',
    breaks: ['streaming/nothing-after-terminal'],
    killedBy: [patterns],
    fault: {
      event: (event, { last }) => {
        if (!last || !('statusUpdate' in event)) return event;
        const { taskId, contextId } = event.statusUpdate;
        const artifact = { artifactId: 'late', parts: [{ text: 'too late' }] };
        return [event, { artifactUpdate: { taskId, contextId, artifact } }];
      },
    },
  },
  {
    id: 'streaming/first-event-not-a-task',
    description: 'The stream of a message begins with the first update instead of the task',
    breaks: ['streaming/task-first'],
    killedBy: [patterns],
    fault: {
      event: (event, { operation }) => (operation === 'SendStreamingMessage' && 'task' in event ? null : event),
    },
  },
  {
    id: 'streaming/subscription-without-task',
    description: 'A subscription begins with the next update instead of the task',
    breaks: ['streaming/subscribe-task-first'],
    killedBy: [patterns],
    fault: { event: (event, { operation }) => (operation === 'SubscribeToTask' && 'task' in event ? null : event) },
  },
  {
    id: 'streaming/task-in-between',
    description: 'The task is sent again in the middle of its stream',
    breaks: ['streaming/updates-only'],
    killedBy: [patterns],
    fault: snapshotAgain,
  },
  {
    id: 'streaming/other-task',
    description: 'Artifact updates name another task',
    breaks: ['streaming/one-task'],
    killedBy: [patterns],
    fault: {
      event: (event) =>
        'artifactUpdate' in event
          ? { artifactUpdate: { ...event.artifactUpdate, taskId: `${event.artifactUpdate.taskId}-other` } }
          : event,
    },
  },
  {
    id: 'streaming/held-back',
    description: 'All events of a stream are sent together when the task is over',
    breaks: ['streaming/immediate-feedback'],
    killedBy: [lifecycle],
    // A message that completes in seconds.
    options: { stepMs: 1_000 },
    fault: heldBack,
  },
  {
    id: 'streaming/chunks-swapped',
    description: 'The chunks of an artifact arrive in another order than they were made',
    breaks: ['streaming/in-order'],
    killedBy: ['streaming/chunks'],
    fault: { event: swappedChunks },
  },
  {
    id: 'streaming/first-chunk-appends',
    description: 'The first chunk of an artifact is sent with append',
    breaks: ['streaming/append-known'],
    killedBy: [patterns],
    fault: { event: changedChunk({ append: true }) },
  },
  {
    id: 'streaming/every-chunk-is-last',
    description: 'Every chunk of an artifact says that it is the last one',
    breaks: ['streaming/last-chunk'],
    killedBy: [patterns],
    fault: { event: changedChunk({ lastChunk: true }) },
  },
  {
    id: 'streaming/end-not-shown',
    description: 'Streams close without the terminal event (topcheer/ggcode#1088)',
    breaks: ['streaming/end-delivered'],
    killedBy: [lifecycle],
    fault: { event: (event, { last }) => (last && isStatus(event) ? null : event) },
  },
  {
    id: 'streaming/returns-immediately',
    description: 'With returnImmediately a stream ends after the task',
    breaks: ['streaming/return-immediately'],
    killedBy: [lifecycle],
    fault: { policy: { streamReturnsImmediately: true } },
  },
  {
    id: 'streaming/second-subscriber-reordered',
    description: 'Every stream but the first gets each status update after the artifact update that follows it',
    breaks: ['streaming/same-events'],
    killedBy: [concurrent],
    fault: reordered,
  },
  {
    id: 'streaming/newest-stream-only',
    description: 'Only the newest stream of a task gets its events',
    breaks: ['streaming/same-events', 'streaming/subscribe-follows', 'streaming/subscribe-closes'],
    killedBy: [concurrent, interrupted],
    fault: { policy: { onlyNewestStreamGetsEvents: true } },
  },
  {
    id: 'streaming/closing-one-ends-others',
    description: 'A client that closes its stream ends the other streams of the task',
    breaks: ['streaming/independent-streams'],
    killedBy: [concurrent],
    fault: { policy: { closingStreamEndsOthers: true } },
  },
  {
    id: 'streaming/disconnect-cancels',
    description: 'A client that closes its stream cancels the task',
    breaks: ['streaming/disconnect-keeps-task', 'streaming/independent-streams'],
    killedBy: ['streaming/disconnect', concurrent],
    fault: { policy: { disconnectCancels: true } },
  },
  {
    id: 'streaming/subscription-silent',
    description: 'A subscription shows the task and then nothing more until it is closed at the end (a2a-tck#233)',
    breaks: ['streaming/subscribe-follows', 'streaming/same-events'],
    killedBy: [subscription, interrupted, concurrent],
    fault: { event: (event, context) => (isSubscription(context) ? null : event) },
  },
  {
    id: 'streaming/subscription-hangs',
    description: 'A subscription shows the task and then hangs for ever (a2a-dotnet#344)',
    breaks: ['streaming/subscribe-follows', 'streaming/subscribe-closes', 'streaming/same-events'],
    killedBy: [subscription, interrupted, concurrent],
    fault: {
      event: (event, context) => (isSubscription(context) ? null : event),
      streamEnd: keptOpen('SubscribeToTask', true),
    },
  },
  {
    id: 'streaming/interrupted-not-subscribable',
    description: 'A task that waits for input cannot be subscribed to (a2a-js#542)',
    breaks: ['streaming/subscribe-established'],
    killedBy: [interrupted],
    fault: { policy: { subscribeToInterruptedRefused: true } },
  },
  {
    id: 'streaming/subscription-outdated',
    description: 'The task that begins a subscription is in the state that it was created in',
    breaks: ['streaming/subscribe-current'],
    killedBy: [interrupted],
    fault: {
      task: (task, { operation }) =>
        operation === 'SubscribeToTask' ? { ...task, status: { ...task.status, state: 'TASK_STATE_SUBMITTED' } } : task,
    },
  },
  {
    id: 'streaming/subscription-without-artifacts',
    description: 'The task that begins a subscription has no artifacts, so that chunks append to nothing',
    breaks: ['streaming/subscribe-current', 'streaming/subscribe-no-gap', 'streaming/append-known'],
    killedBy: [subscription, patterns],
    // The chunks have to come while the subscription is open, on a busy machine too.
    options: { stepMs: 400 },
    fault: {
      task: ({ artifacts, ...task }, { operation }) =>
        operation === 'SubscribeToTask' || artifacts === undefined ? task : { ...task, artifacts },
    },
  },
  {
    id: 'streaming/closes-at-auth-required',
    description: 'Streams close while a credential is awaited',
    breaks: ['streaming/auth-required-open'],
    killedBy: ['streaming/auth-required'],
    fault: { policy: { streamsEndWhenInterrupted: true } },
  },
];
