import { defineTargetCheck, type ProbeContext, type TargetProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { demandsCredentials } from '../../../core/target/card-credentials.ts';
import { credentialHeaders } from '../security/credentials.ts';
import { refusalOf } from '../shared/refusal.ts';
import { doorsIn, needsSeveralInterfaces } from './doors.ts';
import { askForErrors } from './refused.ts';
import { differencesOf } from './same-task.ts';
import {
  judgeAuthentication,
  judgeErrors,
  judgeOperations,
  judgeResults,
  type Answers,
  type Reading,
} from './judges.ts';

interface Observation {
  readonly readings: readonly Reading[];
  readonly errors: readonly Answers[];
  readonly operations: readonly Answers[];
  /** Null where the card demands no authentication, or not in a header. */
  readonly anonymous: Answers | null;
}

/** §5.1: what one interface says, the others say too. */
export const interfaces = defineTargetCheck({
  id: 'equivalence/interfaces',
  title: 'Interfaces of one agent have the same operations, tasks and errors',
  requirements: ['equivalence/operations', 'equivalence/results', 'equivalence/errors', 'equivalence/authentication'],
  needs: [needsSeveralInterfaces],

  async probe(context: TargetProbeContext): Promise<Observation> {
    const doors = doorsIn(context);
    const ask = async (what: string, call: (door: ProbeContext) => Promise<CallResult>): Promise<Answers> => ({
      what,
      answers: await Promise.all(doors.map(call)),
    });
    const readings: Reading[] = [];
    for (const maker of doors) readings.push(...(await readEverywhere(maker, doors)));
    const ended = readings[0]?.made[0] === undefined ? undefined : readings[0].id;
    const unknown = context.id('unknown');
    const { streaming, pushNotifications, extendedAgentCard } = context.target.capabilities;
    return {
      readings,
      errors: await askForErrors(context, doors, ended),
      operations: [
        await ask('ListTasks', ({ client }) => client.call('ListTasks', { pageSize: 1 })),
        await ask('CancelTask', ({ client }) => client.call('CancelTask', { id: unknown })),
        ...(streaming
          ? [
              await ask('SubscribeToTask', async ({ client, deadlines }) =>
                refusalOf(await client.stream('SubscribeToTask', { id: unknown }), deadlines.operationMs),
              ),
            ]
          : []),
        ...(pushNotifications && ended !== undefined
          ? [
              await ask('ListTaskPushNotificationConfigs', ({ client }) =>
                client.call('ListTaskPushNotificationConfigs', { taskId: ended }),
              ),
            ]
          : []),
        ...(extendedAgentCard
          ? [await ask('GetExtendedAgentCard', ({ client }) => client.call('GetExtendedAgentCard', {}))]
          : []),
      ],
      anonymous: await askAnonymously(context, ask),
    };
  },

  judge({ readings, errors, operations, anonymous }) {
    return {
      'equivalence/operations': judgeOperations(operations),
      'equivalence/results': judgeResults(readings),
      'equivalence/errors': judgeErrors(errors),
      'equivalence/authentication': judgeAuthentication(anonymous),
    };
  },
});

/** A task that was made over one interface, read over each other one; between two reads over its own. */
async function readEverywhere(maker: ProbeContext, doors: readonly ProbeContext[]): Promise<readonly Reading[]> {
  if (maker.behaviours.elicited.completes === undefined) return [];
  const { id } = maker.taskOf(await maker.send('completes'));
  const read = ({ client }: ProbeContext): Promise<CallResult> => client.call('GetTask', { id });
  const readings: Reading[] = [];
  for (const other of doors.filter((door) => door !== maker)) {
    const before = await read(maker);
    const first = await read(other);
    const isSame = (answer: CallResult): boolean =>
      before.reply.kind === 'result' &&
      answer.reply.kind === 'result' &&
      differencesOf(before.reply.value, answer.reply.value).length === 0;
    // A copy that lags behind may need a moment.
    const later = isSame(first)
      ? undefined
      : await other.poll(
          id,
          ({ raw }) => before.reply.kind === 'result' && differencesOf(before.reply.value, raw).length === 0,
          other.deadlines.graceMs,
        );
    readings.push({ id, by: maker.interface, over: other.interface, first, later, made: [before, await read(maker)] });
  }
  return readings;
}

async function askAnonymously(
  { target }: TargetProbeContext,
  ask: (what: string, call: (door: ProbeContext) => Promise<CallResult>) => Promise<Answers>,
): Promise<Answers | null> {
  const names = demandsCredentials(target) ? credentialHeaders(target) : undefined;
  if (names === undefined) return null;
  const headers = Object.fromEntries(names.map((name) => [name, null]));
  return ask('ListTasks without credentials', ({ client }) => client.call('ListTasks', { pageSize: 1 }, { headers }));
}
