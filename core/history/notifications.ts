import { messages } from '../../protocol/schemas/objects.ts';
import { readProtoJson } from '../../protocol/schemas/read.ts';
import { isObject, parseJson, stringOf, type JsonObject } from '../invariants/json.ts';
import type { History, WebhookDelivery } from './exchange.ts';
import { streamItems, type StreamItem } from './stream-view.ts';

const streamResponse = messages.get('StreamResponse')!;

/** What a notification says; names and nulls set right, nothing else. `other` where it is no StreamResponse. */
export function notificationIn({ request, startedAt }: WebhookDelivery): StreamItem {
  const { value } = readProtoJson(streamResponse, parseJson(request.body));
  return streamItems([{ at: startedAt, reply: { kind: 'result', value } }])[0]!;
}

/** A configuration as the harness registered it. */
export interface Registration {
  readonly url: string;
  readonly scheme: string | undefined;
  readonly credentials: string | undefined;
  readonly token: string | undefined;
}

function registrationIn(config: unknown): readonly Registration[] {
  if (!isObject(config)) return [];
  const url = stringOf(config['url']);
  const authentication: JsonObject = isObject(config['authentication']) ? config['authentication'] : {};
  return url === undefined
    ? []
    : [
        {
          url,
          scheme: stringOf(authentication['scheme']),
          credentials: stringOf(authentication['credentials']),
          token: stringOf(config['token']),
        },
      ];
}

/** The configurations of a history by their URL, which is another one for each: with operations and inside messages. */
export function registrations({ exchanges }: History): ReadonlyMap<string, Registration> {
  const all = exchanges.flatMap(({ intent }) => {
    if (intent.kind !== 'operation') return [];
    const { operation, params } = intent;
    if (operation === 'CreateTaskPushNotificationConfig') return registrationIn(params);
    const { configuration } = params;
    return isObject(configuration) ? registrationIn(configuration['taskPushNotificationConfig']) : [];
  });
  return new Map(all.map((registration) => [registration.url, registration]));
}

/**
 * The tasks that a webhook is for, by its URL: named with it, or made by the message that it came with. A webhook of a message whose
 * task no answer shows is not among them: an error may have come after the task was made.
 */
export function tasksOfWebhooks(
  { exchanges }: History,
  shownIn: (exchangeId: string) => readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const tasks = new Map<string, Set<string>>();
  const unknown = new Set<string>();
  for (const { id, intent } of exchanges) {
    if (intent.kind !== 'operation') continue;
    const { operation, params } = intent;
    const created = operation === 'CreateTaskPushNotificationConfig';
    const { configuration } = params;
    const inline = isObject(configuration) ? configuration['taskPushNotificationConfig'] : undefined;
    const [registration] = registrationIn(created ? params : inline);
    if (registration === undefined) continue;
    const named = created ? [stringOf(params['taskId']) ?? []].flat() : shownIn(id);
    if (named.length === 0) unknown.add(registration.url);
    tasks.set(registration.url, new Set([...(tasks.get(registration.url) ?? []), ...named]));
  }
  for (const url of unknown) tasks.delete(url);
  return tasks;
}
