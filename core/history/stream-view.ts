import { isTerminal } from '../../protocol/task-state.ts';
import { isObject, stringOf, type JsonObject } from '../invariants/json.ts';
import type { ProtocolError, Reply } from '../wire/reply.ts';
import type { Millis } from './exchange.ts';

export type StreamItemKind = 'task' | 'message' | 'status' | 'artifact' | 'error' | 'other';

/** One event of a stream, read for judging; nothing is repaired. */
export interface StreamItem {
  /** `other`: no StreamResponse with exactly one payload (the schema rows speak of that). */
  readonly kind: StreamItemKind;
  /** 0 for the first event. */
  readonly index: number;
  readonly at: Millis;
  readonly taskId: string | undefined;
  readonly contextId: string | undefined;
  /** State of a Task or a status update. */
  readonly state: string | undefined;
  /** Whether that state is terminal. */
  readonly terminal: boolean;
  /** The payload (Task, Message, update) as received; empty for `error` and `other`. */
  readonly raw: JsonObject;
  /** Of an `error`. */
  readonly error?: ProtocolError;
}

const payloads = [
  ['task', 'task'],
  ['message', 'message'],
  ['statusUpdate', 'status'],
  ['artifactUpdate', 'artifact'],
] as const;

/** Reads the events of a stream (`StreamResponse` of `a2a.proto`) in the order of their arrival. */
export function streamItems(events: readonly { readonly at: Millis; readonly reply: Reply }[]): readonly StreamItem[] {
  return events.map(({ at, reply }, index) => {
    if (reply.kind === 'error') return { ...item('error', {}, index, at), error: reply.error };
    if (reply.kind !== 'result') return item('other', {}, index, at);
    const value = isObject(reply.value) ? reply.value : {};
    const present = payloads.filter(([member]) => isObject(value[member]));
    const [payload] = present;
    if (payload === undefined || present.length > 1) return item('other', {}, index, at);
    return item(payload[1], value[payload[0]] as JsonObject, index, at);
  });
}

function item(kind: StreamItemKind, raw: JsonObject, index: number, at: Millis): StreamItem {
  const state = isObject(raw['status']) ? stringOf(raw['status']['state']) : undefined;
  return {
    kind,
    index,
    at,
    taskId: stringOf(raw[kind === 'task' ? 'id' : 'taskId']),
    contextId: stringOf(raw['contextId']),
    state,
    terminal: isTerminal(state),
    raw,
  };
}

/** The Task or status update that first showed the task in a terminal state. */
export const terminalItem = (items: readonly StreamItem[]): StreamItem | undefined =>
  items.find(({ terminal }) => terminal);

/** A short name of an event for reports: `status TASK_STATE_WORKING`, `artifact a1 (append)`. */
export function describeItem({ kind, state, raw }: StreamItem): string {
  if (kind === 'artifact') {
    const id = isObject(raw['artifact']) ? String(raw['artifact']['artifactId']) : '?';
    return `artifact ${id}${raw['append'] === true ? ' (append)' : ''}`;
  }
  return state === undefined ? kind : `${kind} ${state}`;
}
