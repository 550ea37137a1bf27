import { randomUUID } from 'node:crypto';
import { schemeNames, type Caller } from './authentication.ts';
import type { Binding } from './bindings.ts';
import { faultOn } from './bindings.ts';
import {
  extendedAgentCardNotConfigured,
  extensionSupportRequired,
  internalError,
  invalidParams,
  OperationError,
  permissionDenied,
  pushConfigNotFound,
  pushNotificationNotSupported,
  taskNotCancelable,
  taskNotFound,
  unauthenticated,
  unsupportedOperation,
} from './errors.ts';
import type { EventBus } from './event-bus.ts';
import type { Executor } from './executor.ts';
import type { OperationContext } from './hooks.ts';
import { listTasks } from './list-tasks.ts';
import type { PageTokens } from './page-token.ts';
import type { Presentation } from './present-task.ts';
import { presentTask } from './present-task.ts';
import { readMessage } from './proto-json.ts';
import type { Push } from './push.ts';
import { ruleViolations } from './request-rules.ts';
import { requestTypes } from './request-types.ts';
import { createSender } from './send.ts';
import type { ServiceParameters } from './service-parameters.ts';
import type { Settings } from './settings.ts';
import type { OutputStream, Streams } from './streams.ts';
import type { TaskRecord, TaskStore } from './task-store.ts';
import type { Tasks } from './tasks.ts';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  Message,
  OperationName,
  Part,
  PushConfigRef,
  SendMessageRequest,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from './types.ts';
import { isInterrupted, isTerminal } from './types.ts';
import type { WebhookGuard } from './webhook-guard.ts';

/** A call of one operation, as a binding hands it over. */
export interface Call {
  readonly operation: OperationName;
  /** The request message as ProtoJSON, not yet validated. */
  readonly params: unknown;
  readonly caller: Caller;
  readonly parameters: ServiceParameters;
}

export type Outcome =
  | { readonly kind: 'result'; readonly result: object | null }
  | { readonly kind: 'stream'; readonly stream: OutputStream };

/** The eleven operations (§3.1), as calls of one binding reach them; but for faults it makes no difference which. */
export interface Operations {
  /** Throws OperationError, and nothing else. */
  call(call: Call): Promise<Outcome>;
  /** Cancels without asking: for what is not a request. */
  cancel(taskId: string): void;
}

/** The id of the task that the params of an operation name. */
function taskNamedIn(params: unknown): string | undefined {
  const { id, taskId, message } = (params ?? {}) as Partial<Record<'id' | 'taskId' | 'message', unknown>>;
  const inMessage = (message as { readonly taskId?: unknown } | null | undefined)?.taskId;
  return [inMessage, taskId, id].find((candidate) => typeof candidate === 'string');
}

