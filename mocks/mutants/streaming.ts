import type { Mutant } from './mutant.ts';

const isStatus = (event: object): boolean => 'statusUpdate' in event;

export const streamingMutants: readonly Mutant[] = [
  {
    id: 'streaming/stays-open-after-terminal',
    description: 'The stream stays open after the terminal event',
    breaks: ['streaming/closes-at-terminal'],
    killedBy: [],
    fault: { streamEnd: () => 'keep-open' },
  },
  {
    id: 'streaming/event-after-terminal',
    description: 'A WORKING update follows the terminal event',
    breaks: ['streaming/nothing-after-terminal'],
    killedBy: [],
    fault: {
      event: (event, { last }) => {
        if (!last || !('statusUpdate' in event)) return event;
        const { statusUpdate } = event;
        return [event, { statusUpdate: { ...statusUpdate, status: { state: 'TASK_STATE_WORKING' } } }];
      },
    },
  },
  {
    id: 'streaming/first-event-not-a-task',
    description: 'Streams begin with the first update instead of the task',
    breaks: ['streaming/task-first'],
    killedBy: [],
    fault: { policy: { snapshotOmitted: true } },
  },
  {
    id: 'streaming/two-messages',
    description: 'A message-only stream has two messages',
    breaks: ['streaming/message-only'],
    killedBy: [],
    fault: { event: (event) => ('message' in event ? [event, event] : event) },
  },
  {
    id: 'streaming/id-not-echoed',
    description: 'Stream events have an id of their own',
    breaks: ['envelope/id-echoed'],
    killedBy: [],
    fault: { streamEnvelope: (envelope, { index }) => ({ ...envelope, id: `event-${index}` }) },
  },
  {
    id: 'streaming/second-subscriber-reordered',
    description: 'Every stream but the first gets each status update after the artifact update that follows it',
    breaks: ['streaming/same-events'],
    killedBy: [],
    fault: () => {
      const held = new Map<string, object>();
      return {
        event: (event, { taskId, subscription, index, last }) => {
          if (subscription === 0 || index === 0) return event;
          const key = `${taskId} ${subscription}`;
          const earlier = held.get(key);
          held.delete(key);
          if (earlier) return isStatus(event) ? [earlier, event] : [event, earlier];
          if (last || !isStatus(event)) return event;
          held.set(key, event);
          return null;
        },
      };
    },
  },
  {
    id: 'streaming/closing-one-ends-others',
    description: 'A client that closes its stream ends the other streams of the task',
    breaks: ['streaming/independent-streams'],
    killedBy: [],
    fault: { policy: { closingStreamEndsOthers: true } },
  },
  {
    id: 'streaming/subscribe-to-terminal',
    description: 'A subscription to a task in a terminal state is accepted',
    breaks: ['errors/subscribe-terminal-task'],
    killedBy: [],
    fault: { policy: { acceptSubscribeToTerminal: true } },
  },
];
