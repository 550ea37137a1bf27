import type { ProbeContext, TargetProbeContext } from '../../../core/engine/check.ts';
import type { UnaryOperation } from '../../../protocol/operations.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { unsupportedMediaType } from '../errors/content-type.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { refusalOf } from '../shared/refusal.ts';
import type { Answers } from './judges.ts';

interface Question {
  readonly what: string;
  readonly ask: (door: ProbeContext) => Promise<CallResult>;
  readonly readings?: Answers['readings'];
}

/** Which versions an interface has to refuse is for `errors/version-unsupported`. */
const versionReadings = [
  '§5.1: errors are the same over all interfaces of an agent',
  '§3.6.2: it is the interface that supports a version, and each may support others',
] as const;

const call =
  (operation: UnaryOperation, params: Params): Question['ask'] =>
  ({ client }) =>
    client.call(operation, params);

const subscribe =
  (id: string): Question['ask'] =>
  async ({ client, deadlines }) =>
    refusalOf(await client.stream('SubscribeToTask', { id }), deadlines.operationMs);

/** Requests with one cause to refuse each, of all errors that a client can bring about (§5.4). */
function questions(
  { target, id: newId }: TargetProbeContext,
  doors: readonly ProbeContext[],
  ended: string | undefined,
): readonly Question[] {
  const unknown = newId('unknown');
  const config = { taskId: ended ?? unknown, id: newId('config') };
  const { streaming, extendedAgentCard } = target.capabilities;
  const [stimulus] = doors.flatMap(({ behaviours }) => behaviours.elicited.completes?.stimulus ?? []);
  const send =
    (more: Params): Question['ask'] =>
    async (door) => {
      const message = door.message(stimulus!, more);
      const answer = await door.client.call('SendMessage', { message });
      await cancelTaskIn(door, answer);
      return answer;
    };
  const stream =
    (more: Params): Question['ask'] =>
    async (door) => {
      const handle = await door.client.stream('SendStreamingMessage', { message: door.message(stimulus!, more) });
      const answer = await refusalOf(handle, door.deadlines.operationMs);
      await cancelTaskIn(door, answer);
      return answer;
    };
  const odd = { text: 'gauntlet', mediaType: unsupportedMediaType };
  return [
    { what: 'GetTask of an unknown task', ask: call('GetTask', { id: unknown }) },
    { what: 'CancelTask of an unknown task', ask: call('CancelTask', { id: unknown }) },
    { what: 'SubscribeToTask of an unknown task', ask: subscribe(unknown) },
    {
      what: 'A2A-Version 99.0',
      ask: ({ client }) => client.call('GetTask', { id: unknown }, { headers: { 'A2A-Version': '99.0' } }),
      readings: versionReadings,
    },
    { what: 'GetTaskPushNotificationConfig of an unknown one', ask: call('GetTaskPushNotificationConfig', config) },
    {
      what: 'ListTaskPushNotificationConfigs of an unknown task',
      ask: call('ListTaskPushNotificationConfigs', { taskId: unknown }),
    },
    ...(extendedAgentCard ? [] : [{ what: 'GetExtendedAgentCard, undeclared', ask: call('GetExtendedAgentCard', {}) }]),
    ...(stimulus === undefined
      ? []
      : [
          { what: 'SendMessage to an unknown task', ask: send({ taskId: unknown }) },
          { what: 'SendMessage with an unknown media type', ask: send({ parts: [...stimulus.parts, odd] }) },
        ]),
    ...(ended === undefined || stimulus === undefined
      ? []
      : [
          { what: 'CancelTask of a task that has ended', ask: call('CancelTask', { id: ended }) },
          { what: 'SendMessage to a task that has ended', ask: send({ taskId: ended }) },
          ...(streaming
            ? [
                { what: 'SubscribeToTask of a task that has ended', ask: subscribe(ended) },
                { what: 'SendStreamingMessage to a task that has ended', ask: stream({ taskId: ended }) },
              ]
            : []),
        ]),
  ];
}

const outcome = ({ reply }: CallResult): string => (reply.kind === 'error' ? String(reply.error.name) : reply.kind);

/** Asks each question over each interface; once more where they differ, for an accident hardly comes twice. */
export async function askForErrors(
  context: TargetProbeContext,
  doors: readonly ProbeContext[],
  ended: string | undefined,
): Promise<readonly Answers[]> {
  const asked: Answers[] = [];
  for (const { what, ask, readings } of questions(context, doors, ended)) {
    const together = (): Promise<readonly CallResult[]> => Promise.all(doors.map(ask));
    const answers = await together();
    const silent = answers.some(({ reply }) => reply.kind === 'none');
    const alike = silent || new Set(answers.map(outcome)).size === 1;
    const one = { what, answers, ...(readings === undefined ? {} : { readings }) };
    asked.push(alike ? one : { ...one, again: await together() });
    // One that is silent would be waited for each time.
    if (silent) break;
  }
  return asked;
}
