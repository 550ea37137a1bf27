import { isObject, stringOf } from '../invariants/json.ts';
import { describeReply, type Reply } from '../wire/reply.ts';
import type { CallResult } from '../wire/binding-client.ts';
import { Unelicited, type TaskView } from './check.ts';

function viewOf(value: unknown): TaskView | undefined {
  if (!isObject(value) || typeof value.id !== 'string') return undefined;
  const state = isObject(value.status) ? stringOf(value.status.state) : undefined;
  return { id: value.id, contextId: stringOf(value.contextId), state, raw: value };
}

/** The task of a result: its member `task` (SendMessage, streams) or the result itself (GetTask, CancelTask). */
export function taskViewOf(reply: Reply): TaskView | undefined {
  if (reply.kind !== 'result' || !isObject(reply.value)) return undefined;
  return viewOf('task' in reply.value ? reply.value.task : reply.value);
}

/** The task of a result. @throws {Unelicited} with the exchange as evidence where there is none */
export function requireTask({ exchange, reply }: CallResult): TaskView {
  const task = taskViewOf(reply);
  if (task !== undefined) return task;
  const direct = reply.kind === 'result' && isObject(reply.value) && isObject(reply.value.message);
  const answered = direct ? 'a message' : reply.kind === 'result' ? 'a result without a task' : describeReply(reply);
  throw new Unelicited(
    `the agent did not answer with a task but with ${answered}`,
    'name messages that the agent answers with a task: --stimuli <file>',
    [exchange],
  );
}
