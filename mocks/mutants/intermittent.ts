import type { Fault } from '../reference-agent/hooks.ts';
import type { TaskStore } from '../reference-agent/task-store.ts';
import type { OperationName, Task } from '../reference-agent/types.ts';
import { everyList } from './list-answers.ts';
import type { Mutant } from './mutant.ts';
import { asObject } from './params.ts';
import { seldom } from './seldom.ts';
import { fullHouse } from './full-house.ts';

/*
 * Faults that are not there most of the time: of the answers that could show them one in ten does. What asks once or twice passes
 * them by; `explore --suite exposure` asks until a fault of one in ten is met with 95 % probability.
 */

type Binding = 'JSONRPC' | 'HTTP+JSON' | 'GRPC';

interface Rest extends Pick<Mutant, 'mayBreak'> {
  readonly binding?: Binding;
}

/** A fault of one answer in ten; a function where it has a memory. */
const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  fault: Fault | (() => Fault),
  { binding, ...more }: Rest = {},
): Mutant => ({
  id: `intermittent/${id}`,
  description,
  breaks,
  killedBy,
  suite: 'exposure',
  fault: (seed) => seldom(typeof fault === 'function' ? fault() : fault, seed),
  ...more,
  ...(binding === undefined ? {} : { options: { bindings: [binding] } }),
});

/** Changes the answers of one operation. */
const answering = (operation: OperationName, change: (result: object) => object): Fault => ({
  result: (result, ctx) => (ctx.operation === operation ? change(result) : result),
});

/** An answer is mixed up with the one before it. */
function answerBefore(): Fault {
  let before: object | undefined;
  return answering('GetTask', (result) => {
    const last = before;
    before = result;
    return last !== undefined && (last as Task).id !== (result as Task).id ? last : result;
  });
}

/** The history as it is kept, where none is asked for. */
function wholeHistory(): Fault {
  let store: TaskStore | undefined;
  return {
    store(kept) {
      store = kept;
      return kept;
    },
    result(result, { operation, params }) {
      // In a query it is text.
      if (operation !== 'GetTask' || String(asObject(params)['historyLength']) !== '0') return result;
      const history = store?.get((result as Task).id)?.task.history ?? [];
      return history.length === 0 ? result : { ...result, history };
    },
  };
}

const trace = 'Traceback (most recent call last):\n  File "/srv/agent/tasks.py", line 88, in get';

/** The payload of a notification, changed. */
const notified = (change: (update: Readonly<Record<string, unknown>>) => object): Fault => ({
  pushRequest: (request) => {
    const payload = asObject(JSON.parse(request.body));
    const changed = Object.fromEntries(
      Object.entries(payload).map(([name, update]) => [name, change(asObject(update))]),
    );
    return { ...request, body: JSON.stringify(changed) };
  },
});

