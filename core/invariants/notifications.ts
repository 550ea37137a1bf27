import { messages } from '../../protocol/schemas/objects.ts';
import type { Problem } from '../../protocol/schemas/problem.ts';
import { inspect } from '../../protocol/schemas/validate.ts';
import { rows } from '../../protocol/requirements/rows.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import type { Exchange, History, WebhookDelivery } from '../history/exchange.ts';
import { notificationIn, tasksOfWebhooks } from '../history/notifications.ts';
import type { StreamItem } from '../history/stream-view.ts';
import { inspectPayloads } from './data-model.ts';
import { defineInvariant } from './invariant.ts';
import { parseJson } from './json.ts';
import { sightings, type Sighting } from './sightings.ts';
import type { Defect, Instance } from './tally.ts';
import { judgeNotifications } from './webhook-deliveries.ts';

interface Notified {
  readonly delivery: WebhookDelivery;
  readonly item: StreamItem;
}

const streamResponse = messages.get('StreamResponse')!;
const wrapper = 'schema/stream-response';

const defectOf = ({ path, expected, actual, readings }: Problem): Defect => ({
  expected,
  actual: `StreamResponse${path}: ${actual}`,
  ...(readings ? { readings } : {}),
});

/** The first problem of a kind, a certain one before one with two readings. */
const worstOf = (problems: readonly Problem[]): Defect | undefined => {
  const problem = problems.find(({ readings }) => readings === undefined) ?? problems[0];
  return problem && defectOf(problem);
};

/** What is wrong with a field, wherever it is. */
const fault = ({ row, kind, object, field }: Problem): string => JSON.stringify([row, kind, object, field]);

/** Problems of the objects of a payload. One that other answers show too is judged there, and not blamed twice. */
function payloadInstances(
  deliveries: readonly WebhookDelivery[],
  elsewhere: ReadonlySet<string>,
): {
  readonly wrappers: readonly Instance[];
  readonly objects: readonly Instance[];
} {
  const isOwn = (problem: Problem): boolean =>
    problem.row !== null &&
    problem.row !== wrapper &&
    rows.get(problem.row)?.level === 'MUST' &&
    !elsewhere.has(fault(problem));
  const inspected = deliveries.map((delivery) => {
    const value = parseJson(delivery.request.body);
    return { delivery, value, ...inspect(streamResponse, value) };
  });
  const wrappers = inspected.map(({ delivery, value, problems }): Instance => ({
    exchanges: [delivery],
    defect:
      value === undefined
        ? { expected: 'a StreamResponse as JSON', actual: 'no JSON text' }
        : worstOf(problems.filter(({ row }) => row === wrapper)),
  }));
  // What is no StreamResponse holds nothing to be judged by its objects.
  const whole = inspected.filter((_, index) => wrappers[index]!.defect === undefined);
  const objects = whole.map(({ delivery, problems }): Instance => ({
    exchanges: [delivery],
    defect: worstOf(problems.filter(isOwn)),
  }));
  return { wrappers, objects };
}

/** Every notification against the task of its configuration, and the context in which other answers show that task. */
function taskInstances(
  notified: readonly Notified[],
  history: History,
  seen: readonly Sighting[],
): readonly Instance[] {
  const tasks = tasksOfWebhooks(history, (id) =>
    seen.filter(({ exchange }) => exchange.id === id).map(({ taskId }) => taskId),
  );
  const contexts = new Map(seen.flatMap((each) => (each.contextId ? [[each.taskId, each] as const] : [])));
  return notified.flatMap(({ delivery, item }): Instance[] => {
    const expected = tasks.get(delivery.intent.webhook);
    if (item.taskId === undefined || expected === undefined || expected.size === 0) return [];
    if (!expected.has(item.taskId)) {
      const defect = { expected: `task ${[...expected].join(' or ')}`, actual: `task ${item.taskId}` };
      return [{ exchanges: [delivery], defect }];
    }
    const shown = contexts.get(item.taskId);
    if (!item.contextId || !shown || shown.contextId === item.contextId) return [{ exchanges: [delivery] }];
    return [
      {
        exchanges: [delivery, shown.exchange],
        defect: {
          expected: `context ${shown.contextId} of task ${item.taskId}, as in ${shown.exchange.id}`,
          actual: `context ${item.contextId}`,
        },
      },
    ];
  });
}

