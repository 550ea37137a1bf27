import { isTerminal } from '../../protocol/task-state.ts';
import type { Exchange } from '../history/exchange.ts';
import { isSameMoment } from '../history/status-age.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, stringOf } from './json.ts';
import { sightings } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

interface NewTask {
  readonly exchange: Exchange;
  readonly taskId: string;
  readonly messageId: string;
}

/**
 * The `messageId` of a send that can only have made a new task: it names no task, and no context in which the agent
 * might go on with one.
 */
function freshMessage({ intent }: Exchange): string | undefined {
  if (intent.kind !== 'operation') return undefined;
  if (intent.operation !== 'SendMessage' && intent.operation !== 'SendStreamingMessage') return undefined;
  const message = intent.params['message'];
  if (!isObject(message) || message['taskId'] || message['contextId'] || message['referenceTaskIds']) return undefined;
  return stringOf(message['messageId']);
}

/** A task that has ended takes no further message (§3.1.1); of one that is open the message may be a further one. */
const openTask: Defect['readings'] = [
  '§3.4.2: each new task gets a unique id',
  '§3.1.1: a message MAY create a task, and no section forbids to go on with one that is open',
];

/** Nothing of it is new: then it may be no new task. */
const sameTask: Defect['readings'] = [
  '§3.4.2: each new task gets a unique id',
  '§3.1.1, §3.3.1: a message MAY create a task, and one that repeats another may be answered with the task of that one',
];

export const taskIds = defineInvariant({
  id: 'invariants/task-ids',
  title: 'Distinct messages that start tasks start tasks with distinct ids',
  provenance: { kind: 'spec' },
  requirements: ['send/task-id-generated'],
  judge(history) {
    const made = new Map<Exchange, NewTask>();
    const all = sightings(history);
    for (const { exchange, taskId } of all) {
      const messageId = freshMessage(exchange);
      if (messageId !== undefined && !made.has(exchange)) made.set(exchange, { exchange, taskId, messageId });
    }
    const firstWith = Map.groupBy(made.values(), ({ taskId }) => taskId);
    const instances = [...made.values()].map((task): Instance => {
      // The same message again may be recognised as a duplicate (§3.3.1).
      const first = firstWith.get(task.taskId)!.find(({ messageId }) => messageId !== task.messageId);
      if (!first || first.exchange.startedAt > task.exchange.startedAt) return { exchanges: [task.exchange] };
      const ended = all.findLast(
        ({ taskId, state, at }) => taskId === task.taskId && isTerminal(state) && at < task.exchange.startedAt,
      );
      const shown = all.find(({ exchange, taskId }) => exchange === task.exchange && taskId === task.taskId);
      const readings = !ended ? openTask : isSameMoment(shown?.raw, ended.raw) ? sameTask : undefined;
      return {
        exchanges: [task.exchange, first.exchange],
        defect: {
          expected: 'a task id of its own',
          actual: `task ${task.taskId}, which message ${first.messageId} had started in ${first.exchange.id}`,
          ...(readings ? { readings } : {}),
        },
      };
    });
    return {
      'send/task-id-generated': judgeInstances(instances.length > 1 ? instances : [], {
        counted: 'tasks started by distinct messages',
        wrong: 'have the id of another task',
        hint: 'at least two messages that start a task are needed: name stimuli, --stimuli <file>',
      }),
    };
  },
});
