import type { ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';

/** Names the task, and its context where that is known. */
export interface FollowUp {
  readonly taskId: string;
  readonly contextId?: string | undefined;
  readonly configuration?: Params;
}

/** Sends a plain further message to a task; harmless to any agent that asked for input. */
export function sendFollowUp(
  context: ProbeContext,
  { taskId, contextId, configuration }: FollowUp,
): Promise<CallResult & { readonly messageId: string }> {
  const message = context.message(
    {
      name: 'completes',
      parts: [{ text: 'This is all the input that I have. Please go on with it.' }],
      source: 'generic',
    },
    { taskId, ...(contextId === undefined ? {} : { contextId }) },
  );
  const { operationMs, taskMs } = context.deadlines;
  return context.client
    .call(
      'SendMessage',
      { message, ...(configuration === undefined ? {} : { configuration }) },
      { timeoutMs: Math.max(operationMs, taskMs) },
    )
    .then((answer) => ({ ...answer, messageId: String(message.messageId) }));
}
