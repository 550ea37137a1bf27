import { isTerminal } from '../../protocol/task-state.ts';
import { isObject, stringOf } from '../invariants/json.ts';

const statusOf = (task: unknown): Readonly<Record<string, unknown>> => {
  const status = isObject(task) ? task['status'] : undefined;
  return isObject(status) ? status : {};
};

/** When a status was recorded, by the agent's own account; undefined where it does not say. */
function recordedAt(task: unknown): number | undefined {
  const time = Date.parse(stringOf(statusOf(task)['timestamp']) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Whether two views show one moment of one task: the same context, state and time. */
export function isSameMoment(task: unknown, other: unknown): boolean {
  const moment = (view: unknown): string => {
    const { state, timestamp } = statusOf(view);
    return JSON.stringify([isObject(view) ? view['contextId'] : undefined, state, timestamp]);
  };
  return moment(task) === moment(other);
}

/** Whether the status of one view of a task was recorded before that of another, by the timestamps of both. */
export function isOlder(task: unknown, than: unknown): boolean {
  const [one, other] = [recordedAt(task), recordedAt(than)];
  return one !== undefined && other !== undefined && one < other;
}

/**
 * Of a task that was read after another view had shown its end, in another state than that end: whether it `left` the end, or
 * is an `old` view of it, from a copy that lags behind. Told by the timestamps of the two; `unclear` where they have none, or the same.
 * Of two ends one has been left, whatever the time.
 */
export function departure(end: unknown, later: unknown): 'left' | 'old' | 'unclear' {
  if (isTerminal(statusOf(later)['state'])) return 'left';
  const [then, now] = [recordedAt(end), recordedAt(later)];
  if (then === undefined || now === undefined || then === now) return 'unclear';
  return now > then ? 'left' : 'old';
}

/** What may be said of a view that is, or may be, an old one (ambiguity `read-delay`). */
export const lagReadings = [
  '§4.1.3, §3.1.1: a task in a terminal state stays in it',
  'no consistency between operations is promised: a replica may lag for a moment, and show an older status',
] as const;
