import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsRequiredExtension, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { UnaryOperation } from '../../../protocol/operations.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, judgeRefusal, refusalOf, worst, type Control } from '../shared/refusal.ts';
import { startWaitingTask } from '../push/waiting-task.ts';
import { declaring } from './extension-header.ts';

/** One operation without the extension, and what shows that it would be served with it. */
export interface Bare {
  readonly operation: string;
  readonly answer: CallResult;
  readonly proof: Control;
}

const none = declaring([]);

async function pair(context: ProbeContext, operation: UnaryOperation, params: object): Promise<Bare> {
  const answer = await context.client.call(operation, { ...params }, none);
  const served = await context.client.call(operation, { ...params });
  return { operation, answer, proof: control('the same with the required extension', served) };
}

/** Subscribe and cancel, on a task that waits; none where no task does. */
async function onWaitingTask(context: ProbeContext): Promise<readonly Bare[]> {
  const { client, target, deadlines } = context;
  const waiting = await startWaitingTask(context).catch((error: unknown) => {
    if (error instanceof Unelicited) return null;
    throw error;
  });
  if (waiting === null) return [];
  const { id, before } = waiting;
  const subscribe = async (bare: boolean): Promise<CallResult> =>
    refusalOf(await client.stream('SubscribeToTask', { id }, bare ? none : {}), deadlines.operationMs);
  const found: Bare[] = [];
  if (target.capabilities.streaming) {
    const answer = await subscribe(true);
    const proof = control('the same with the required extension', await subscribe(false));
    found.push({ operation: 'SubscribeToTask', answer, proof });
  }
  const answer = await client.call('CancelTask', { id }, none);
  // A cancel that was served leaves none to be served again.
  const served = answer.reply.kind === 'result' ? before : await client.call('CancelTask', { id });
  return [...found, { operation: 'CancelTask', answer, proof: control('the task, with the extension', served) }];
}

const readings = [
  '§3.3.4: where the client does not declare support for the required extension, the error MUST be returned',
  '§3.3.4: when the server requests use of the extension: an operation that does not use it may be served',
] as const;

/** A message that makes the agent work uses whatever it requires; of the other operations that is not said. */
export const judgeBare = ({ operation, answer, proof }: Bare): Judgement =>
  judgeRefusal({
    what: `${operation} that does not declare the required extension`,
    answer,
    expected: 'ExtensionSupportRequiredError',
    control: proof,
    ...(operation === 'SendStreamingMessage'
      ? {}
      : { accepted: ({ exchange }) => ambiguous(`${operation} is served without the extension`, readings, exchange) }),
  });

/** §3.3.4: the required extension is demanded of more than SendMessage (for which see `errors/extensions`). */
export const requiredOperations = defineCheck({
  id: 'extensions/required-operations',
  title: 'Operations of an agent that requires an extension, without it',
  requirements: ['extensions/required-operations'],
  needs: [needsRequiredExtension, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<readonly Bare[]> {
    const { capabilities } = context.target;
    const sent = await context.send('completes');
    const { id } = context.taskOf(sent);
    const found: Bare[] = [await pair(context, 'GetTask', { id }), await pair(context, 'ListTasks', { pageSize: 1 })];
    if (capabilities.pushNotifications) {
      found.push(await pair(context, 'ListTaskPushNotificationConfigs', { taskId: id }));
    }
    if (capabilities.extendedAgentCard) found.push(await pair(context, 'GetExtendedAgentCard', {}));
    if (capabilities.streaming) {
      const stream = await context.sendStreaming('completes', {}, none);
      const answer = await refusalOf(stream, context.deadlines.operationMs);
      found.push({ operation: 'SendStreamingMessage', answer, proof: control('the same by SendMessage', sent) });
      await cancelTaskIn(context, answer);
    }
    return [...found, ...(await onWaitingTask(context))];
  },

  judge: (found) => ({ 'extensions/required-operations': worst(found.map(judgeBare)) }),
});
