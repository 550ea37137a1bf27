import type { Fault } from '../reference-agent/hooks.ts';
import { everyTask } from './list-answers.ts';
import type { Mutant } from './mutant.ts';
import { at } from './params.ts';
import { sortedBy, storedLists } from './stored-lists.ts';

/** Reported bugs of how tasks go on, and of how they are stored and listed. */

/** Times of whole seconds, and a page that begins with what is older than the last time of the page before. */
const equalTimesSkipped = (): Fault => ({
  status: (status) =>
    status.timestamp === undefined ? status : { ...status, timestamp: status.timestamp.replace(/\.\d+Z$/, 'Z') },
  ...storedLists(sortedBy(({ task }) => Date.parse(task.status.timestamp ?? ''))),
});

/** Tasks that were returned at once complete without having been at work, which the state machine does not know. */
const directEndRefused = (): Fault => {
  const messages = new Set<unknown>();
  const direct = new Set<string>();
  return {
    refuse({ params }) {
      if (at(params, 'configuration', 'returnImmediately') === true) messages.add(at(params, 'message', 'messageId'));
      return undefined;
    },
    taskId(generated, { message }) {
      if (messages.has(message.messageId)) direct.add(generated);
      return generated;
    },
    update: (update, { task }) =>
      'statusUpdate' in update && update.statusUpdate.status.state === 'TASK_STATE_WORKING' && direct.has(task.id)
        ? null
        : update,
    transition: (from, to) => (from === 'TASK_STATE_SUBMITTED' && to === 'TASK_STATE_COMPLETED' ? 'ignore' : undefined),
  };
};

/** Once a task has failed, no message is answered any more. */
const deadAfterFailure = (): Fault => {
  let failed = false;
  return {
    status(status) {
      failed ||= status.state === 'TASK_STATE_FAILED';
      return status;
    },
    refuse: ({ operation }) =>
      failed && /^Send(?:Streaming)?Message$/.test(operation) ? new Promise(() => undefined) : undefined,
  };
};

/** The first event after a silence is lost: who waited for it had given up. */
const lostAfterSilence = (): Fault => {
  const last = new Map<string, number>();
  return {
    event(event, { taskId, subscription, index }) {
      const stream = `${taskId} ${subscription}`;
      const since = performance.now() - (last.get(stream) ?? Infinity);
      last.set(stream, performance.now());
      return since > 100 && index > 1 && 'artifactUpdate' in event ? null : event;
    },
  };
};

export const reportedTaskMutants: readonly Mutant[] = [
  {
    id: 'list/equal-times-skipped',
    description: 'A page begins after the time of the last task before it, and skips tasks of that time (a2a-js#383)',
    breaks: ['list/pages', 'list/unchanged-once'],
    // Equal times are made by leaving out their fractions.
    mayBreak: ['envelope/timestamp-precision'],
    killedBy: ['list/equal-times'],
    fault: equalTimesSkipped,
  },
  {
    id: 'list/tasks-wrapped',
    description: 'Each task of a list stands in an object of its own, as in SendMessage (a2a-java#998)',
    breaks: ['schema/task'],
    mayBreak: ['list/returns-tasks'],
    killedBy: ['invariants/data-model'],
    fault: everyTask((task) => ({ task })),
  },
  {
    id: 'list/bad-token-internal',
    description: 'A token that cannot be read is an internal error (a2a-python#814)',
    breaks: ['list/page-token-validated'],
    killedBy: ['list/validation'],
    fault: {
      error: (error, { operation, params }) =>
        operation === 'ListTasks' && error.code === -32602 && at(params, 'pageToken') !== undefined
          ? { code: -32603, message: 'Internal error' }
          : error,
    },
  },
  {
    id: 'send/direct-end-refused',
    description: 'The state machine refuses a task that completes without having been WORKING: it stays SUBMITTED',
    breaks: ['send/processing-continues'],
    killedBy: ['send/processing'],
    fault: directEndRefused,
  },
  {
    id: 'send/dead-after-failure',
    description: 'When a task has failed, no message is answered any more (a2a-python#614)',
    breaks: ['send/task-or-message'],
    killedBy: ['invariants/after-failure'],
    fault: deadAfterFailure,
  },
  {
    id: 'streaming/lost-after-silence',
    description: 'The first chunk after a silence of a tenth of a second is lost (a2a-python#768)',
    breaks: ['streaming/subscribe-no-gap'],
    mayBreak: ['streaming/same-events', 'streaming/in-order'],
    killedBy: ['streaming/subscribe'],
    fault: lostAfterSilence,
  },
  {
    id: 'streaming/large-event-cut-off',
    description: 'Of an event of more than 64 KB the rest is cut off (a2a-go#149)',
    breaks: ['envelope/stream-events'],
    killedBy: ['invariants/json-rpc-transport'],
    fault: {
      streamFrame: (frame) => (frame.length > 65_536 ? `${frame.slice(0, 65_536)}\n\n` : frame),
    },
  },
  {
    id: 'streaming/large-event-ends-stream',
    description: 'A stream ends with its first event of more than 64 KB (a2a-go#149)',
    breaks: ['streaming/end-delivered'],
    killedBy: ['streaming/large-event'],
    fault: () => {
      const large = new Set<string | undefined>();
      return {
        event(event, { taskId, subscription }) {
          const stream = `${taskId} ${subscription}`;
          if (large.has(stream)) return null;
          if (JSON.stringify(event).length > 65_536) large.add(stream);
          return event;
        },
      };
    },
  },
];
