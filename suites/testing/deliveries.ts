import type { WebhookDelivery } from '../../core/history/exchange.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { Registered, WholeList } from '../checks/push/configuration.ts';
import { configIn } from '../checks/push/configuration.ts';
import { resultOf } from './answers.ts';

/** Made-up notifications and configurations for table tests of judges: no I/O behind them. */

type Json = Readonly<Record<string, unknown>>;

/** A notification of a status update; `state` without its prefix. `more` replaces members of the delivery. */
export const notified = (state: string, more: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  ...resultOf({}).exchange,
  intent: { kind: 'delivery', webhook: 'http://127.0.0.1/webhook' },
  request: {
    method: 'POST',
    url: 'http://127.0.0.1/webhook',
    headers: [],
    body: JSON.stringify({
      statusUpdate: { taskId: 't1', contextId: 'c1', status: { state: `TASK_STATE_${state}` } },
    }),
  },
  ...more,
});

/** A notification that is no StreamResponse. */
export const unreadable: WebhookDelivery = {
  ...notified('WORKING'),
  request: { ...notified('WORKING').request, body: '{"id":"t1"}' },
};

/** The answer to a request for a configuration. */
export const config = (id: string, more: Json = {}): CallResult =>
  resultOf({ id, taskId: 't1', url: `http://w/${id}`, ...more });

/** A configuration that was asked for, and the answer. */
export const registered = (id: string, answer: CallResult = config(id), settings: Json = {}): Registered => ({
  taskId: 't1',
  url: `http://w/${id}`,
  settings,
  answer,
  config: configIn(answer),
});

/** A list of these pages of ids. */
export const listed = (...pages: readonly (readonly string[])[]): WholeList => ({
  pages: pages.map((ids, index) =>
    resultOf({
      configs: ids.map((id) => ({ id, taskId: 't1', url: `http://w/${id}` })),
      ...(index < pages.length - 1 ? { nextPageToken: String(index) } : {}),
    }),
  ),
  complete: true,
  endless: false,
});
