import { unsupportedOperation } from '../reference-agent/errors.ts';
import type { EventContext, Fault } from '../reference-agent/hooks.ts';
import type { StreamResponse, Task } from '../reference-agent/types.ts';
import { changeHeaders, later, type HttpHook } from './respond.ts';
import type { Variant } from './variant.ts';

const isUpdate = (event: StreamResponse): boolean => 'statusUpdate' in event || 'artifactUpdate' in event;

/** The task with the event as the stream shows it. */
const snapshot = ({ task }: EventContext): readonly { readonly task: Task }[] => (task ? [{ task }] : []);

const isLong = ({ task }: EventContext): boolean =>
  task?.history?.[0]?.messageId.startsWith('test-resubscribe-message-id') === true;

/** Ends every `period`-th stream so many milliseconds after its beginning, in good order or not. */
function cutsStreams(period: number, ms: number, broken = false): HttpHook {
  let streams = 0;
  return (request, response, next) => {
    changeHeaders(response, (headers) => {
      if (headers['Content-Type'] !== 'text/event-stream') return headers;
      streams += 1;
      if (streams % period === 0) later(ms, () => (broken ? request.socket.resetAndDestroy() : response.end()));
      return headers;
    });
    response.on('error', () => response.destroy());
    next();
  };
}

/** Of every `period`-th stream nothing but the head is let through. */
function emptiesStreams(period: number): HttpHook {
  let streams = 0;
  return (_, response, next) => {
    const write = response.write.bind(response) as (chunk: unknown) => boolean;
    let isEmpty = false;
    response.write = ((chunk: unknown) => isEmpty || write(chunk)) as typeof response.write;
    changeHeaders(response, (headers) => {
      if (headers['Content-Type'] === 'text/event-stream') isEmpty = (streams += 1) % period === 0;
      if (isEmpty) later(2, () => response.end());
      return headers;
    });
    response.on('error', () => response.destroy());
    next();
  };
}

/** Subscriptions are over so many milliseconds after their beginning. */
const cutsSubscriptions = (ms: number): Fault => {
  const mark = 'X-Stream';
  return {
    streamHead: (head, { method = '' }) => ({ ...head, headers: { ...head.headers, [mark]: method } }),
    http: (_, response, next) => {
      changeHeaders(response, (headers) => {
        if (headers[mark] === 'SubscribeToTask') later(ms, () => response.end());
        return headers;
      });
      response.on('error', () => response.destroy());
      next();
    },
  };
};

/** The first event of a turn that answers an interruption comes with the Task again. */
function tasksOfFollowUps(): Fault {
  const turns = new Map<string, number>();
  return {
    event: (event, context) => {
      const { task } = context;
      if (!task || !('statusUpdate' in event)) return event;
      const asked = (task.history ?? []).filter(({ role }) => role === 'ROLE_USER').length;
      const key = `${task.id} ${context.subscription}`;
      const before = turns.get(key) ?? asked;
      turns.set(key, asked);
      return asked > before && event.statusUpdate.status.state === 'TASK_STATE_WORKING' ? [{ task }, event] : event;
    },
  };
}

/** A further message ends the stream of the first one with an error: what it brings about is for the other streams. */
function endedByFollowUps(): Fault {
  const mark = 'ended by a follow-up';
  const { code, message, details } = unsupportedOperation('The task has got another message').content;
  return {
    event: (event, { operation, task, index }) => {
      const asked = (task?.history ?? []).filter(({ role }) => role === 'ROLE_USER').length;
      if (operation !== 'SendStreamingMessage' || index === 0 || asked < 2) return event;
      const working = 'statusUpdate' in event && event.statusUpdate.status.state === 'TASK_STATE_WORKING';
      return working ? { [mark]: true } : null;
    },
    streamEnvelope: ({ id, result, ...rest }) =>
      typeof result === 'object' && result !== null && mark in result
        ? { jsonrpc: '2.0', id, error: { code, message, data: details } }
        : { id, result, ...rest },
  };
}

