import { Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { a2aErrors } from '../../../protocol/errors.ts';
import { callThatSucceeds } from './call-that-succeeds.ts';
import { unknownTaskParams } from './raw-params.ts';

/** The agent understood the request and took it up: it has a result, or an error of A2A's own about it. */
export const isServed = ({ reply }: CallResult): boolean =>
  reply.kind === 'result' ||
  (reply.kind === 'error' &&
    reply.error.name !== undefined &&
    reply.error.name in a2aErrors &&
    reply.error.name !== 'VersionNotSupportedError');

/** Served, or refused for its params alone: an id may be of a form that the agent does not like. */
export const isUnderstood = (answer: CallResult): boolean =>
  isServed(answer) || (answer.reply.kind === 'error' && answer.reply.error.name === 'InvalidParamsError');

/**
 * Well-formed requests until one is served, as the control of others: GetTask of an unknown id, which costs the agent nothing, and
 * where that is answered in another way (an agent may be wrong there) a call that succeeded in exploration.
 */
export async function wellFormedCalls(context: ProbeContext): Promise<readonly CallResult[]> {
  const unknown = await context.client.call('GetTask', unknownTaskParams(context));
  if (isServed(unknown) || !context.behaviours.elicited.completes) return [unknown];
  try {
    const call = await callThatSucceeds(context);
    return [unknown, await call()];
  } catch (error) {
    if (error instanceof Unelicited) return [unknown];
    throw error;
  }
}