const ofOneAnswerInTen: readonly Mutant[] = [
  mutant(
    'id-of-another-request',
    'A list now and then has the id of another request',
    ['envelope/id-echoed'],
    ['invariants/json-rpc-envelope'],
    { reply: (envelope, { method }) => (method === 'ListTasks' ? { ...envelope, id: 'another-request' } : envelope) },
    { binding: 'JSONRPC' },
  ),
  mutant(
    'answer-mixed-up',
    'GetTask now and then gives the task that was asked for before',
    ['get/returns-task'],
    ['invariants/returned-tasks'],
    answerBefore,
    { mayBreak: ['get/idempotent', 'get/terminal-stable', 'get/current-state', 'cancel/final'] },
  ),
  mutant(
    'other-context',
    'GetTask now and then shows a task in another context',
    ['schema/task-context'],
    ['invariants/task-context'],
    answering('GetTask', (task) => ({ ...task, contextId: 'context-of-somebody' })),
    { mayBreak: ['schema/agent-message-context', 'schema/own-history', 'list/context-filter'] },
  ),
  mutant(
    'artifacts-lost',
    'GetTask now and then leaves out the artifacts',
    ['get/idempotent'],
    ['exposure'],
    answering('GetTask', (task) => {
      const { artifacts, ...rest } = task as Task;
      return artifacts === undefined ? task : rest;
    }),
    { mayBreak: ['get/artifacts', 'streaming/in-order'] },
  ),
  mutant(
    'terminal-task-changes',
    'GetTask now and then shows a completed task as failed',
    ['get/terminal-stable'],
    ['invariants/terminal-state'],
    answering('GetTask', (task) =>
      (task as Task).status.state === 'TASK_STATE_COMPLETED'
        ? { ...task, status: { ...(task as Task).status, state: 'TASK_STATE_FAILED' } }
        : task,
    ),
    { mayBreak: ['get/idempotent', 'get/current-state', 'list/status-filter'] },
  ),
  mutant(
    'history-not-asked-for',
    'GetTask now and then shows the history though its length is to be 0',
    ['get/history-length'],
    ['invariants/returned-tasks'],
    wholeHistory,
  ),
  mutant(
    'list-drops-a-task',
    'A list now and then lacks its last task',
    ['list/returns-tasks'],
    ['exposure'],
    everyList((page) => (page.tasks.length < 2 ? page : { ...page, tasks: page.tasks.slice(0, -1) })),
    { mayBreak: ['list/page-size-used', 'list/total-size', 'list/pages', 'list/unchanged-once'] },
  ),
  mutant(
    'stream-loses-its-end',
    'A stream now and then closes without its last event',
    ['streaming/end-delivered'],
    ['exposure'],
    { event: (event, { last }) => (last && 'statusUpdate' in event ? null : event) },
    { mayBreak: ['streaming/same-events'] },
  ),
  mutant(
    'notification-of-another-task',
    'A notification now and then names another task',
    ['push/delivery-task'],
    ['invariants/notifications'],
    notified((update) => ('taskId' in update ? { ...update, taskId: 'another' } : { ...update, id: 'another' })),
    { mayBreak: ['schema/task-context'] },
  ),
  mutant(
    'notification-without-credentials',
    'A notification now and then comes without the credentials of its configuration',
    ['push/authentication'],
    ['invariants/webhook-deliveries'],
    {
      pushRequest: (request) => ({
        ...request,
        headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'Authorization')),
      }),
    },
  ),
  mutant(
    'error-shows-stack-trace',
    'TaskNotFoundError now and then has a stack trace for a message',
    ['errors/no-stack-trace'],
    ['invariants/error-internals'],
    { error: (error) => (error.code === -32001 ? { ...error, message: trace } : error) },
  ),
  mutant(
    'error-with-other-status',
    'TaskNotFoundError now and then comes with HTTP 500',
    ['errors/code-mapping'],
    ['invariants/error-answers'],
    { httpResponse: (answer, { errorCode }) => (errorCode === -32001 ? { ...answer, status: 500 } : answer) },
    { binding: 'HTTP+JSON', mayBreak: ['http-json/error-code'] },
  ),
  mutant(
    'call-without-status',
    'The call of ListTasks now and then ends without trailers',
    ['grpc/status'],
    ['invariants/grpc-answers'],
    {
      grpcReply: (reply, { method, errorCode }) =>
        method === 'ListTasks' && errorCode === undefined ? { ...reply, status: undefined } : reply,
    },
    { binding: 'GRPC', mayBreak: ['list/answered'] },
  ),
  mutant(
    'error-of-other-code',
    'TaskNotFoundError now and then has the status UNKNOWN',
    ['errors/code-mapping'],
    ['invariants/error-answers'],
    {
      grpcReply: (reply, { errorCode }) =>
        errorCode === -32001 && reply.status !== undefined ? { ...reply, status: { ...reply.status, code: 2 } } : reply,
    },
    { binding: 'GRPC' },
  ),
];

/** Beyond 200 tasks the places of tasks are used again: the newest are found where the oldest were. */
function placesUsedAgain(): Fault {
  const places = 200;
  const known: string[] = [];
  let store: TaskStore | undefined;
  return {
    store(kept) {
      store = kept;
      return kept;
    },
    taskId(generated) {
      known.push(generated);
      return generated;
    },
    result(result, { operation }) {
      if (operation !== 'GetTask' || known.length <= places) return result;
      const place = known.indexOf((result as Task).id);
      const newer = place < 0 ? undefined : known[place + places];
      return (newer === undefined ? undefined : store?.get(newer)?.task) ?? result;
    },
  };
}

/** Faults of much: nothing is wrong before there are many tasks, or many requests at once. */
const ofMuch: readonly Mutant[] = [
  {
    id: 'intermittent/places-used-again',
    description: 'Beyond 200 tasks GetTask of an old one gives a new one',
    breaks: ['get/returns-task'],
    mayBreak: ['get/idempotent', 'schema/task-context'],
    killedBy: ['invariants/returned-tasks'],
    suite: 'exposure',
    fault: placesUsedAgain,
  },
  {
    id: 'intermittent/list-ends-at-200',
    description: 'The list of a context ends after 200 tasks',
    breaks: ['list/returns-tasks'],
    mayBreak: ['list/total-size', 'list/pages'],
    killedBy: ['exposure'],
    suite: 'exposure',
    fault: () => {
      let listed = 0;
      return everyList((page, { pageToken }) => {
        listed = pageToken ? listed + page.tasks.length : page.tasks.length;
        return listed <= 200
          ? page
          : { ...page, tasks: page.tasks.slice(0, Math.max(0, page.tasks.length - (listed - 200))) };
      });
    },
  },
  {
    id: 'intermittent/burst-of-fifty-deadlocks',
    description: 'Twenty-five requests at once deadlock the whole server (a2a-python#1101)',
    breaks: ['robustness/answers-after-bad-input'],
    killedBy: ['exposure'],
    suite: 'exposure',
    options: { bindings: ['JSONRPC'] },
    fault: fullHouse(25),
  },
];

/** Agents that are right nearly always, or for a long time. */
export const intermittentMutants: readonly Mutant[] = [...ofOneAnswerInTen, ...ofMuch];
