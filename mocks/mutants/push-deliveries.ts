import type { Mutant } from './mutant.ts';
import { asObject, at } from './params.ts';
import {
  create,
  delivery,
  firstUpdateLast,
  inlineUrl,
  inPayload,
  mutant,
  notifications,
  onlyFirstWebhook,
  showsEnd,
  silentWebhooks,
  webhookDeliveries,
  withBody,
  withHeaders,
} from './push-faults.ts';

/** §4.3.3: notifications that do not come, or come wrongly. */
export const pushDeliveryMutants: readonly Mutant[] = [
  mutant('never-sends', 'No notification is ever sent', 'webhook-established', delivery, { pushRequest: () => null }),
  mutant(
    'created-silent',
    'Webhooks that were created are not notified',
    'webhook-established',
    delivery,
    silentWebhooks((operation) => operation === create),
  ),
  mutant(
    'inline-silent',
    'Webhooks that came with a message are not notified',
    ['inline-config', 'inline-streaming'],
    delivery,
    silentWebhooks((_, params) => inlineUrl(params) !== undefined),
  ),
  mutant(
    'immediate-silent',
    'Webhooks of messages with returnImmediately are not notified',
    'execution-mode',
    delivery,
    silentWebhooks((_, params) => at(params, 'configuration', 'returnImmediately') === true),
  ),
  mutant(
    'streaming-silent',
    'Webhooks of streams are not notified',
    'inline-streaming',
    delivery,
    silentWebhooks((operation) => operation === 'SendStreamingMessage'),
  ),
  mutant(
    'first-webhook-only',
    'Only the first webhook of a task is notified',
    ['each-webhook', 'failing-webhook'],
    [delivery, 'push/failing-webhook'],
    onlyFirstWebhook,
  ),
  mutant('end-not-sent', 'The end of a task is not sent', 'terminal-delivered', delivery, {
    pushRequest: (request) => (showsEnd(request) ? null : request),
  }),
  mutant('cancellation-not-sent', 'The end of a canceled task is not sent', 'terminal-delivered', delivery, {
    pushRequest: (request) => (request.body.includes('TASK_STATE_CANCELED') ? null : request),
  }),
  mutant('put', 'Notifications are sent by PUT', 'http-post', webhookDeliveries, {
    pushRequest: (request) => ({ ...request, method: 'PUT' }),
  }),
  mutant(
    'content-type',
    'Notifications are sent as application/json',
    'content-type',
    webhookDeliveries,
    withHeaders((headers) => ({ ...headers, 'Content-Type': 'application/json' })),
  ),
  mutant(
    'without-credentials',
    'Notifications carry no credentials',
    'authentication',
    webhookDeliveries,
    withHeaders(({ Authorization: _, ...headers }) => headers),
  ),
  mutant(
    'credentials-without-scheme',
    'Notifications carry the credentials without their scheme',
    'authentication',
    webhookDeliveries,
    withHeaders(({ Authorization: value, ...headers }) =>
      value === undefined ? headers : { ...headers, Authorization: value.replace(/^\S+ /, '') },
    ),
  ),
  mutant(
    'credentials-of-another',
    'Notifications carry other credentials than those of their configuration',
    'authentication',
    webhookDeliveries,
    () => {
      let first: string | undefined;
      return withHeaders(({ Authorization: value, ...headers }) => {
        first ??= value;
        return first === undefined || value === undefined ? headers : { ...headers, Authorization: first };
      });
    },
  ),
  mutant('bare-payload', 'The payload is the update without StreamResponse around it', 'payload', notifications, {
    pushRequest: (request) => withBody(request, (body) => Object.values(body)[0]),
  }),
  mutant('json-rpc-payload', 'The payload is a JSON-RPC response', 'payload', notifications, {
    pushRequest: (request) => withBody(request, (result) => ({ jsonrpc: '2.0', id: 1, result })),
  }),
  mutant(
    'artifact-without-id',
    'Artifacts in notifications have no id',
    'payload-objects',
    notifications,
    inPayload((update) => {
      if (update['artifact'] === undefined) return update;
      const { artifactId: _, ...artifact } = asObject(update['artifact']);
      return { ...update, artifact };
    }),
  ),
  mutant(
    'another-task',
    'Notifications name another task',
    'delivery-task',
    notifications,
    inPayload((update) => ({ ...update, taskId: `${String(update['taskId'])}-push` })),
  ),
  mutant(
    'another-context',
    'Notifications name another context',
    'delivery-task',
    notifications,
    inPayload((update) => ({ ...update, contextId: 'another' })),
  ),
  mutant('out-of-order', 'The first update is sent after the end', 'in-order', notifications, firstUpdateLast),
  mutant(
    'another-end',
    'Notifications show a completed task as failed',
    'one-end',
    notifications,
    inPayload((update) => {
      const status = asObject(update['status']);
      return status['state'] === 'TASK_STATE_COMPLETED'
        ? { ...update, status: { ...status, state: 'TASK_STATE_FAILED' } }
        : update;
    }),
  ),
];