export function createOperations({
  binding,
  ...shared
}: {
  readonly binding: Binding;
  readonly settings: Settings;
  readonly store: TaskStore;
  readonly tasks: Tasks;
  readonly bus: EventBus;
  readonly streams: Streams;
  readonly executor: Executor;
  readonly push: Push;
  readonly guard: WebhookGuard;
  readonly pageTokens: PageTokens;
  readonly extendedCard: () => object;
}): Operations {
  const fault = faultOn(shared.settings.fault, binding);
  const deps = { ...shared, settings: { ...shared.settings, fault } };
  const { settings, store, tasks, streams, executor, push, guard, pageTokens } = deps;
  const { capabilities } = settings;
  const policy = fault?.policy ?? {};

  /** Of several tenants each has principals of its own, and so tasks of its own. */
  const callerOf = ({ caller, params }: Call): Caller => {
    const tenant = (params as { readonly tenant?: unknown } | null | undefined)?.tenant;
    return settings.tenants.length < 2 || typeof tenant !== 'string' || policy.tenantsShared
      ? caller
      : { ...caller, principal: JSON.stringify([tenant, caller.principal]) };
  };

  const requireKnown = async (call: Call): Promise<void> => {
    const { rejection } = call.caller;
    if (rejection === undefined || policy.openOperations?.includes(call.operation)) return;
    if (policy.rejectedAfterwards) {
      try {
        await dispatch(call);
      } catch {
        // What becomes of it is not said.
      }
    }
    throw rejection;
  };

  const visible = (taskId: string, caller: Caller): TaskRecord | undefined => {
    const record = tasks.get(taskId);
    if (!record || record.owner === caller.principal || policy.ownershipIgnored || caller.seesAll) return record;
    if (policy.othersForbidden) throw permissionDenied('task');
    return undefined;
  };

  /** "Not there" and "not yours" look the same (§3.3.2). */
  const find = (taskId: string, caller: Caller): TaskRecord => {
    const record = visible(taskId, caller);
    if (!record) throw taskNotFound(taskId);
    return record;
  };

  const sender = createSender({ ...deps, visible });

  const read = <T extends object>({ operation, params }: Call): T => {
    const { value, violations } = readMessage<T>(requestTypes[operation], params ?? {}, {
      ...(policy.unknownFieldsRefused ? { refuseUnknown: true } : {}),
      ...(policy.protoNamesRefused ? { refuseProtoNames: true } : {}),
    });
    const all = [...violations, ...ruleViolations(operation, value, settings, guard)];
    const effective = all.length > 0 && fault?.violations ? fault.violations(all, { binding, operation, params }) : all;
    if (effective.length > 0) throw invalidParams(effective);
    return value;
  };

  /** The optional extension, where it is asked for in its own version; any other is ignored (§4.6.3). */
  const activated = ({ parameters: { extensions } }: Call): readonly string[] => {
    const { optionalExtension: own } = capabilities;
    if (own === undefined) return [];
    const isOther = (uri: string): boolean => uri.startsWith(own.replace(/\d+$/, ''));
    return extensions.includes(own) || (policy.extensionFallback && extensions.some(isOther)) ? [own] : [];
  };

  const present = (task: Task, operation: OperationName, how: Presentation = {}, stream = false): object => {
    const shown = presentTask(task, how, policy);
    return fault?.task?.(shown, { binding, operation, stream }) ?? shown;
  };

  const requireStreaming = (): void => {
    if (capabilities.streaming !== true && !policy.capabilitiesIgnored) {
      throw unsupportedOperation('This agent does not support streaming', { capability: 'streaming' });
    }
  };

  const requirePush = (): void => {
    if (capabilities.pushNotifications !== true && !policy.capabilitiesIgnored) throw pushNotificationNotSupported();
  };

  const cancel = (taskId: string): void => {
    if (!policy.completionOverwritesCanceled) executor.abort(taskId);
    tasks.setStatus(
      taskId,
      'TASK_STATE_CANCELED',
      'Canceled at the request of the client',
      policy.acceptCancelOfTerminal,
    );
  };

  const readSend = (call: Call): SendMessageRequest => {
    const request = read<SendMessageRequest>(call);
    // Only a mutant that waves violations through gets here with holes in the message.
    if (!fault?.violations) return request;
    const given: Partial<Message> = request.message ?? {};
    const message: Message = {
      ...given,
      messageId: given.messageId ?? randomUUID(),
      role: given.role ?? 'ROLE_USER',
      parts: (given.parts ?? []).filter((part: Part | undefined) => part !== undefined),
    };
    return { ...request, message };
  };

  /** A follow-up answered under a context of its own: what the mutant without inference does. */
  const answeredTask = (task: Task, { message }: SendMessageRequest): Task =>
    policy.contextNotInferred && message.taskId !== undefined && message.contextId === undefined
      ? { ...task, contextId: randomUUID() }
      : task;

  const sendMessage = async (call: Call): Promise<Outcome> => {
    const { operation } = call;
    const request = readSend(call);
    const sent = sender.accept(request, call.caller, activated(call));
    if (sent.kind === 'message') {
      const message = fault?.message?.(sent.message, { binding, operation }) ?? sent.message;
      return { kind: 'result', result: { message } };
    }
    const { taskId } = sent;
    const how = { historyLength: request.configuration?.historyLength };
    const before = tasks.get(taskId)?.task;
    const settled = sender.settled(taskId);
    sent.begin();
    const immediate = request.configuration?.returnImmediately === true && !policy.returnImmediatelyWaits;
    const state = before?.status.state;
    const ended = state !== undefined && (isTerminal(state) || (sent.again === true && isInterrupted(state)));
    if (immediate || policy.blockingReturnsEarly || ended) settled.forget();
    else await settled.task;
    // The latest state (§3.2.2), which may already be newer than the one that was waited for.
    const task = tasks.get(taskId)?.task;
    if (!task) throw taskNotFound(taskId);
    return { kind: 'result', result: { task: present(answeredTask(task, request), operation, how) } };
  };

  const sendStreamingMessage = (call: Call): Outcome => {
    const { operation } = call;
    requireStreaming();
    const request = readSend(call);
    const sent = sender.accept(request, call.caller, activated(call));
    if (sent.kind === 'message') {
      const message = fault?.message?.(sent.message, { binding, operation }) ?? sent.message;
      return { kind: 'stream', stream: streams.single(message, { operation, binding }) };
    }
    const how = { historyLength: request.configuration?.historyLength };
    const snapshotOnly = policy.streamReturnsImmediately && request.configuration?.returnImmediately === true;
    const stream = streams.open(
      sent.taskId,
      { operation, binding },
      (task) => present(answeredTask(task, request), operation, how, true),
      snapshotOnly,
    );
    sent.begin();
    return { kind: 'stream', stream };
  };

  const getTask = (call: Call): object => {
    const { id, historyLength } = read<GetTaskRequest>(call);
    return present(find(id, call.caller).task, call.operation, { historyLength });
  };

  const listOwnTasks = (call: Call): object => {
    const request = read<ListTasksRequest>(call);
    const owner = policy.ownershipIgnored || call.caller.seesAll ? undefined : call.caller.principal;
    const page = listTasks(store, pageTokens, request, owner, fault);
    const withArtifacts = request.includeArtifacts === true || policy.listAlwaysIncludesArtifacts === true;
    const how: Presentation = {
      historyLength: request.historyLength,
      artifacts: withArtifacts ? 'always' : 'omit',
    };
    return {
      tasks: page.records.map(({ task }) => present(task, call.operation, how)),
      nextPageToken: page.nextPageToken,
      pageSize: page.pageSize,
      totalSize: page.totalSize,
    };
  };

  const cancelTask = (call: Call): object => {
    const { id } = read<CancelTaskRequest>(call);
    const { state } = find(id, call.caller).task.status;
    const again = state === 'TASK_STATE_CANCELED' && policy.repeatedCancelReturnsTask === true;
    const ignored = isTerminal(state) && (again || policy.ignoreCancelOfTerminal === true);
    if (isTerminal(state) && !ignored && !policy.acceptCancelOfTerminal) throw taskNotCancelable(id, state);
    if (!ignored && !policy.cancelDoesNothing) cancel(id);
    return present(find(id, call.caller).task, call.operation);
  };

  const subscribeToTask = (call: Call): Outcome => {
    requireStreaming();
    const { id } = read<SubscribeToTaskRequest>(call);
    const { state } = find(id, call.caller).task.status;
    if (isTerminal(state) && !policy.acceptSubscribeToTerminal) {
      throw unsupportedOperation('The task has ended, there is nothing to subscribe to', { taskId: id, state });
    }
    if (isInterrupted(state) && policy.subscribeToInterruptedRefused) {
      throw unsupportedOperation('The task is waiting, there is nothing to subscribe to', { taskId: id, state });
    }
    const { operation } = call;
    const stream = streams.open(id, { operation, binding }, (task) => present(task, operation, {}, true));
    return { kind: 'stream', stream };
  };

  const createPushConfig = (call: Call): object => {
    requirePush();
    const { taskId, ...config } = read<TaskPushNotificationConfig & { taskId: string }>(call);
    find(taskId, call.caller);
    return push.create(taskId, config);
  };

  const getPushConfig = (call: Call): object => {
    requirePush();
    const { taskId, id } = read<PushConfigRef>(call);
    find(taskId, call.caller);
    const config = push.get(taskId, id);
    if (!config) throw pushConfigNotFound(taskId, id);
    return config;
  };

  const listPushConfigs = (call: Call): object => {
    requirePush();
    const { taskId, pageSize, pageToken } = read<ListTaskPushNotificationConfigsRequest>(call);
    find(taskId, call.caller);
    const filter = ['push', call.caller.principal, taskId];
    const after = pageToken === undefined ? 0 : pageTokens.read(pageToken, filter);
    if (after === undefined) {
      throw invalidParams([{ field: 'pageToken', description: 'Not a token that this list was continued with' }]);
    }
    // The proto's page_size has no presence: 0 is unset.
    const limit = pageSize === undefined || pageSize === 0 || policy.pushListUnpaged ? 100 : Math.min(pageSize, 100);
    const remaining = push.list(taskId).filter(({ position }) => position > after);
    const page = remaining.slice(0, limit);
    const last = page.at(-1);
    return {
      configs: page.map(({ config }) => config),
      ...(remaining.length > page.length && last ? { nextPageToken: pageTokens.issue(last.position, filter) } : {}),
    };
  };

  const deletePushConfig = (call: Call): object => {
    requirePush();
    const { taskId, id } = read<PushConfigRef>(call);
    find(taskId, call.caller);
    const known = push.get(taskId, id) !== undefined;
    const others = push.list(taskId).map(({ config }) => config.id);
    if (!policy.pushDeletionIgnored) push.delete(taskId, id);
    if (policy.pushDeletionTakesAll) for (const other of others) push.delete(taskId, other);
    if (policy.pushDeletionTakesAnother && !known) push.delete(taskId, others[0] ?? id);
    return {};
  };

  /** Capability before authentication: that there is no such card is no secret, the public card says as much. */
  const getExtendedCard = (call: Call): object => {
    if (capabilities.extendedCard === 'absent' && !policy.capabilitiesIgnored) {
      throw unsupportedOperation('This agent has no extended agent card', { capability: 'extendedAgentCard' });
    }
    if (capabilities.extendedCard === 'unconfigured') throw extendedAgentCardNotConfigured();
    const { credential } = call.caller;
    if (!policy.extendedCardUnprotected && !policy.capabilitiesIgnored) {
      if (!credential) throw unauthenticated('missing', schemeNames[settings.scheme]);
      if (!credential.extendedCard) throw permissionDenied('extended-card');
    }
    read(call);
    return deps.extendedCard();
  };

  const result = (value: object): Outcome => ({ kind: 'result', result: value });

  const dispatch = (call: Call): Outcome | Promise<Outcome> => {
    switch (call.operation) {
      case 'SendMessage':
        return sendMessage(call);
      case 'SendStreamingMessage':
        return sendStreamingMessage(call);
      case 'GetTask':
        return result(getTask(call));
      case 'ListTasks':
        return result(listOwnTasks(call));
      case 'CancelTask':
        return result(cancelTask(call));
      case 'SubscribeToTask':
        return subscribeToTask(call);
      case 'CreateTaskPushNotificationConfig':
        return result(createPushConfig(call));
      case 'GetTaskPushNotificationConfig':
        return result(getPushConfig(call));
      case 'ListTaskPushNotificationConfigs':
        return result(listPushConfigs(call));
      case 'DeleteTaskPushNotificationConfig':
        return result(deletePushConfig(call));
      case 'GetExtendedAgentCard':
        return result(getExtendedCard(call));
    }
  };

  const serveUnsaid = async (call: Call): Promise<void> => {
    if (!policy.othersServedUnsaid?.includes(call.operation)) return;
    const named = taskNamedIn(call.params);
    const record = named === undefined ? undefined : tasks.get(named);
    if (record === undefined || record.owner === call.caller.principal) return;
    try {
      await dispatch({ ...call, caller: { ...call.caller, seesAll: true } });
    } catch {
      // What becomes of it is not said.
    }
    throw taskNotFound(record.task.id);
  };

  /** Hooks of variants that refuse what the agent would do. */
  const requireConsent = async ({ operation, params }: Call): Promise<void> => {
    if (!fault?.refuse) return;
    const named = taskNamedIn(params);
    const task = named === undefined ? undefined : tasks.get(named)?.task;
    const openStreams = named === undefined ? 0 : streams.count(named);
    const refusal = await fault.refuse({ binding, operation, params, task, openStreams });
    if (refusal) throw new OperationError(refusal);
  };

  const requireExtensions = (call: Call): void => {
    const required = capabilities.requiredExtension;
    if (required === undefined || policy.requiredExtensionIgnored) return;
    if (policy.requiredExtensionOfMessagesOnly && !/^Send/.test(call.operation)) return;
    const { extensions } = call.parameters;
    const found = policy.extensionListUnsplit ? extensions.join() === required : extensions.includes(required);
    if (!found) throw extensionSupportRequired(required);
  };

  return {
    cancel,
    async call(asked) {
      const seesAll = policy.ownershipIgnoredBy?.includes(asked.operation) ?? false;
      const call = { ...asked, caller: { ...callerOf(asked), seesAll } };
      const context: OperationContext = { binding, operation: call.operation, params: call.params };
      try {
        await requireKnown(call);
        requireExtensions(call);
        await requireConsent(call);
        await serveUnsaid(call);
        const outcome = await dispatch(call);
        if (outcome.kind === 'stream' || !fault?.result || outcome.result === null) return outcome;
        return { kind: 'result', result: fault.result(outcome.result, context) };
      } catch (error) {
        if (!(error instanceof OperationError)) {
          settings.log({ level: 'error', event: 'operation failed', detail: String(error) });
        }
        const { content } = error instanceof OperationError ? error : internalError();
        const faulty = fault?.error?.(content, context) ?? content;
        if ('result' in faulty) return { kind: 'result', result: faulty.result };
        throw new OperationError(faulty);
      }
    },
  };
}
