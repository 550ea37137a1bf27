import { randomUUID } from 'node:crypto';
import type { Caller } from './authentication.ts';
import { behaviourFor, behaviourNamed, type Behaviour } from './behaviours.ts';
import { invalidParams, pushNotificationNotSupported, taskNotFound, unsupportedOperation } from './errors.ts';
import type { EventBus } from './event-bus.ts';
import type { Executor } from './executor.ts';
import { checkMediaTypes } from './media-types.ts';
import type { Push } from './push.ts';
import type { Settings } from './settings.ts';
import type { TaskRecord, TaskStore, Turn } from './task-store.ts';
import { agentMessage, type Tasks } from './tasks.ts';
import type { Message, SendMessageRequest, Task } from './types.ts';
import { isInterrupted, isTerminal } from './types.ts';

/** What a message leads to. */
export type Sent =
  | { readonly kind: 'message'; readonly message: Message }
  /** The task is there; `begin` lets the work start, so that the caller can subscribe before anything happens. */
  | {
      readonly kind: 'task';
      readonly taskId: string;
      readonly begin: () => void;
      /** The message had been received before. */
      readonly again?: true;
    };

/** The part of SendMessage and SendStreamingMessage that is the same for both (§3.1.1, §3.4). */
export interface Sender {
  /** Checks the message and creates or continues the task; throws OperationError. */
  accept(request: SendMessageRequest, caller: Caller, extensions?: readonly string[]): Sent;
  /** The task as soon as it reaches a terminal or interrupted state; subscribe before the work begins. */
  settled(taskId: string): { readonly task: Promise<Task>; readonly forget: () => void };
}

export function createSender(deps: {
  readonly settings: Settings;
  readonly store: TaskStore;
  readonly tasks: Tasks;
  readonly bus: EventBus;
  readonly executor: Executor;
  readonly push: Push;
  readonly visible: (taskId: string, caller: Caller) => TaskRecord | undefined;
}): Sender {
  const { settings, store, tasks, bus, executor, push } = deps;
  const { fault } = settings;
  const policy = fault?.policy ?? {};

  const recognisesDuplicates = settings.recogniseDuplicates || policy.duplicatesRecognised === true;

  /** The task that the message continues, if any. */
  const findTask = (message: Message, caller: Caller): TaskRecord | undefined => {
    const { taskId, contextId } = message;
    if (taskId === undefined) return undefined;
    const record = deps.visible(taskId, caller);
    if (!record) {
      if (policy.unknownTaskCreates || policy.unknownTaskIgnored) return undefined;
      throw taskNotFound(taskId);
    }
    if (contextId !== undefined && contextId !== record.task.contextId && !policy.acceptContextMismatch) {
      throw invalidParams([
        {
          field: 'message.contextId',
          description: `Is not the context of task '${taskId}'; leave it out or correct it`,
        },
      ]);
    }
    const { state } = record.task.status;
    if (isTerminal(state) && !policy.acceptSendToTerminal) {
      throw unsupportedOperation('The task has ended and takes no further messages', { taskId, state });
    }
    return record;
  };

  /** Who made the first task of a context. */
  const ownerOf = (contextId: string, { principal }: Caller): string => {
    const all = { owner: undefined, state: undefined, statusSince: undefined, before: undefined, ascending: true };
    return store.list({ ...all, contextId, limit: 1 }).records[0]?.owner ?? principal;
  };

  const registerPush = (request: SendMessageRequest, taskId: string): void => {
    const config = request.configuration?.taskPushNotificationConfig;
    if (config) push.create(taskId, config);
  };

  const turnOf = (request: SendMessageRequest, extensions: readonly string[]): Turn => ({
    message: request.message,
    trigger: 'message',
    acceptedOutputModes: request.configuration?.acceptedOutputModes ?? [],
    ...(extensions.length === 0 ? {} : { extensions }),
  });

  const continueTask = (request: SendMessageRequest, { task }: TaskRecord, extensions: readonly string[]): Sent => {
    registerPush(request, task.id);
    const { state } = task.status;
    if (!isTerminal(state)) tasks.addMessage(task.id, request.message);
    // A message to a task at work is only noted; one to an interrupted task lets it go on.
    const starts = isInterrupted(state) || policy.everyMessageIsWork === true;
    if (!starts) return { kind: 'task', taskId: task.id, begin: () => undefined };
    const turn = turnOf(request, extensions);
    tasks.startTurn(task.id, turn);
    return { kind: 'task', taskId: task.id, begin: () => executor.start(task.id, turn) };
  };

  const answer = (behaviour: Extract<Behaviour, { reply: unknown }>, message: Message, contextId: string): Sent => ({
    kind: 'message',
    message: agentMessage(behaviour.reply(message), contextId),
  });

  return {
    accept(request, caller, extensions = []) {
      const { message, configuration } = request;
      const pushDeclared = settings.capabilities.pushNotifications === true || policy.capabilitiesIgnored;
      const unwanted = configuration?.taskPushNotificationConfig !== undefined && !pushDeclared;
      if (unwanted && !policy.undeclaredInlinePushAccepted) throw pushNotificationNotSupported();
      const made = message.taskId === undefined && recognisesDuplicates;
      const known = made ? store.madeBy(caller.principal, message.messageId) : undefined;
      if (known) return { kind: 'task', taskId: known.task.id, begin: () => undefined, again: true };
      const record = findTask(message, caller);
      if (!policy.contentTypeIgnored) checkMediaTypes(message, settings.inputModes);
      if (record && !policy.followUpStartsNewTask) {
        return store.atomically(() => continueTask(request, record, extensions));
      }

      const chosen = record?.task.contextId ?? message.contextId ?? randomUUID();
      const contextId = fault?.contextId?.(chosen, { message }) ?? chosen;
      const asked = behaviourFor(message);
      const behaviour = fault?.behaviour ? behaviourNamed(fault.behaviour(asked.name, { message })) : asked;
      if ('reply' in behaviour) return answer(behaviour, message, contextId);
      const givenId = policy.unknownTaskCreates ? message.taskId : undefined;
      const turn = turnOf(request, extensions);
      const owner = policy.contextsBelongToFirst ? ownerOf(contextId, caller) : caller.principal;
      const taskId = store.atomically(() => {
        const { task } = tasks.create({ owner, contextId, behaviour: behaviour.name, turn, givenId });
        registerPush(request, task.id);
        return task.id;
      });
      return { kind: 'task', taskId, begin: () => executor.start(taskId, turn) };
    },

    settled(taskId) {
      const { promise, resolve } = Promise.withResolvers<Task>();
      const forget = bus.subscribe(taskId, ({ update, task }) => {
        const { state } = task.status;
        if (!('statusUpdate' in update)) return;
        if (!isTerminal(state) && (!isInterrupted(state) || policy.blockingIgnoresInterrupted)) return;
        forget();
        resolve(task);
      });
      return { task: promise, forget };
    },
  };
}
