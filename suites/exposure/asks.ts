import type { TaskView } from '../../core/engine/check.ts';
import { ambiguous, holds, type Judgement } from '../../core/findings/judgement.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { Operation } from '../../protocol/operations.ts';
import { pageIn, tasksIn } from '../checks/list/page.ts';
import { deleteConfigs, inline, ownCredentials, refOf, register } from '../checks/push/configuration.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import { missingArtifacts, taskIn } from '../checks/shared/task-parts.ts';
import { judgeEndDelivered } from '../checks/streaming/closing.ts';
import { cancelUnended, leave, subscribeTo, watch } from '../checks/streaming/watch.ts';
import type { Place } from './place.ts';

/** What one answer shows of a row, beside what invariants see in it. */
export interface Shown {
  readonly row: string;
  readonly judgement: Judgement;
}

/** A good request that is made again and again, so that what is seldom wrong has its chance to be. */
export interface Ask {
  /** Of what answers are counted. */
  readonly operation: Operation;
  readonly gives: 'result' | 'error';
  /** Whether only its own answers count, for a judge of its own or for what comes with them; else whoever asked. */
  readonly countsAlone?: true;
  isPossible(place: Place): boolean;
  /** @param round counts from 0 @throws {Unelicited} where no further task may be made */
  ask(place: Place, round: number): Promise<readonly Shown[]>;
}

const always = (): boolean => true;
const nothing: readonly Shown[] = [];

const lags = 'no consistency between answers is promised: a copy may lag, or be another one';

/** §3.3.1: reads of an ended task agree. A task that is not found may have been purged; another one is for the invariants. */
export function judgeRead(known: TaskView, answer: CallResult): readonly Shown[] {
  const task = taskIn(answer);
  if (task?.id !== known.id) return nothing;
  const missing = missingArtifacts(task, known);
  const judgement =
    missing.length === 0
      ? holds('the read shows what the first one did', answer.exchange)
      : ambiguous(
          `a read of ended task ${known.id} lacks ${missing.join(', ')}, which GetTask showed before`,
          ['§3.3.1: reads of an ended task agree', lags],
          answer.exchange,
        );
  return [{ row: 'get/idempotent', judgement }];
}

/** §3.1.4: a list on one page, after one that had them all. `after` shows the tasks that it lacks. */
export function judgeList(
  due: readonly TaskView[],
  answer: CallResult,
  after: readonly CallResult[],
): readonly Shown[] {
  const listed = new Set(tasksIn(answer).map(({ id }) => id));
  const missing = due.filter(({ id }) => !listed.has(id));
  const row = 'list/returns-tasks';
  if (missing.length === 0) return [{ row, judgement: holds('all tasks of the context are listed', answer.exchange) }];
  const there = missing.filter(({ id }) => after.some((one) => taskIn(one)?.id === id));
  if (there.length === 0) return nothing;
  const judgement = ambiguous(
    `task ${there[0]!.id}, which was listed before and which GetTask shows, is left out of a list`,
    ['§3.1.4: every task that matches is listed', lags],
    answer.exchange,
    ...after.map(({ exchange }) => exchange),
  );
  return [{ row, judgement }];
}

const endedOf = ({ ended }: Place, round: number): TaskView => ended[round % ended.length]!;

