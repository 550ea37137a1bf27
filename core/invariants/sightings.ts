import type { Exchange, History, Millis } from '../history/exchange.ts';
import { onceForEach } from '../history/once-for-each.ts';
import { isObject, parseJson, stringOf, type JsonObject } from './json.ts';
import { payloads, readPayload, type Payload } from './payloads.ts';

/** One place where the agent spoke of a task. */
export interface Sighting {
  readonly exchange: Exchange;
  readonly what: 'task' | 'status' | 'artifact';
  readonly taskId: string;
  readonly contextId: string | undefined;
  /** Undefined where this says nothing of a state. */
  readonly state: string | undefined;
  /** When it had arrived; it may describe an earlier moment, but none before the request. */
  readonly at: Millis;
  /** Position of the stream event; undefined for a plain answer. */
  readonly event: number | undefined;
  /** Task, TaskStatusUpdateEvent or TaskArtifactUpdateEvent, names and nulls set right. */
  readonly raw: JsonObject;
}

/** A Message that the agent made: a direct answer, or the message of a status. */
export interface AgentMessage {
  readonly exchange: Exchange;
  readonly raw: JsonObject;
  /** The task it is about, and that task's context as said beside it; undefined for a direct answer. */
  readonly task: { readonly id: string | undefined; readonly contextId: string | undefined } | undefined;
  readonly where: string;
}

const kinds = [
  ['task', 'task'],
  ['statusUpdate', 'status'],
  ['artifactUpdate', 'artifact'],
] as const;

/** The members of a wrapper, or a bare Task as if it were wrapped. */
function members(payload: Payload): JsonObject {
  const read = readPayload(payload).value;
  if (!isObject(read)) return {};
  return payload.definition.name === 'Task' ? { task: read } : read;
}

const statusOf = (raw: JsonObject): JsonObject => (isObject(raw['status']) ? raw['status'] : {});

/** Every sighting of a task, in the order of exchanges and events. */
export const sightings = onceForEach((history: History): readonly Sighting[] =>
  payloads(history).flatMap((payload) => {
    const value = members(payload);
    return kinds.flatMap(([member, what]): Sighting[] => {
      const raw = value[member];
      const taskId = isObject(raw) ? stringOf(raw[what === 'task' ? 'id' : 'taskId']) : undefined;
      if (!isObject(raw) || !taskId) return [];
      const { exchange, at, event } = payload;
      const state = stringOf(statusOf(raw)['state']);
      return [{ exchange, what, taskId, contextId: stringOf(raw['contextId']), state, at, event, raw }];
    });
  }),
);

/** Ids of the messages that clients sent, well-formed or not. */
function sentMessageIds({ exchanges }: History): ReadonlySet<unknown> {
  return new Set(
    exchanges.flatMap(({ request }) => {
      const body = parseJson(request.body);
      // The params of a JSON-RPC request; over HTTP+JSON they are the body.
      const params = isObject(body) && isObject(body['params']) ? body['params'] : body;
      const message = isObject(params) ? params['message'] : undefined;
      return isObject(message) && typeof message['messageId'] === 'string' ? [message['messageId']] : [];
    }),
  );
}

/**
 * Every Message of the agent outside a history, in the order of exchanges and events. A status may carry the message of the
 * client that it came about by ("a message associated with the status", a2a.proto): that is none of the agent's.
 */
export const agentMessages = onceForEach((history: History): readonly AgentMessage[] => {
  const sentIds = sentMessageIds(history);
  return payloads(history).flatMap((payload) => {
    const { message, task, statusUpdate } = members(payload);
    const { exchange, event } = payload;
    const where = (path: string): string => `${event === undefined ? '' : `event ${event}, `}${path}`;
    const direct: AgentMessage[] = isObject(message)
      ? [{ exchange, raw: message, task: undefined, where: where('message') }]
      : [];
    const ofStatus = [
      { holder: task, id: 'id' },
      { holder: statusUpdate, id: 'taskId' },
    ].flatMap(({ holder, id }): AgentMessage[] => {
      const raw = isObject(holder) ? statusOf(holder)['message'] : undefined;
      if (!isObject(holder) || !isObject(raw)) return [];
      if (raw['role'] === 'ROLE_USER' && sentIds.has(raw['messageId'])) return [];
      const about = { id: stringOf(holder[id]), contextId: stringOf(holder['contextId']) };
      return [{ exchange, raw, task: about, where: where('status.message') }];
    });
    return [...direct, ...ofStatus];
  });
});