export const streamVariants: readonly Variant[] = [
  {
    id: 'streams/final-snapshot',
    description: 'The Task is sent once more before the stream closes',
    allowedBy: '§11.7: MAY optionally resend a final Task snapshot before closing',
    fault: { event: (event, context) => (context.last && isUpdate(event) ? [event, ...snapshot(context)] : event) },
  },
  {
    id: 'streams/closed-when-interrupted',
    description: 'Streams close at INPUT_REQUIRED and AUTH_REQUIRED',
    allowedBy: '§11.7: until a terminal or interrupted state, at which point the stream closes',
    warns: ['streaming/auth-required-open'],
    fault: { policy: { streamsEndWhenInterrupted: true, interruptedSubscriptionsEnd: true } },
  },
  {
    id: 'streams/one-a-task',
    description: 'A subscription to a task that has a stream is refused',
    allowedBy: '§3.5.2: an agent MAY serve several streams; §3.3.2: an aspect of an operation may be unsupported',
    fault: {
      refuse: ({ operation, openStreams }) =>
        operation === 'SubscribeToTask' && openStreams > 0
          ? unsupportedOperation('This task has a stream already').content
          : undefined,
    },
  },
  {
    id: 'streams/newest-only',
    description: 'A new stream of a task ends the one before it',
    allowedBy: '§3.5.2: an agent MAY serve several streams at once, and this one does not',
    warns: ['streaming/end-delivered'],
    fault: { policy: { newStreamEndsOthers: true } },
  },
  {
    id: 'streams/cut-by-age',
    description: 'A proxy ends every stream after half a second, in good order',
    allowedBy: '§3.5.2: a client reconnects after an interruption; only the end of the task MUST close a stream',
    warns: ['streaming/end-delivered', 'streaming/auth-required-open'],
    fault: () => ({ http: cutsStreams(1, 500) }),
  },
  {
    id: 'streams/cut-now-and-then',
    description: 'Every seventh stream is closed by a proxy, in good order, a moment after its first event',
    allowedBy: '§3.5.2: a client reconnects after an interruption; only the end of the task MUST close a stream',
    warns: ['streaming/end-delivered', 'streaming/auth-required-open'],
    fault: () => ({ http: cutsStreams(7, 3) }),
  },
  {
    id: 'streams/broken-now-and-then',
    description: 'The connection of every seventh stream breaks a moment after its first event',
    allowedBy: 'no section promises a network; what was not received says nothing',
    warns: ['streaming/end-delivered'],
    fault: () => ({ http: cutsStreams(7, 3, true) }),
  },
  {
    id: 'streams/subscriptions-over-at-once',
    description: 'A subscription shows the Task, and closes a moment later; the sender’s stream goes on to the end',
    allowedBy:
      '§3.5.2 speaks of active streams; only the end of the task MUST close one, and nothing forbids to do so earlier',
    warns: ['streaming/subscribe-follows', 'streaming/end-delivered'],
    fault: cutsSubscriptions(20),
  },
  {
    id: 'streams/empty-now-and-then',
    description: 'Every fifth stream is closed by a proxy before its first event',
    allowedBy: '§3.5.2: a client reconnects after an interruption',
    fault: () => ({ http: emptiesStreams(5) }),
  },
  {
    id: 'streams/closed-late',
    description: 'A stream is closed half a second after its last event',
    allowedBy: '§3.1.2: MUST close when the task reaches a terminal state; no time is named',
    fault: {
      http: (_, response, next) => {
        let isStream = false;
        changeHeaders(response, (headers) => {
          isStream = headers['Content-Type'] === 'text/event-stream';
          return headers;
        });
        const end = response.end.bind(response) as (chunk?: unknown) => typeof response;
        response.end = ((chunk?: unknown) => {
          if (isStream) later(500, () => end());
          else end(chunk);
          return response;
        }) as typeof response.end;
        next();
      },
    },
  },
  {
    id: 'streams/broken-off-by-an-error',
    description: 'The stream of long work ends with an internal error after a few events; the task goes on',
    allowedBy: '§3.3.2: any operation may return an error, a stream that has begun too',
    warns: ['streaming/updates-only', 'streaming/end-delivered'],
    fault: {
      streamEnvelope: (envelope, { index }) =>
        index === 4 ? { jsonrpc: '2.0', id: envelope.id, error: { code: -32603, message: 'Lost the task' } } : envelope,
      event: (event, { index }) => (index > 4 ? null : event),
    },
  },
  {
    id: 'streams/ended-by-a-follow-up',
    description: 'A further message to the task ends the stream of the first one with UnsupportedOperationError',
    allowedBy: '§3.3.2: any operation may return an error; §3.5.2 speaks of active streams, and none has to stay one',
    warns: ['streaming/updates-only', 'streaming/end-delivered', 'streaming/same-events'],
    fault: endedByFollowUps,
  },
  {
    id: 'streams/status-only',
    description: 'Artifacts are in the Task, and never in an event',
    allowedBy: '§3.1.2: subsequent events MAY include status and artifact updates',
    fault: { event: (event) => ('artifactUpdate' in event ? null : event) },
  },
  {
    id: 'streams/artifacts-only',
    description: 'Of the statuses only the last one is an event',
    allowedBy: '§3.1.2: zero or more status or artifact updates',
    fault: {
      event: (event, { last, state }) =>
        'statusUpdate' in event && !last && state === 'TASK_STATE_WORKING' ? null : event,
    },
  },
  {
    id: 'streams/snapshots-only',
    description: 'A stream is the Task at its start and the Task at its end',
    allowedBy: '§3.1.2: zero or more updates; §11.7: a final Task may be resent',
    fault: {
      event: (event, context) => (!isUpdate(event) ? event : context.last ? snapshot(context) : null),
    },
  },
  {
    id: 'streams/silent-end',
    description: 'A stream is the Task at its start; it closes when the task ends',
    allowedBy: '§3.1.2: zero or more updates; the stream MUST close at the terminal state',
    warns: ['streaming/end-delivered', 'streaming/subscribe-follows'],
    fault: { event: (event) => (isUpdate(event) ? null : event) },
  },
  {
    id: 'streams/over-at-the-first-event',
    description: 'Short work is over before the stream begins: its only event is the ended Task',
    allowedBy: '§3.1.2: the Task, followed by zero or more updates',
    fault: {
      event: (event, context) => (isLong(context) || !context.task ? event : context.last ? snapshot(context) : null),
    },
  },
  {
    id: 'streams/repeated-progress',
    description: 'Every progress status is sent twice, to all streams',
    allowedBy: '§3.1.2: zero or more status updates, and nothing says that they differ',
    fault: {
      event: (event, { state }) => ('statusUpdate' in event && state === 'TASK_STATE_WORKING' ? [event, event] : event),
    },
  },
  {
    id: 'streams/tasks-of-follow-ups',
    description: 'Open streams get the Task again where a further message begins a turn',
    allowedBy: '§3.1.6 fixes the first event only; §3.5.2: all streams get the same events',
    warns: ['streaming/updates-only'],
    fault: tasksOfFollowUps,
  },
];
