import { Accidents, withFurtherTries } from '../../core/engine/further-tries.ts';
import type { CallResult, Params } from '../../core/wire/binding-client.ts';
import { isStreaming, type UnaryOperation } from '../../protocol/operations.ts';
import { configIn, refOf } from '../checks/push/configuration.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import { expressible } from '../checks/shared/expressible.ts';
import { refusalOf } from '../checks/shared/refusal.ts';
import type { Case } from './cases.ts';
import type { Json } from './requests.ts';
import { fieldsInPath, hasQuery } from './violations.ts';
import { resolve, type World } from './world.ts';

/** A case as one interface answered it. */
export interface Performed {
  readonly world: World;
  /** What was sent. */
  readonly params: Json;
  readonly answer: CallResult;
}

/**
 * Whether an interface can say a fault: what stands in a path or query is text, whatever its type. Of gRPC the encoder says what
 * it cannot.
 */
function canSay({ operation, violation }: Case, { door }: World): boolean {
  if (violation === undefined || door.interface.binding !== 'HTTP+JSON') return true;
  const { kind, path, type } = violation;
  if (fieldsInPath(operation).has(path[0]!)) return false;
  return !hasQuery(operation) || kind !== 'type' || type === 'int32' || type === 'bool';
}

/** Sends a case on one interface; undefined where that cannot say it, or has not what the case speaks of. */
export async function perform(drawn: Case, world: World): Promise<Performed | undefined> {
  if (!world.controls.has(drawn.operation) || !canSay(drawn, world)) return undefined;
  const params = resolve(world, drawn.params);
  if (params === undefined) return undefined;
  const answer = await expressible(send(drawn, world, params as Params));
  if (answer === undefined) return undefined;
  await cleanUp(drawn, world, params as Params, answer);
  return { world, params: params as Json, answer };
}

export function send({ operation, violation }: Case, { door }: World, params: Params): Promise<CallResult> {
  const { deadlines, signal } = door;
  // What is accused is made again anyway: many draws tell more than many tries.
  const client = withFurtherTries(door.client, { accidents: new Accidents(2), signal });
  if (violation !== undefined) return client.callMalformed(operation, params, violation.name);
  // A blocking send answers at the task's end (§3.2.2).
  const timeoutMs = Math.max(deadlines.operationMs, operation === 'SendMessage' ? deadlines.taskMs : 0);
  if (!isStreaming(operation)) return client.call(operation as UnaryOperation, params, { timeoutMs });
  return client.stream(operation, params).then(async (handle): Promise<CallResult> => {
    if (operation === 'SubscribeToTask') return refusalOf(handle, deadlines.operationMs);
    const { exchange, reply, events } = await handle.done;
    const failure = exchange.failure ?? { kind: 'other', message: 'a stream without any event' };
    return { exchange, reply: reply ?? events[0]?.reply ?? { kind: 'none', failure } };
  });
}

/** A guest leaves nothing behind: what should not have been taken is canceled, what was registered is deleted. */
export async function cleanUp(
  { operation, violation }: Case,
  { door }: World,
  params: Params,
  answer: CallResult,
): Promise<void> {
  if (violation !== undefined && operation.startsWith('Send')) await cancelTaskIn(door, answer);
  if (operation !== 'CreateTaskPushNotificationConfig') return;
  const id = configIn(answer)?.id;
  const { taskId } = params;
  if (id !== undefined && typeof taskId === 'string')
    await door.client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, id));
}
