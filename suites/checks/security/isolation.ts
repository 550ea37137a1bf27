import { defineCheck, type ProbeContext, type SecondPrincipal } from '../../../core/engine/check.ts';
import { needsSecondPrincipal, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, skip, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { StreamingOperation, UnaryOperation } from '../../../protocol/operations.ts';
import { pageIn, taskOn } from '../list/page.ts';
import { configsIn, deleteConfigs, refOf, registerAnywhere, type Registered } from '../push/configuration.ts';
import { startWaitingTask } from '../push/waiting-task.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { refusalOf, worst } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';
import { taskIn } from '../shared/task-parts.ts';
import { judgeKept, judgeUncanceled, judgeUnmade, judgeUnsaid } from './isolation-effects.ts';
import { judgeAlike, judgeTrespass, showsTask, type Boundary, type Trespass } from './isolation-judges.ts';
import { wasServed } from './rejection-judges.ts';

export interface Observation {
  readonly ownId: string;
  /** GetTask of the first principal's task as the first, before and after. */
  readonly owner: readonly [CallResult, CallResult];
  /** Whether the second principal is served: its own task, and GetTask of it. */
  readonly second: readonly CallResult[];
  readonly shares: readonly string[];
  readonly get: Trespass;
  readonly cancel: Trespass;
  /** Null where the card declares no streaming. */
  readonly subscribe: Trespass | null;
  readonly send: readonly Trespass[];
  /** Empty where the card declares no push notifications, or there is no configuration. */
  readonly push: readonly Trespass[];
  /** ListTasks as the first (a control) and as the second, without a filter and by the first one's context. */
  readonly ownList: CallResult;
  readonly lists: readonly CallResult[];
  /** The first looks for what the second has made. */
  readonly back: readonly {
    readonly id: string;
    readonly got: CallResult;
    readonly listed: CallResult;
    /** Made in a context that the first began. */
    readonly joined: boolean;
  }[];
  /** As the first: what the second deleted, and all configurations of the task before and after the second tried to make one. */
  readonly configs: {
    readonly registered: Registered;
    readonly after: CallResult;
    /** GetTask after that: the life of a configuration is that of its task (§3.1.7). */
    readonly task: CallResult;
    readonly listed: readonly [CallResult, CallResult];
  } | null;
  /** Of messages of the second that name the task of the first. */
  readonly messageIds: readonly string[];
  /** GetTask as the first of a task that went on, after the second tried to cancel it; null where none goes on. */
  readonly uncanceled: CallResult | null;
}

/**
 * §13.1, §3.3.2, §3.1.4: what one principal makes another does not reach. Where the boundary lies is the agent's own affair, so that
 * this is judged only where the user names two who are to be kept apart.
 */
export const isolation = defineCheck({
  id: 'security/isolation',
  title: 'Tasks of one principal in the hands of another',
  requirements: [
    'security/get-scoped',
    'security/cancel-scoped',
    'security/subscribe-scoped',
    'security/send-scoped',
    'list/authorization-scoping',
    'push/access',
    'errors/not-found-or-forbidden',
  ],
  needs: [needsSecondPrincipal, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, target, deadlines, random, second } = context;
    const other = second as SecondPrincipal;
    // A task that goes on where there is one: what is refused of an ended one may be refused for its end.
    const goesOn = context.behaviours.elicited['input-required'] ?? context.behaviours.elicited['long-running'];
    const task =
      goesOn === undefined ? context.taskOf(await context.send('completes')) : await startWaitingTask(context);
    const { id, contextId } = task;
    const unknownId = similarId(id, random);
    const read = (): Promise<CallResult> => client.call('GetTask', { id });
    const before = await read();

    const own = await other.client.call('SendMessage', { message: context.message('completes') });
    const ownOfSecond = taskIn(own)?.id;
    const served = ownOfSecond === undefined ? [own] : [own, await other.client.call('GetTask', { id: ownOfSecond })];

    const trespass = async (
      what: string,
      call: (taskId: string) => Promise<CallResult>,
      reaches?: Trespass['reaches'],
    ): Promise<Trespass> => ({
      what: `${what} of a task of the first principal`,
      answer: await call(id),
      unknown: await call(unknownId),
      ...(reaches === undefined ? {} : { reaches }),
    });
    const unary = (operation: UnaryOperation, params: (taskId: string) => Params) => (taskId: string) =>
      other.client.call(operation, params(taskId));
    const stream = (operation: StreamingOperation, params: (taskId: string) => Params) => async (taskId: string) =>
      refusalOf(await other.client.stream(operation, params(taskId)), deadlines.operationMs);

    const get = await trespass(
      'GetTask',
      unary('GetTask', (taskId) => ({ id: taskId })),
    );
    const lists = [
      await other.client.call('ListTasks', { pageSize: 100, historyLength: 0 }),
      ...(contextId === undefined
        ? []
        : [await other.client.call('ListTasks', { contextId, pageSize: 100, historyLength: 0 })]),
    ];
    const ownList = await client.call('ListTasks', { pageSize: 100, historyLength: 0 });
    const { streaming, pushNotifications } = target.capabilities;
    const subscribe = streaming
      ? await trespass(
          'SubscribeToTask',
          stream('SubscribeToTask', (taskId) => ({ id: taskId })),
        )
      : null;

    const registered = pushNotifications ? await registerAnywhere(context, id) : undefined;
    const configsOf = (): Promise<CallResult> => client.call('ListTaskPushNotificationConfigs', { taskId: id });
    const push: Trespass[] = [];
    let configs: Observation['configs'] = null;
    if (registered?.config?.id !== undefined) {
      const { id: configId } = registered.config;
      const ref = (taskId: string): Params => ({ ...refOf({ taskId }, configId) });
      const listedBefore = await configsOf();
      push.push(
        await trespass(
          'ListTaskPushNotificationConfigs',
          unary('ListTaskPushNotificationConfigs', (taskId) => ({ taskId })),
          (answer) => (configsIn(answer) ?? []).length > 0,
        ),
        await trespass('GetTaskPushNotificationConfig', unary('GetTaskPushNotificationConfig', ref)),
        await trespass(
          'CreateTaskPushNotificationConfig',
          unary('CreateTaskPushNotificationConfig', (taskId) => ({ taskId, url: registered.url })),
        ),
      );
      const listedAfter = await configsOf();
      // A deletion is idempotent (§3.1.10), so that what it did is seen by the owner alone.
      push.push(
        await trespass('DeleteTaskPushNotificationConfig', unary('DeleteTaskPushNotificationConfig', ref), () => false),
      );
      configs = {
        registered,
        after: await client.call('GetTaskPushNotificationConfig', refOf({ taskId: id }, configId)),
        task: await read(),
        listed: [listedBefore, listedAfter],
      };
    }

    const messageIds: string[] = [];
    const message = (extra: Params): Params => {
      const made = context.message('completes', extra);
      if (extra['taskId'] === id) messageIds.push(String(made['messageId']));
      return { message: made };
    };
    const send = [
      await trespass(
        'SendMessage',
        unary('SendMessage', (taskId) => message({ taskId })),
        showsTask(id),
      ),
      ...(streaming
        ? [
            await trespass(
              'SendStreamingMessage',
              stream('SendStreamingMessage', (taskId) => message({ taskId })),
              showsTask(id),
            ),
          ]
        : []),
    ];
    // In the first one's context: whether it may be named is not said, but what is made there is the second one's.
    const joined = contextId === undefined ? undefined : await other.client.call('SendMessage', message({ contextId }));
    const back: Observation['back'][number][] = [];
    for (const made of [own, joined]) {
      const madeId = made === undefined ? undefined : taskIn(made)?.id;
      if (madeId === undefined) continue;
      back.push({
        id: madeId,
        got: await client.call('GetTask', { id: madeId }),
        listed: await client.call('ListTasks', { pageSize: 100, historyLength: 0 }),
        joined: made === joined,
      });
    }
    // One of its own: a message may have ended the other.
    const live = goesOn === undefined ? id : (await startWaitingTask(context)).id;
    const cancelAs = unary('CancelTask', (taskId) => ({ id: taskId }));
    const cancel: Trespass = {
      what: 'CancelTask of a task of the first principal',
      answer: await cancelAs(live),
      unknown: await cancelAs(unknownId),
    };
    const uncanceled = await client.call('GetTask', { id: live });
    const after = await read();

    if (registered !== undefined) await deleteConfigs(context, registered);
    await cancelTaskIn(context, after, ...(live === id ? [] : [uncanceled]));
    await cancelTaskIn(other, own, joined);
    return {
      ownId: id,
      owner: [before, after],
      second: served,
      shares: other.shares,
      get,
      cancel,
      subscribe,
      send,
      push,
      ownList,
      lists,
      back,
      configs,
      messageIds,
      uncanceled: goesOn === undefined ? null : uncanceled,
    };
  },

  judge(observation) {
    const { get, cancel, subscribe, send, push } = observation;
    const boundary = boundaryOf(observation);
    const all = [get, cancel, ...(subscribe === null ? [] : [subscribe]), ...send, ...push];
    const noConfig = untested(
      'there is no configuration of the first principal',
      'see the rows of push; an agent may refuse the webhook: --webhook-url',
    );
    return {
      'security/get-scoped': worst([judgeTrespass(get, boundary), ...judgeBack(observation, boundary)]),
      'security/cancel-scoped': worst([judgeTrespass(cancel, boundary), ...judgeUncanceled(observation, boundary)]),
      'security/subscribe-scoped':
        subscribe === null
          ? skip('the card does not declare capabilities.streaming')
          : judgeTrespass(subscribe, boundary),
      'security/send-scoped': worst([
        ...send.map((one) => judgeTrespass(one, boundary)),
        ...judgeUnsaid(observation, boundary),
      ]),
      'list/authorization-scoping': judgeLists(observation, boundary),
      'push/access':
        push.length === 0
          ? noConfig
          : worst([
              ...push.map((one) => judgeTrespass(one, boundary)),
              judgeKept(observation, boundary),
              ...judgeUnmade(observation, boundary),
            ]),
      'errors/not-found-or-forbidden': worst(all.map((one) => judgeAlike(one, boundary))),
    };
  },
});

