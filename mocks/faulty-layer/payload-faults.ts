import type { Binding } from '../reference-agent/bindings.ts';
import type { ErrorContent } from '../reference-agent/errors.ts';
import type { ReplyContext } from '../reference-agent/hooks.ts';
import type { Message, OperationName, Task } from '../reference-agent/types.ts';
import type { LayerFault } from './layer-fault.ts';
import type { LayerInterface } from './layer-interface.ts';

/** What a fault does to results and errors, whatever the binding; the same value comes back where it does nothing. */

export interface CallContext {
  readonly binding: Binding;
  readonly operation: OperationName;
  readonly params: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isTask = (value: unknown): value is Task =>
  typeof value === 'object' && value !== null && 'id' in value && 'status' in value;

/** The tasks and the message of a result or an event, as the hooks `task` and `message` want them. */
export function changeObjects(
  payload: object,
  fault: LayerFault,
  { binding, operation, stream }: CallContext & { readonly stream: boolean },
): object {
  const change = (task: unknown): unknown =>
    isTask(task) ? (fault.task?.(task, { binding, operation, stream }) ?? task) : task;
  const json = payload as Json;
  if (isTask(payload)) return change(payload) as object;
  if ('task' in json) {
    const task = change(json['task']);
    return task === json['task'] ? payload : { ...json, task };
  }
  if ('message' in json && fault.message !== undefined) {
    return { ...json, message: fault.message(json['message'] as Message, { operation, binding }) };
  }
  if (Array.isArray(json['tasks'])) {
    const tasks = json['tasks'].map(change);
    return tasks.every((task, index) => task === (json['tasks'] as unknown[])[index]) ? payload : { ...json, tasks };
  }
  return payload;
}

/**
 * The result of a call that is no stream, as the binding wraps it: a card with the layer's own URLs, and what the hooks make of it.
 */
export function changeResult(
  result: object | null,
  { fault, showCard }: Pick<LayerInterface, 'fault' | 'showCard'>,
  call: CallContext,
  context: Omit<ReplyContext, 'errorCode'>,
): object | null {
  if (result === null) return null;
  const card = call.operation === 'GetExtendedAgentCard' ? showCard(result) : result;
  const shown = changeObjects(card, fault, { ...call, stream: false });
  const changed = fault.result ? fault.result(shown, call) : shown;
  if (changed === null || !fault.payload) return changed;
  return fault.payload(changed, { ...context, errorCode: undefined, stream: false });
}

/** An error, or what stands in its place. */
export const changeError = (
  error: ErrorContent,
  fault: LayerFault,
  context: CallContext,
): ErrorContent | { readonly result: object | null } => fault.error?.(error, context) ?? error;
