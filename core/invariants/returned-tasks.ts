import type { Operation } from '../../protocol/operations.ts';
import type { History } from '../history/exchange.ts';
import { operationOf } from '../wire/http/event-stream.ts';
import { largest, limitInstances, type Limited } from './history-limits.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, stringOf, type JsonObject } from './json.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Instance } from './tally.ts';

/** The one task of a plain answer, and the params of its request. */
interface Returned extends Sighting {
  readonly asked: JsonObject;
}

const returnedBy = (operation: Operation, all: readonly Sighting[]): readonly Returned[] =>
  all.flatMap((sighting) => {
    const { exchange, what, event } = sighting;
    const { intent } = exchange;
    if (what !== 'task' || event !== undefined || intent.kind !== 'operation') return [];
    return operationOf(exchange) === operation ? [{ ...sighting, asked: intent.params }] : [];
  });

/** Only ids that the agent itself gave count: that there is no other is for the rows of errors. */
function asked(operation: Operation, all: readonly Sighting[]): readonly Instance[] {
  const key = (clock: string, id: string): string => JSON.stringify([clock, id]);
  const firstSeen = new Map<string, number>();
  for (const { taskId, at, exchange } of all) {
    const seen = key(exchange.clock, taskId);
    firstSeen.set(seen, Math.min(firstSeen.get(seen) ?? Infinity, at));
  }
  return returnedBy(operation, all).flatMap(({ exchange, taskId, asked: params }): Instance[] => {
    const id = stringOf(params['id']);
    if (id === undefined || (firstSeen.get(key(exchange.clock, id)) ?? Infinity) >= exchange.startedAt) return [];
    const defect = taskId === id ? undefined : { expected: `task ${id}`, actual: `task ${taskId}` };
    return [{ exchanges: [exchange], defect }];
  });
}

function limited(operation: Operation, all: readonly Sighting[], limitIn: (params: JsonObject) => unknown) {
  const answers = returnedBy(operation, all).map((returned): Limited => ({
    ...returned,
    limit: limitIn(returned.asked),
  }));
  return limitInstances(answers, largest(all, 'history'));
}

const configured = ({ configuration }: JsonObject): unknown =>
  isObject(configuration) ? configuration['historyLength'] : undefined;

/** What is asked once or twice by a check is asked by others too: a fault that is seldom shows in one of all answers. */
export const returnedTasks = defineInvariant({
  id: 'invariants/returned-tasks',
  title: 'Every task that is returned is the one asked for, with no more of its history than asked for',
  provenance: { kind: 'spec' },
  requirements: ['get/returns-task', 'cancel/returns-task', 'get/history-length', 'send/history-length'],
  judge(history: History) {
    const all = sightings(history);
    const answers = { counted: 'answers with a task', wrong: 'have another than the one asked for' };
    const limits = {
      counted: 'answers with a task of more messages than asked for',
      wrong: 'have more of them in its history',
      hint: 'name a message for "input-required" whose task keeps its messages in the history',
    };
    return {
      'get/returns-task': judgeInstances(asked('GetTask', all), { ...answers, hint: 'see get/live-task' }),
      'cancel/returns-task': judgeInstances(asked('CancelTask', all), { ...answers, hint: 'see cancel/live-task' }),
      'get/history-length': judgeInstances(
        limited('GetTask', all, ({ historyLength }) => historyLength),
        limits,
      ),
      'send/history-length': judgeInstances(limited('SendMessage', all, configured), limits),
    };
  },
});
