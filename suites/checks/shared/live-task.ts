import type { ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';

/**
 * A message whose task goes on after the answer: it waits for input, else it takes long and is answered at once. Undefined where
 * neither message was found.
 */
export async function sendLive(context: ProbeContext): Promise<CallResult | undefined> {
  const { elicited } = context.behaviours;
  if (elicited['input-required']) return context.send('input-required');
  if (elicited['long-running']) return context.send('long-running', { configuration: { returnImmediately: true } });
  return undefined;
}