const orderReadings: Defect['readings'] = [
  '§3.5.2: all implementations deliver events in the order they were generated',
  '§3.5.2 speaks of streams; §4.3.3: deliveries are retried and repeated, which may reorder them',
];

/** For each webhook and task with a delivered end: whether what came after it, and had not come before, is an earlier update. */
function orderInstances(notified: readonly Notified[]): readonly Instance[] {
  const key = ({ delivery, item }: Notified): string => `${delivery.intent.webhook} ${item.taskId}`;
  return [...Map.groupBy(notified, key).values()].flatMap((sequence): Instance[] => {
    const end = sequence.findIndex(({ item }) => item.terminal);
    if (end < 0) return [];
    const { delivery } = sequence[end]!;
    const before = new Set(sequence.slice(0, end).map((each) => each.delivery.request.body));
    const late = sequence.find(
      (each, index) =>
        index > end &&
        !each.item.terminal &&
        each.delivery.startedAt >= delivery.endedAt &&
        !before.has(each.delivery.request.body),
    );
    if (!late) return [{ exchanges: [delivery] }];
    const what = late.item.kind === 'artifact' ? 'an artifact update' : (late.item.state ?? `a ${late.item.kind}`);
    const defect: Defect = {
      expected: `nothing new after ${sequence[end]!.item.state}`,
      actual: what,
      readings: orderReadings,
    };
    return [{ exchanges: [late.delivery, delivery], defect }];
  });
}

/** For each task whose end was delivered: whether all that show its end show the same. */
function endInstances(notified: readonly Notified[], seen: readonly Sighting[]): readonly Instance[] {
  const delivered = notified.filter(({ item }) => item.terminal && item.taskId !== undefined);
  const ends = seen.filter(({ state }) => isTerminal(state));
  return [...Map.groupBy(delivered, ({ item }) => item.taskId!)].map(([taskId, [first, ...others]]): Instance => {
    const elsewhere: readonly { readonly exchange: Exchange; readonly state: string | undefined }[] = [
      ...others.map(({ delivery, item }) => ({ exchange: delivery, state: item.state })),
      ...ends.filter((end) => end.taskId === taskId),
    ];
    const { delivery, item } = first!;
    const other = elsewhere.find(({ state }) => state !== item.state);
    return {
      exchanges: [delivery, ...(other ? [other.exchange] : [])],
      defect: other && { expected: `task ${taskId} in one terminal state`, actual: `${item.state} and ${other.state}` },
    };
  });
}

/** §4.3.3: what notifications say. */
export const notifications = defineInvariant({
  id: 'invariants/notifications',
  title: 'Notifications hold a StreamResponse about the task of their configuration',
  provenance: { kind: 'spec' },
  requirements: ['push/payload', 'push/payload-objects', 'push/delivery-task', 'push/in-order', 'push/one-end'],
  judge(history, facts) {
    const { deliveries = [] } = history;
    const notified = deliveries.map((delivery) => ({ delivery, item: notificationIn(delivery) }));
    const seen = sightings(history);
    const { wrappers, objects } = payloadInstances(
      deliveries,
      new Set(inspectPayloads(history).flatMap(({ problems }) => problems.map(fault))),
    );
    return {
      'push/payload': judgeNotifications(
        wrappers,
        { counted: 'payloads', wrong: 'are no StreamResponse with exactly one member', right: 'a StreamResponse' },
        facts,
      ),
      'push/payload-objects': judgeNotifications(
        objects,
        { counted: 'payloads', wrong: 'hold what is not as defined', right: 'as defined' },
        facts,
      ),
      'push/delivery-task': judgeNotifications(
        taskInstances(notified, history, seen),
        { counted: 'notifications', wrong: 'name another task or context than that of their configuration' },
        facts,
      ),
      'push/in-order': judgeNotifications(
        orderInstances(notified),
        { counted: 'webhooks that got the end of a task', wrong: 'got an earlier update after it' },
        facts,
      ),
      'push/one-end': judgeNotifications(
        endInstances(notified, seen),
        { counted: 'tasks whose end was delivered', wrong: 'have several ends' },
        facts,
      ),
    };
  },
});
