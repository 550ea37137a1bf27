import type { ProbeContext } from '../../../core/engine/check.ts';
import type { CallOptions, CallResult } from '../../../core/wire/binding-client.ts';

/**
 * A call that gives a result and can be repeated with other headers: GetTask of a task of its own, and for an agent
 * that answers with Messages a message each time. Needs the stimulus `completes`.
 */
export async function callThatSucceeds(context: ProbeContext): Promise<(options?: CallOptions) => Promise<CallResult>> {
  const { client } = context;
  const sent = await context.send('completes');
  const value = sent.reply.kind === 'result' ? sent.reply.value : undefined;
  if (typeof value === 'object' && value !== null && 'task' in value) {
    const { id } = context.taskOf(sent);
    return (options) => client.call('GetTask', { id }, options);
  }
  return (options) => client.call('SendMessage', { message: context.message('completes') }, options);
}
