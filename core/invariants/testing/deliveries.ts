import type { Headers, History, WebhookDelivery } from '../../history/exchange.ts';
import { exchange, result, sampleInterface, sampleTask, userMessage, type Shape } from './exchanges.ts';

/** Hand-made notifications for table tests. */
export interface DeliveryShape {
  /** A text is sent as it is, anything else as JSON; default: a status update of task `t1`. */
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Headers;
  /** Default: the webhook of `created`. */
  readonly webhook?: string;
  readonly at?: number;
}

export const webhookUrl = 'http://127.0.0.1:8/webhooks/1';

export const statusUpdate = (state = 'WORKING', more: object = {}) => ({
  statusUpdate: { taskId: 't1', contextId: 'c1', status: { state: `TASK_STATE_${state}` }, ...more },
});

export const artifactUpdate = (artifact: object = { artifactId: 'a', parts: [{ text: 'x' }] }) => ({
  artifactUpdate: { taskId: 't1', contextId: 'c1', artifact },
});

/** One notification; what is not given is right. */
export function delivered(number: number, shape: DeliveryShape = {}): WebhookDelivery {
  const { body = statusUpdate(), method = 'POST', webhook = webhookUrl, at = 1_000 + number * 10 } = shape;
  return {
    id: `w${number}`,
    actor: 'agent',
    interface: sampleInterface,
    intent: { kind: 'delivery', webhook },
    request: {
      method,
      url: webhook,
      headers: shape.headers ?? [
        ['Content-Type', 'application/a2a+json'],
        ['Authorization', 'Bearer abc'],
      ],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    response: { status: 200, headers: [], body: '', validUtf8: true, truncated: false, headAt: at + 1 },
    events: [],
    endedBy: 'server',
    startedAt: at,
    endedAt: at + 1,
    clock: 'c',
    outcome: 'ok',
  };
}

/** The configuration of task `t1`, as an operation. */
export const created: Shape = {
  operation: 'CreateTaskPushNotificationConfig',
  params: { taskId: 't1', url: webhookUrl, token: 'tok', authentication: { scheme: 'Bearer', credentials: 'abc' } },
  answer: result(1, { id: 'p1', taskId: 't1', url: webhookUrl }),
};

/** The same inside the message that made the task. */
export const sentInline: Shape = {
  operation: 'SendMessage',
  params: { message: userMessage(), configuration: { taskPushNotificationConfig: { url: webhookUrl } } },
  answer: result(1, { task: sampleTask() }),
};

export const pushHistory = (shapes: readonly Shape[], deliveries: readonly DeliveryShape[]): History => ({
  exchanges: shapes.map((shape, index) => exchange(index + 1, shape)),
  deliveries: deliveries.map((shape, index) => delivered(index + 1, shape)),
});
