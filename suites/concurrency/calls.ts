import { isObject, stringOf } from '../../core/invariants/json.ts';
import type { StreamItem } from '../../core/history/stream-view.ts';
import type { Reply } from '../../core/wire/reply.ts';
import { isTaskState } from '../../protocol/task-state.ts';
import type { Done, Execution, MadeTask } from './run-program.ts';
import type { Asked, TaskCall, Told } from './task-model.ts';

/** A call of the task model, with what was done to make it. */
export type SeenCall = TaskCall & { readonly done: Done };

interface Span {
  readonly from: number;
  readonly to: number;
}

const isStateOf = (state: string | undefined): state is string =>
  isTaskState(state) && state !== 'TASK_STATE_UNSPECIFIED';

const isUnknownTask = (reply: Reply): boolean => reply.kind === 'error' && reply.error.name === 'TaskNotFoundError';

/** An error of the agent's own trouble, or none of the binding: what was asked for may have been done all the same. */
const isUntold = (reply: Reply): boolean =>
  reply.kind === 'none' ||
  reply.kind === 'malformed' ||
  (reply.kind === 'error' && (reply.error.name === undefined || reply.error.name === 'InternalError'));

const stateOf = (task: unknown): string | undefined =>
  isObject(task) && isObject(task['status']) ? stringOf(task['status']['state']) : undefined;

/** The Task of a result, whole or wrapped. */
function taskIn(reply: Reply): { readonly id: string; readonly state: string | undefined } | undefined {
  if (reply.kind !== 'result' || !isObject(reply.value)) return undefined;
  const task = isObject(reply.value['task']) ? reply.value['task'] : reply.value;
  const id = stringOf(task['id']);
  return id === undefined || !isObject(task['status']) ? undefined : { id, state: stateOf(task) };
}

/** What an execution tells of one of its tasks, as calls of the task model. */
export function callsOf({ done }: Pick<Execution, 'done'>, task: MadeTask): readonly SeenCall[] {
  let next = 0;
  return done.flatMap((one) => {
    const call = (input: Asked, output: Told | undefined, { from, to }: Span): SeenCall => ({
      id: `${one.exchange.id}.${(next += 1)}`,
      input,
      output,
      invokedAt: from,
      returnedAt: to,
      done: one,
    });
    return one.reply === undefined ? ofStream(one, task, call) : ofReply(one, one.reply, { task, call });
  });
}

type MakeCall = (input: Asked, output: Told | undefined, span: Span) => SeenCall;

const spanOf = ({ exchange }: Done): Span => ({ from: exchange.startedAt, to: exchange.endedAt });

function ofReply(
  done: Done,
  reply: Reply,
  { task, call }: { readonly task: MadeTask; readonly call: MakeCall },
): readonly SeenCall[] {
  const span = spanOf(done);
  const shown = taskIn(reply);
  const sees = (state: string | undefined): readonly SeenCall[] =>
    isStateOf(state) ? [call('see', { state }, span)] : [];
  if (done.kind === 'list') return ofList(done, reply, { task, call });
  if (done.taskId !== task.id) return [];
  switch (done.kind) {
    case 'start':
      return shown?.id === task.id ? [call('make', 'accepted', span), ...sees(shown.state)] : [];
    case 'send':
      // An answer with another task has made one, and a Message says nothing of this one.
      return shown?.id === task.id ? [call('send', 'accepted', span), ...sees(shown.state)] : [];
    case 'get':
      if (isUnknownTask(reply)) return [call('see', 'unknown', span)];
      return shown?.id === task.id ? sees(shown.state) : [];
    case 'cancel':
      if (isUntold(reply)) return [call('cancel', undefined, span)];
      if (isUnknownTask(reply)) return [call('cancel', 'unknown', span)];
      if (reply.kind === 'error') return [call('cancel', 'refused', span)];
      if (shown?.id !== task.id || !isStateOf(shown.state)) return [call('cancel', undefined, span)];
      return [call('cancel', { state: shown.state }, span)];
    case 'config':
      return ofConfig(done, reply, span, call);
    case 'subscribe':
      return [];
  }
}

function ofConfig(done: Done, reply: Reply, span: Span, call: MakeCall): readonly SeenCall[] {
  const { act, configId } = done;
  const value = reply.kind === 'result' && isObject(reply.value) ? reply.value : undefined;
  if (act === 'list') {
    if (value === undefined || (stringOf(value['nextPageToken']) ?? '') !== '') return [];
    const configs = Array.isArray(value['configs']) ? value['configs'].filter(isObject) : [];
    const ids = configs.map((config) => stringOf(config['id'])).filter((id) => id !== undefined);
    return [call({ config: 'list' }, { configs: ids.toSorted() }, span)];
  }
  if (act === 'create') {
    const id = stringOf(value?.['id']);
    return id === undefined ? [] : [call({ config: 'create', id }, 'accepted', span)];
  }
  if (act === undefined || configId === undefined) return [];
  const told =
    value !== undefined || reply.kind === 'result' ? 'accepted' : isUnknownTask(reply) ? 'unknown' : undefined;
  // What was not told of a read is nothing; a deletion may have been done.
  if (told === undefined && (act === 'get' || !isUntold(reply))) return [];
  return [call({ config: act, id: configId }, told, span)];
}

/** The task in a list; that it is missing says something only where the whole list came in one page. */
function ofList(
  done: Done,
  reply: Reply,
  { task, call }: { readonly task: MadeTask; readonly call: MakeCall },
): readonly SeenCall[] {
  const value = reply.kind === 'result' && isObject(reply.value) ? reply.value : undefined;
  if (value === undefined || !Array.isArray(value['tasks'])) return [];
  const found = value['tasks'].filter(isObject).find(({ id }) => id === task.id);
  const span = spanOf(done);
  if (found !== undefined) {
    const state = stateOf(found);
    return isStateOf(state) ? [call('see', { state }, span)] : [];
  }
  // An empty one may be all that a client without credentials is shown (§13.1).
  const whole =
    value['tasks'].length > 0 &&
    value['nextPageToken'] === '' &&
    done.contextId !== undefined &&
    done.contextId === task.contextId;
  return whole ? [call('see', 'unknown', span)] : [];
}

/** A stream shows what happened since it was asked for, each event at the latest when it came. */
function ofStream(done: Done, task: MadeTask, call: MakeCall): readonly SeenCall[] {
  const { kind, exchange, items } = done;
  const [first] = items;
  if (done.taskId !== task.id || first === undefined || first.kind === 'error') return [];
  const from = exchange.startedAt;
  const span = (item: StreamItem): Span => ({ from, to: item.at });
  const sees = items.flatMap((item) =>
    item.taskId === task.id && isStateOf(item.state) ? [call('see', { state: item.state }, span(item))] : [],
  );
  if (kind === 'start') return [call('make', 'accepted', span(first)), ...sees];
  // A direct Message, or another task, says nothing of this one.
  if (first.taskId !== task.id) return sees;
  return [call(kind === 'subscribe' ? 'subscribe' : 'send', 'accepted', span(first)), ...sees];
}