export const asks: readonly Ask[] = [
  {
    operation: 'SendMessage',
    gives: 'result',
    isPossible: always,
    // Each brings notifications.
    countsAlone: true,
    async ask(place) {
      const { door } = place;
      if (!place.notifies) {
        await door.send('completes');
        return nothing;
      }
      const webhook = door.openWebhook();
      const answer = await door.send('completes', { configuration: inline(webhook, ownCredentials(door)) });
      // An agent may refuse addresses of its own network (§13.2), or be slow to notify: then it is not waited for again.
      place.notifies =
        answer.reply.kind === 'result' &&
        (await webhook.until((deliveries) => deliveries.length > 0, door.deadlines.graceMs, door.signal));
      return nothing;
    },
  },
  {
    operation: 'SendStreamingMessage',
    gives: 'result',
    isPossible: ({ door }) => door.target.capabilities.streaming,
    countsAlone: true,
    async ask({ door }) {
      const stream = await watch(door, await door.sendStreaming('completes'));
      await cancelUnended(door, stream);
      return [{ row: 'streaming/end-delivered', judgement: judgeEndDelivered(stream) }];
    },
  },
  {
    operation: 'GetTask',
    gives: 'result',
    isPossible: always,
    countsAlone: true,
    async ask(place, round) {
      const known = endedOf(place, round);
      return judgeRead(known, await place.door.client.call('GetTask', { id: known.id }));
    },
  },
  {
    operation: 'GetTask',
    gives: 'result',
    isPossible: always,
    countsAlone: true,
    async ask(place, round) {
      const { id } = endedOf(place, round);
      await place.door.client.call('GetTask', { id, historyLength: 0 });
      return nothing;
    },
  },
  {
    operation: 'GetTask',
    gives: 'error',
    isPossible: always,
    async ask({ door }) {
      await door.client.call('GetTask', { id: door.id('unknown') });
      return nothing;
    },
  },
  {
    operation: 'ListTasks',
    gives: 'result',
    isPossible: ({ contextId }) => contextId !== undefined,
    countsAlone: true,
    async ask(place) {
      const { door, ended, contextId } = place;
      const answer = await door.client.call('ListTasks', { contextId, pageSize: 50 });
      const page = pageIn(answer);
      // More than one page: others make tasks in this context, or the agent has pages of its own size.
      if (page === undefined || page.token !== '') return nothing;
      const missing = ended.filter(({ id }) => page.tasks.every((task) => task.id !== id));
      if (!place.lists) {
        place.lists = missing.length === 0;
        if (!place.lists) return nothing;
      }
      const after: CallResult[] = [];
      for (const { id } of missing) after.push(await door.client.call('GetTask', { id }));
      return judgeList(ended, answer, after);
    },
  },
  {
    operation: 'CancelTask',
    gives: 'error',
    isPossible: always,
    async ask(place, round) {
      await place.door.client.call('CancelTask', { id: endedOf(place, round).id });
      return nothing;
    },
  },
  {
    operation: 'CancelTask',
    gives: 'result',
    isPossible: ({ waiting }) => waiting !== undefined,
    async ask({ door, waiting }) {
      const sent = waiting!.forInput
        ? await door.send('input-required')
        : await door.send('long-running', { configuration: { returnImmediately: true } });
      await cancelTaskIn(door, sent);
      return nothing;
    },
  },
  {
    operation: 'SubscribeToTask',
    gives: 'result',
    isPossible: ({ door, waiting }) => door.target.capabilities.streaming && waiting !== undefined,
    async ask({ door, waiting }) {
      await leave(await subscribeTo(door, waiting!.id));
      return nothing;
    },
  },
  {
    operation: 'CreateTaskPushNotificationConfig',
    gives: 'result',
    isPossible: ({ config }) => config !== undefined,
    async ask({ door, config }) {
      const { taskId, url } = config!;
      const made = await register(door, taskId, { url }, { id: door.id('config') });
      await deleteConfigs(door, made);
      return nothing;
    },
  },
  {
    operation: 'GetTaskPushNotificationConfig',
    gives: 'result',
    isPossible: ({ config }) => config !== undefined,
    async ask({ door, config }) {
      await door.client.call('GetTaskPushNotificationConfig', refOf(config!, config!.config!.id!));
      return nothing;
    },
  },
  {
    operation: 'ListTaskPushNotificationConfigs',
    gives: 'result',
    isPossible: ({ config }) => config !== undefined,
    async ask({ door, config }) {
      await door.client.call('ListTaskPushNotificationConfigs', { taskId: config!.taskId });
      return nothing;
    },
  },
  {
    operation: 'GetExtendedAgentCard',
    gives: 'result',
    isPossible: ({ door }) => door.target.capabilities.extendedAgentCard,
    async ask({ door }) {
      await door.client.call('GetExtendedAgentCard', {});
      return nothing;
    },
  },
];
