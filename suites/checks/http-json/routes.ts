import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { operations, type Operation } from '../../../protocol/operations.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { idsIn, isNoRoute, isServed } from './answered.ts';

/** An operation that was asked for, and what shows that what it names is there. */
interface Asked {
  readonly operation: Operation;
  readonly answer: CallResult;
  /** For a path with an id: whether the task was seen over another route. */
  readonly known: boolean;
}

interface Observation {
  /** A message, and GetTask of its task. */
  readonly controls: readonly CallResult[];
  readonly asked: readonly Asked[];
  /** Null where the card declares no streaming. */
  readonly subscribe: { readonly post: CallResult; readonly get: CallResult } | null;
}

const lineOf = (operation: Operation): string => {
  const [{ method, path }] = operations[operation].routes;
  return `${method} ${path}`;
};

/** §5.3, §11.3: the table of methods and paths. SubscribeToTask has two, and a row of its own. */
export const routes = defineCheck({
  id: 'http-json/routes',
  title: 'Every operation at its method and path',
  requirements: ['http-json/routes', 'http-json/subscribe-route'],
  bindings: ['HTTP+JSON'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, target } = context;
    const { pushNotifications, extendedAgentCard, streaming } = target.capabilities;
    const sent = await context.send('completes');
    const task = context.taskOf(sent);
    const { id } = task;
    const taskId = id;
    const get = await client.call('GetTask', { id });
    const list = await client.call('ListTasks', { ...(task.contextId ? { contextId: task.contextId } : {}) });
    const known = get.reply.kind === 'result';
    const config = { taskId, id: context.id('unknown') };
    const asked: Asked[] = [
      { operation: 'GetTask', answer: get, known: idsIn(list).includes(id) },
      { operation: 'ListTasks', answer: list, known: true },
      { operation: 'CancelTask', answer: await client.call('CancelTask', { id }), known },
    ];
    if (pushNotifications) {
      const configs = 'ListTaskPushNotificationConfigs';
      asked.push({ operation: configs, answer: await client.call(configs, { taskId }), known });
      for (const operation of ['GetTaskPushNotificationConfig', 'DeleteTaskPushNotificationConfig'] as const)
        asked.push({ operation, answer: await client.call(operation, config), known: false });
    }
    if (extendedAgentCard) {
      const operation = 'GetExtendedAgentCard';
      asked.push({ operation, answer: await client.call(operation, {}), known: true });
    }
    const subscribeBy = (method: 'POST' | 'GET'): Promise<CallResult> =>
      client.raw({
        method,
        path: `/tasks/${encodeURIComponent(id)}:subscribe`,
        body: method === 'POST' ? '{}' : null,
        operation: 'SubscribeToTask',
        violation: `none, but ${method}, one of two methods`,
      });
    return {
      controls: [sent, get],
      asked,
      subscribe: streaming ? { post: await subscribeBy('POST'), get: await subscribeBy('GET') } : null,
    };
  },

  judge({ controls, asked, subscribe }) {
    return {
      'http-json/routes': worst(asked.map((one) => judgeRoute(one, controls))),
      'http-json/subscribe-route':
        subscribe === null
          ? skip('the card does not declare capabilities.streaming')
          : judgeSubscribe(subscribe, controls),
    };
  },
});

/** 404 may be about what the path names; 405 never is. */
function judgeRoute({ operation, answer, known }: Asked, controls: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const what = lineOf(operation);
  if (isServed(answer, known)) return holds(`${what} is served: ${describeReply(reply)}`, exchange);
  const cause = otherCause(answer);
  const certain = known || exchange.response?.status !== 404;
  if (cause !== undefined || !isNoRoute(answer, known) || !certain)
    return untested(`${what}: ${cause ?? describeReply(reply)}`, 'run again; see --timeout and --bearer', exchange);
  return violated(
    {
      reason: `${what} (${operation}) is not there, while other operations are served`,
      expected: 'an answer of the operation',
      actual: describeReply(reply),
    },
    exchange,
    ...controls.map((control) => control.exchange),
  );
}

function judgeSubscribe(
  { post, get }: NonNullable<Observation['subscribe']>,
  controls: readonly CallResult[],
): Judgement {
  const known = controls.every(({ reply }) => reply.kind === 'result');
  const served = [
    ...(isServed(post, known) ? ['POST (§5.3, §11.3.2)'] : []),
    ...(isServed(get, known) ? ['GET (a2a.proto)'] : []),
  ];
  const evidence = [post.exchange, get.exchange];
  if (served.length > 0) return holds(`/tasks/{id}:subscribe is served by ${served.join(' and ')}`, ...evidence);
  const cause = otherCause(post) ?? otherCause(get);
  if (cause !== undefined || !known || !isNoRoute(post, known) || !isNoRoute(get, known)) {
    const said = cause ?? `${describeReply(post.reply)}; ${describeReply(get.reply)}`;
    return untested(`SubscribeToTask: ${said}`, 'run again; see --timeout and --bearer', ...evidence);
  }
  return violated(
    {
      reason: '/tasks/{id}:subscribe is served neither by POST nor by GET, while the card declares streaming',
      expected: 'POST (§5.3, §11.3.2), or GET (a2a.proto)',
      actual: `POST: ${describeReply(post.reply)}; GET: ${describeReply(get.reply)}`,
    },
    ...evidence,
    ...controls.map((control) => control.exchange),
  );
}
