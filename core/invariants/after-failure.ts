import type { Exchange, History } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Instance } from './tally.ts';

/** So many messages without an answer are no accident. */
const fewestSilent = 3;

const operations = ['SendMessage', 'SendStreamingMessage'] as const;

/** What is wrong on purpose may be refused before anything is done. */
const operationOf = ({ intent }: Exchange): string | undefined =>
  intent.kind === 'operation' ? intent.operation : undefined;

const isAnswered = ({ outcome }: Exchange): boolean => outcome !== 'indefinite';

const firstFailure = (history: History): Sighting | undefined =>
  sightings(history)
    .filter(({ state }) => state === 'TASK_STATE_FAILED')
    .toSorted((a, b) => a.at - b.at)[0];

/** What became of the messages that came after a failed task; none where too little was asked to tell. */
function instancesOf(
  messages: readonly Exchange[],
  failure: Sighting,
  others: readonly Exchange[],
): readonly Instance[] {
  const after = messages.filter(({ startedAt }) => startedAt > failure.at);
  const silent = after.filter((message) => !isAnswered(message));
  const answered = after.find(({ outcome }) => outcome === 'ok') ?? (silent.length === 0 ? after[0] : undefined);
  if (answered !== undefined) return [{ exchanges: [answered, failure.exchange] }];
  const [first] = silent;
  const served = messages.some(({ outcome, startedAt }) => outcome === 'ok' && startedAt <= failure.at);
  if (first === undefined || !served || silent.length < fewestSilent) return [];
  const control = others.find((other) => other.startedAt > first.startedAt && isAnswered(other));
  if (control === undefined) return [];
  return [
    {
      exchanges: [first, failure.exchange, control],
      defect: {
        expected: 'messages are answered, as before',
        actual: `${silent.length} without an answer since task ${failure.taskId} failed, and no other one; other operations are answered`,
        readings: [
          '§3.1.1: a message is answered with a Task or a Message; what keeps it from that since is the task that failed',
          'no time is named: the agent may take longer than the run waited',
        ],
      },
    },
  ];
}

/** §3.1.1: a task that fails is an end like others, and no end of its agent. */
export const afterFailure = defineInvariant({
  id: 'invariants/after-failure',
  title: 'Messages are answered after a task has failed',
  provenance: { kind: 'spec' },
  requirements: ['send/task-or-message'],
  judge(history) {
    const failure = firstFailure(history);
    // What is broken on purpose has effects of its own.
    const isTold = failure !== undefined && (history.faults ?? []).length === 0;
    const asked = Map.groupBy(isTold ? history.exchanges : [], operationOf);
    const instances = operations.flatMap((operation) => {
      const others = [...asked].flatMap(([other, exchanges]) => (other === operation ? [] : exchanges));
      return failure === undefined ? [] : instancesOf(asked.get(operation) ?? [], failure, others);
    });
    return {
      'send/task-or-message': judgeInstances(instances, {
        counted: 'operations that send messages after a task has failed',
        wrong: 'are not answered any more',
        right: 'answered',
        hint: 'name a stimulus "fails": no task failed, or no message was sent after it',
      }),
    };
  },
});
