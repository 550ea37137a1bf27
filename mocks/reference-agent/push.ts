import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { BusEvent, EventBus } from './event-bus.ts';
import type { Fault, PushRequest } from './hooks.ts';
import type { Settings } from './settings.ts';
import type { PushConfigStore } from './task-store.ts';
import type { Timers } from './timers.ts';
import type { TaskPushNotificationConfig } from './types.ts';
import type { WebhookGuard } from './webhook-guard.ts';

/** A configuration as it is kept: with its id and its task. */
export type StoredPushConfig = TaskPushNotificationConfig & { readonly id: string; readonly taskId: string };

/** Push configurations of all tasks, and the delivery of every task update to their webhooks (§4.3.3). */
export interface Push {
  /** Assigns an id where there is none; a known id is replaced. */
  create(taskId: string, config: TaskPushNotificationConfig): StoredPushConfig;
  get(taskId: string, configId: string): StoredPushConfig | undefined;
  /** In the order of creation, which `position` counts over all tasks. */
  list(taskId: string): readonly { readonly config: StoredPushConfig; readonly position: number }[];
  /** Nothing is sent any more, not even what is waiting. */
  delete(taskId: string, configId: string): void;
  close(): void;
}

interface Channel {
  readonly config: StoredPushConfig;
  readonly position: number;
  /** Bodies still to be sent, in the order of the updates. */
  readonly waiting: string[];
  readonly stop: AbortController;
  sending: boolean;
}

export function createPush(deps: {
  readonly bus: EventBus;
  /** Where the configurations outlive the process. */
  readonly kept: PushConfigStore;
  readonly timers: Timers;
  readonly settings: Settings;
  readonly guard: WebhookGuard;
  readonly fault: Fault | undefined;
}): Push {
  const { bus, kept, timers, settings, guard, fault } = deps;
  const byTask = new Map<string, Map<string, Channel>>();
  /** Deleted, and yet notified: of a mutant. */
  const ghosts: Channel[] = [];
  const policy = fault?.policy ?? {};
  let created = 0;

  const requestFor = (config: StoredPushConfig, body: string): PushRequest => ({
    url: config.url,
    headers: {
      'Content-Type': 'application/a2a+json',
      'A2A-Version': '1.0',
      ...(config.authentication
        ? {
            Authorization: [config.authentication.scheme, config.authentication.credentials]
              .filter((part) => part !== undefined && part !== '')
              .join(' '),
          }
        : {}),
      ...(config.token === undefined ? {} : { 'X-A2A-Notification-Token': config.token }),
    },
    body,
  });

  /** One attempt; resolves with the status. Redirects are not followed: they could lead anywhere. */
  const post = ({ method = 'POST', url, headers, body }: PushRequest, signal: AbortSignal): Promise<number> =>
    new Promise((resolve, reject) => {
      const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(
        url,
        {
          method,
          headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
          agent: false,
          lookup: guard.lookup,
          signal: AbortSignal.any([signal, AbortSignal.timeout(settings.push.timeoutMs)]),
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });

  const deliver = async (channel: Channel, body: string): Promise<void> => {
    const { signal } = channel.stop;
    const request = requestFor(channel.config, body);
    const effective = fault?.pushRequest ? await fault.pushRequest(request) : request;
    signal.throwIfAborted();
    for (const each of [effective ?? []].flat()) await attempt(each, signal);
  };

  const attempt = async (request: PushRequest, signal: AbortSignal): Promise<void> => {
    for (let turn = 1; turn <= settings.push.attempts; turn += 1) {
      if (turn > 1) await timers.delay(settings.push.backoffMs * 2 ** (turn - 2), signal);
      try {
        const status = await post(request, signal);
        if (status >= 200 && status < 300) return;
        settings.log({ level: 'warn', event: 'webhook refused', detail: `HTTP ${status}` });
      } catch (error) {
        signal.throwIfAborted();
        settings.log({ level: 'warn', event: 'webhook unreachable', detail: String(error) });
      }
    }
  };

  const drain = async (channel: Channel): Promise<void> => {
    if (channel.sending) return;
    channel.sending = true;
    try {
      for (let body = channel.waiting.shift(); body !== undefined; body = channel.waiting.shift()) {
        await deliver(channel, body);
      }
    } catch (error) {
      // Stopped channels leave in the middle of a delivery; anything else is worth knowing.
      if (!channel.stop.signal.aborted) {
        settings.log({ level: 'error', event: 'webhook delivery failed', detail: String(error) });
      }
    } finally {
      channel.sending = false;
    }
  };

  const stop = (channel: Channel): void => {
    channel.waiting.length = 0;
    channel.stop.abort();
  };

  bus.subscribeAll(({ update, task }: BusEvent) => {
    const haunting = ghosts.filter(({ config }) => config.taskId === task.id);
    for (const channel of [...(byTask.get(task.id)?.values() ?? []), ...haunting]) {
      channel.waiting.push(JSON.stringify(update));
      void drain(channel);
    }
  });

  const open = (config: StoredPushConfig, position: number): void => {
    const channels = byTask.get(config.taskId) ?? new Map<string, Channel>();
    byTask.set(config.taskId, channels);
    channels.set(config.id, { config, position, waiting: [], stop: new AbortController(), sending: false });
  };

  for (const { config, position } of kept.all()) {
    open(config, position);
    created = Math.max(created, position);
  }

  const idOf = (taskId: string, proposed: string | undefined): string => {
    if (proposed !== undefined && !policy.pushClientIdsIgnored) return proposed;
    return policy.pushConfigIdIsTaskId ? taskId : randomUUID();
  };

  return {
    create(taskId, config) {
      const stored: StoredPushConfig = { ...config, id: idOf(taskId, config.id), taskId };
      const previous = byTask.get(taskId)?.get(stored.id);
      if (previous) stop(previous);
      created += 1;
      const position = previous?.position ?? created;
      kept.put(stored, position);
      open(stored, position);
      return stored;
    },
    get: (taskId, configId) => byTask.get(taskId)?.get(configId)?.config,
    list: (taskId) => [...(byTask.get(taskId)?.values() ?? [])].map(({ config, position }) => ({ config, position })),
    delete(taskId, configId) {
      const channels = byTask.get(taskId);
      const channel = channels?.get(configId);
      if (!channels || !channel) return;
      if (policy.pushDeletedNotified) ghosts.push(channel);
      else stop(channel);
      kept.delete(taskId, configId);
      channels.delete(configId);
      if (channels.size === 0) byTask.delete(taskId);
    },
    close() {
      for (const channels of byTask.values()) for (const channel of channels.values()) stop(channel);
      for (const channel of ghosts) stop(channel);
      byTask.clear();
    },
  };
}
