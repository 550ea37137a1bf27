import { messages } from '../../protocol/schemas/objects.ts';
import { readProtoJson } from '../../protocol/schemas/read.ts';
import type { Exchange, History, Millis } from '../history/exchange.ts';
import { onceForEach } from '../history/once-for-each.ts';
import { isObject, stringOf, type JsonObject } from './json.ts';
import { resultsOf } from './payloads.ts';

/** One answer of ListTasks that is a result, and what was asked. */
export interface ListAnswer {
  readonly exchange: Exchange;
  /** The ListTasksRequest. */
  readonly asked: JsonObject;
  /** The ListTasksResponse, names and nulls set right. */
  readonly value: JsonObject;
  /** The tasks that have an id, names and nulls set right. */
  readonly tasks: readonly ListedTask[];
  /** The token of the next page; '' on the last one, undefined where it is missing. */
  readonly nextToken: string | undefined;
  readonly at: Millis;
}

export interface ListedTask {
  readonly id: string;
  readonly state: string | undefined;
  readonly contextId: string | undefined;
  readonly timestamp: unknown;
  readonly raw: JsonObject;
  /** As it came: whether a member is there at all, null or not. */
  readonly received: JsonObject;
}

const definition = messages.get('ListTasksResponse')!;

const objectsIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

function listed(raw: unknown, received: unknown): ListedTask[] {
  const id = isObject(raw) ? stringOf(raw['id']) : undefined;
  if (!isObject(raw) || id === undefined || id === '') return [];
  const status = isObject(raw['status']) ? raw['status'] : {};
  return [
    {
      id,
      state: stringOf(status['state']),
      contextId: stringOf(raw['contextId']),
      timestamp: status['timestamp'],
      raw,
      received: isObject(received) ? received : raw,
    },
  ];
}

/** Every answer of ListTasks that is a result object, in the order of the requests. */
export const listAnswers = onceForEach((history: History): readonly ListAnswer[] =>
  resultsOf(history, 'ListTasks').flatMap(({ exchange, value: received, at }): ListAnswer[] => {
    const value = readProtoJson(definition, received).value;
    if (exchange.intent.kind !== 'operation' || !isObject(value) || !isObject(received)) return [];
    const originals = objectsIn(received['tasks']);
    return [
      {
        exchange,
        asked: exchange.intent.params,
        value,
        tasks: objectsIn(value['tasks']).flatMap((task, index) => listed(task, originals[index])),
        nextToken: stringOf(value['nextPageToken']),
        at,
      },
    ];
  }),
);

/** Headers of the binding itself; any other may say who asks. */
const neutral: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-type',
  'content-length',
  'host',
  'user-agent',
  'te',
  'grpc-accept-encoding',
  'a2a-version',
  'a2a-extensions',
]);

/** Whether nothing in a request says who asks, as far as headers tell. */
export const isAnonymous = ({ request: { headers } }: Exchange): boolean =>
  headers.every(([name]) => neutral.has(name.toLowerCase()));

/** Who asks: lists of different principals are different lists. */
export const askerOf = ({ actor, request: { headers } }: Exchange): string =>
  JSON.stringify([actor, headers.filter(([name]) => !neutral.has(name.toLowerCase()))]);
