import type { Fault } from '../reference-agent/hooks.ts';
import type { Artifact, Message, Task } from '../reference-agent/types.ts';
import { isTerminal } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { at, errorInfo } from './params.ts';

/** Bugs that were reported of implementations, beside those that stand in the files of their areas. */

const isPlainGet = (operation: string, params: unknown): boolean =>
  operation === 'GetTask' && at(params, 'historyLength') === undefined;

/** GetTask shows the first message of the last task of another context that ended before. */
const historyLeaks = (): Fault => {
  const firsts = new Map<string, { readonly contextId: string; readonly message: Message }>();
  const leaked = new Map<string, Message | undefined>();
  return {
    result(result, { operation, params }) {
      if (!isPlainGet(operation, params)) return result;
      const task = result as Task;
      const [own] = task.history ?? [];
      if (own === undefined || !isTerminal(task.status.state)) return result;
      if (!leaked.has(task.id)) {
        const others = [...firsts.values()].filter(({ contextId }) => contextId !== task.contextId);
        leaked.set(task.id, others.at(-1)?.message);
        firsts.set(task.id, { contextId: task.contextId, message: own });
      }
      const foreign = leaked.get(task.id);
      return foreign === undefined ? result : { ...task, history: [foreign, ...task.history!] };
    },
  };
};

/** All tasks have one list of artifacts: GetTask shows what has been made so far. */
const artifactsLeak = (): Fault => {
  const made = new Map<string, Artifact>();
  return {
    result(result, { operation }) {
      if (operation !== 'GetTask') return result;
      const task = result as Task;
      if (!isTerminal(task.status.state)) return result;
      for (const artifact of task.artifacts ?? []) made.set(artifact.artifactId, artifact);
      return { ...task, artifacts: [...made.values()] };
    },
  };
};

/** Of each subscription the first chunk that appends, which came while it was being made, is lost. */
const gapAfterSnapshot = (): Fault => {
  const lost = new Set<string>();
  return {
    event(event, { operation, taskId, subscription }) {
      const stream = `${taskId} ${subscription}`;
      const isAppended = 'artifactUpdate' in event && event.artifactUpdate.append === true;
      if (operation !== 'SubscribeToTask' || !isAppended || lost.has(stream)) return event;
      lost.add(stream);
      return null;
    },
  };
};

/** Of two chunks that are made within a moment the second one is lost. */
const backToBackLost = (): Fault => {
  const last = new Map<string, number>();
  return {
    event(event, { taskId, subscription }) {
      if (!('artifactUpdate' in event)) return event;
      const stream = `${taskId} ${subscription}`;
      const since = performance.now() - (last.get(stream) ?? -Infinity);
      last.set(stream, performance.now());
      return since < 60 && event.artifactUpdate.append === true && event.artifactUpdate.lastChunk !== true
        ? null
        : event;
    },
  };
};

const collapsed = { code: -32002, message: 'The operation failed', details: errorInfo('TASK_NOT_CANCELABLE') };

/** A message to a task at work waits for its end, whatever it asks for. */
const furtherMessagesWait = (): Fault => {
  const ended = new Set<string>();
  return {
    status(status, { taskId }) {
      if (isTerminal(status.state)) ended.add(taskId);
      return status;
    },
    async refuse({ operation, task }) {
      if (operation !== 'SendMessage' || task?.status.state !== 'TASK_STATE_WORKING') return undefined;
      while (!ended.has(task.id)) await new Promise((resolve) => setTimeout(resolve, 10));
      return undefined;
    },
  };
};