/** Both are served, each what is its own; without that no refusal says anything, and no result either. */
function boundaryOf({ owner, second, shares }: Observation): Boundary {
  const refused = second.find((answer) => !wasServed(answer));
  const lost = owner.find((answer) => !wasServed(answer));
  const unproven =
    refused !== undefined
      ? `the second principal is not served: ${describeReply(refused.reply)}`
      : lost !== undefined
        ? `the first principal does not get its own task: ${describeReply(lost.reply)}`
        : undefined;
  return { unproven, shares, evidence: [...owner, ...second].map(({ exchange }) => exchange) };
}

/** The first reads what the second has made. */
const judgeBack = ({ back }: Observation, boundary: Boundary): readonly Judgement[] =>
  back.map(({ id, got, joined }) =>
    inWhoseContext(
      joined,
      judgeTrespass(
        { what: 'GetTask of a task of the second principal', answer: got, reaches: showsTask(id) },
        boundary,
      ),
    ),
  );

const readings = [
  '§13.1: what the second makes is the second’s, wherever it is made',
  '§13.1: the boundary is the agent’s own: who has begun a context may see what others send into it',
] as const;

/** The user keeps two apart; whose a task is that one of them made in a context of the other is still for the agent to say. */
const inWhoseContext = (joined: boolean, judged: Judgement): Judgement =>
  joined && judged.kind === 'violated'
    ? ambiguous(`${judged.reason}, which was made in a context of the first`, readings, ...judged.evidence)
    : judged;

