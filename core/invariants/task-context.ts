import type { Exchange } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, stringOf } from './json.ts';
import { agentMessages, sightings, type AgentMessage, type Sighting } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** Within one stream `streaming/one-task` compares the events; here one of them stands for the stream. */
function oneOfEachExchange(all: readonly Sighting[]): readonly Sighting[] {
  const seen = new Set<string>();
  return all.filter(({ exchange, taskId, event }) => {
    const key = `${exchange.id} ${taskId}`;
    if (event !== undefined && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Every sighting of a task that was seen before with a context: the same one is expected. */
function acrossExchanges(all: readonly Sighting[]): readonly Instance[] {
  const named = oneOfEachExchange(all).filter(({ contextId }) => contextId);
  return [...Map.groupBy(named, ({ taskId }) => taskId).values()].flatMap(([first, ...others]) =>
    others.map((other): Instance => {
      const exchanges: [Exchange, ...Exchange[]] = [other.exchange, first!.exchange];
      if (other.contextId === first!.contextId) return { exchanges };
      return {
        exchanges,
        defect: {
          expected: `context ${first!.contextId} of task ${first!.taskId}, as in ${first!.exchange.id}`,
          actual: `context ${other.contextId}`,
        },
      };
    }),
  );
}

const statusReadings: Defect['readings'] = [
  'a2a.proto TaskStatus.message: a message associated with the status of this task, so it is about this task',
  'a message keeps the task it was associated with (a2a.proto Message.task_id), such as one that an agent passes on',
];

/** The message of a status is about the task that holds it; one that names it names its context, too. */
function ofStatusMessage({ exchange, raw, task, where }: AgentMessage): Instance[] {
  if (!task) return [];
  const { taskId, contextId } = raw;
  const wrong = (found: unknown, right: string | undefined): boolean =>
    typeof found === 'string' && found !== '' && right !== undefined && found !== right;
  const defect: Defect | undefined =
    wrong(taskId, task.id) || wrong(contextId, task.contextId)
      ? {
          expected: `${where} of task ${task.id}, context ${task.contextId}`,
          actual: `task ${String(taskId)}, context ${String(contextId)}`,
          ...(taskId === task.id ? {} : { readings: statusReadings }),
        }
      : undefined;
  return [{ exchanges: [exchange], defect }];
}

const historyReadings: Defect['readings'] = [
  'a2a.proto Task.history: the history of interactions of this task, so its messages are about this task',
  'a message keeps the task it was associated with (a2a.proto Message.task_id) wherever it is shown',
];

function ofHistory({ exchange, taskId, raw }: Sighting): Instance[] {
  const messages = Array.isArray(raw['history']) ? raw['history'].filter(isObject) : [];
  const agents = messages.filter(({ role }) => role === 'ROLE_AGENT');
  if (agents.length === 0) return [];
  const other = agents.map((message) => stringOf(message['taskId'])).find((id) => id && id !== taskId);
  const defect: Defect | undefined =
    other === undefined
      ? undefined
      : {
          expected: `messages of task ${taskId} in its history`,
          actual: `a message of task ${other}`,
          readings: historyReadings,
        };
  return [{ exchanges: [exchange], defect }];
}

export const taskContext = defineInvariant({
  id: 'invariants/task-context',
  title: 'What is said of a task names that task and its one context',
  provenance: { kind: 'spec' },
  requirements: ['schema/task-context'],
  judge(history) {
    const all = sightings(history);
    return {
      'schema/task-context': judgeInstances(
        [...acrossExchanges(all), ...agentMessages(history).flatMap(ofStatusMessage), ...all.flatMap(ofHistory)],
        {
          counted: 'later mentions of tasks',
          wrong: 'name another task or context',
          hint: 'no task with a contextId was seen twice: name a stimulus that makes a task, --stimuli <file>',
        },
      ),
    };
  },
});