export const reportedMutants: readonly Mutant[] = [
  {
    id: 'send/further-message-waits',
    description: 'A message with returnImmediately to a task at work waits for its end (seen with a2a-python)',
    breaks: ['send/return-immediately-further'],
    killedBy: ['send/immediate-follow-up'],
    fault: furtherMessagesWait,
  },
  {
    id: 'send/null-data-unparsable',
    description: 'A part whose data is null is called invalid JSON (seen with a2a-go)',
    breaks: ['send/null-data-served'],
    killedBy: ['send/optional-fields'],
    fault: {
      refuse: ({ operation, params }) => {
        const parts = at(params, 'message', 'parts');
        const isNull = Array.isArray(parts) && parts.some((part) => at(part, 'data') === null);
        return operation === 'SendMessage' && isNull ? { code: -32700, message: 'Invalid JSON payload' } : undefined;
      },
    },
  },
  {
    id: 'get/history-leaks',
    description: 'The history of a task begins with a message of another one (tomtom215/a2a-rust#130)',
    breaks: ['schema/own-history'],
    killedBy: ['invariants/own-history'],
    fault: historyLeaks,
  },
  {
    id: 'get/artifacts-leak',
    description: 'GetTask of an ended task has the artifacts of all tasks (tomtom215/a2a-rust#130)',
    breaks: ['send/latest-state'],
    // What others make in between shows in these, too.
    mayBreak: ['list/artifacts-included', 'get/idempotent', 'get/artifacts', 'equivalence/results'],
    killedBy: ['send/blocking'],
    fault: artifactsLeak,
  },
  {
    id: 'streaming/subscription-gap',
    description: 'A chunk that comes while a subscription begins is neither in its Task nor in an update',
    breaks: ['streaming/subscribe-no-gap'],
    mayBreak: ['streaming/same-events'],
    killedBy: ['streaming/subscribe'],
    // The chunks have to come while the subscription is open, on a busy machine too.
    options: { longRunningMs: 2_400 },
    fault: gapAfterSnapshot,
  },
  {
    id: 'streaming/back-to-back-lost',
    description: 'Of two chunks right after one another the second one is lost (a2a-java#906)',
    breaks: ['streaming/in-order'],
    killedBy: ['streaming/chunks'],
    fault: backToBackLost,
  },
  {
    id: 'streaming/error-inside',
    description: 'An error stands in the middle of a stream that goes on (a2a-java#791)',
    breaks: ['streaming/updates-only'],
    killedBy: ['invariants/stream-patterns'],
    fault: {
      streamFrame: (frame, { index }) =>
        index === 1 && !/STATE_(COMPLETED|REJECTED|FAILED|CANCELED)/.test(frame)
          ? `${frame}data: {"jsonrpc":"2.0","id":${/"id":("[^"]*"|\d+|null)/.exec(frame)?.[1] ?? 'null'},"error":{"code":-32603,"message":"Internal error"}}\n\n`
          : frame,
    },
  },
  {
    id: 'cancel/terminal-unsupported',
    description: 'A cancel of a completed task is answered with UnsupportedOperationError (a2a-python#413)',
    breaks: ['cancel/terminal-refused'],
    killedBy: ['cancel/ended-task'],
    fault: {
      refuse: ({ operation, task }) =>
        operation === 'CancelTask' && task?.status.state === 'TASK_STATE_COMPLETED'
          ? { code: -32004, message: 'The task has ended', details: errorInfo('UNSUPPORTED_OPERATION') }
          : undefined,
    },
  },
  {
    id: 'errors/collapse',
    description: 'Every error of A2A is TaskNotCancelableError (tomtom215/a2a-rust#103)',
    breaks: [
      'errors/get-unknown-task',
      'errors/cancel-unknown-task',
      'errors/subscribe-unknown-task',
      'errors/send-unknown-task',
      'errors/stream-unknown-task',
      'errors/send-terminal-task',
      'errors/stream-terminal-task',
      'errors/subscribe-terminal-task',
      'errors/content-type',
      'push/create-unknown-task',
      'push/get-unknown-config',
      'push/get-unknown-task',
      'push/list-unknown-task',
      'push/delete-unknown-task',
    ],
    // Where versions are refused before an operation is looked at, what it does with errors does not show.
    mayBreak: ['errors/version-unsupported', 'errors/version-empty', 'errors/version-absent'],
    killedBy: ['errors/unknown-task', 'errors/terminal-task'],
    fault: { error: (error) => (error.code <= -32001 && error.code >= -32009 ? collapsed : error) },
  },
  {
    id: 'errors/bad-id-as-500',
    description: 'A request whose id is an object is HTTP 500, without a word of JSON-RPC (a2a-python#413)',
    breaks: ['errors/invalid-request'],
    killedBy: ['errors/json-rpc'],
    fault: {
      httpResponse: (answer, { errorCode }) =>
        errorCode === -32600
          ? { status: 500, headers: { 'Content-Type': 'text/plain' }, body: 'Internal Server Error' }
          : answer,
    },
  },
  {
    id: 'errors/grpc-version-ignored',
    description: 'A2A-Version is not looked at over gRPC (a2a-python#1166)',
    breaks: ['errors/version-unsupported', 'errors/version-empty', 'errors/version-absent'],
    // The interfaces may support other versions, and differ then.
    mayBreak: ['equivalence/errors'],
    killedBy: ['errors/versions'],
    options: { bindings: ['JSONRPC', 'GRPC'] },
    fault: { only: ['GRPC'], policy: { versionIgnored: true } },
  },
  {
    id: 'http-json/validation-as-501',
    description: 'Parameters that are wrong are HTTP 501 (a2a-java#748)',
    breaks: [
      'errors/invalid-params',
      'http-json/error-code',
      'list/page-size-validated',
      'list/page-token-validated',
      'list/filters-validated',
      'list/history-length-validated',
    ],
    killedBy: ['errors/params'],
    options: { bindings: ['HTTP+JSON'] },
    fault: {
      httpResponse: (answer, { errorCode }) => (errorCode === -32602 ? { ...answer, status: 501 } : answer),
    },
  },
];