/** §3.1.4: each list shows the tasks of whoever asks. */
function judgeLists({ ownId, ownList, lists, back }: Observation, boundary: Boundary): Judgement {
  const control = taskOn(ownList, ownId) !== undefined;
  const foreign = lists.map((listed): Judgement => {
    const what = 'ListTasks as the second principal';
    const shown = taskOn(listed, ownId) !== undefined;
    if (!shown && !control) {
      return untested(
        `${what}: the first does not see its own task in its list either`,
        'see list/answered',
        ownList.exchange,
      );
    }
    const page = pageIn(listed);
    const judged = judgeTrespass({ what, answer: listed, reaches: () => shown }, boundary);
    if (judged.kind === 'violated') {
      return {
        ...judged,
        reason: `${what} shows a task of the first`,
        expected: 'only tasks of the second',
        actual: `task ${ownId}`,
      };
    }
    return page === undefined && judged.kind === 'holds'
      ? { ...judged, reason: `${what}: ${describeReply(listed.reply)}` }
      : judged;
  });
  const reverse = back.map(({ id, listed, joined }): Judgement => {
    const shown = taskOn(listed, id) !== undefined;
    const judged = judgeTrespass(
      { what: 'ListTasks as the first principal', answer: listed, reaches: () => shown },
      boundary,
    );
    return inWhoseContext(
      joined,
      judged.kind === 'violated'
        ? { ...judged, reason: 'ListTasks as the first principal shows a task of the second', actual: `task ${id}` }
        : judged,
    );
  });
  return worst([...foreign, ...reverse]);
}
