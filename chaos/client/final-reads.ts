import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '../../protocol/task-state.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { isObject, stringOf, type JsonObject } from '../../core/invariants/json.ts';
import type { BindingClient } from '../../core/wire/binding-client.ts';
import type { Millis } from '../../core/history/exchange.ts';

/** What the agent says of a task in the end. */
export type TaskRead =
  | { readonly kind: 'task'; readonly task: JsonObject; readonly state: string | undefined }
  | { readonly kind: 'not-found' }
  /** No answer that says anything. */
  | { readonly kind: 'unread'; readonly reason: string };

export interface FinalReads {
  readonly tasks: ReadonlyMap<string, TaskRead>;
  /** Every task that ListTasks shows, with its history; null where the list could not be read to its end. */
  readonly listed: readonly JsonObject[] | null;
}

export interface FinalReadOptions {
  readonly client: BindingClient;
  readonly taskIds: readonly string[];
  /** `performance.now()` until which tasks may still reach their end. */
  readonly deadline: Millis;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const actor = 'reader';
const pollMs = 50;
const attempts = 3;
const pageSize = 100;
/** More pages than any run makes: a list without end is not read for ever. */
const mostPages = 1_000;

/** Reads every acknowledged task until it has ended, and the list of all tasks. */
export async function readEverything(options: FinalReadOptions): Promise<FinalReads> {
  const tasks = await Promise.all(options.taskIds.map(async (id) => [id, await readTask(id, options)] as const));
  return { tasks: new Map(tasks), listed: await listAll(options) };
}

async function readTask(id: string, { client, deadline, timeoutMs, signal }: FinalReadOptions): Promise<TaskRead> {
  let silent = 0;
  for (;;) {
    const { reply } = await client.call('GetTask', { id }, { actor, timeoutMs, signal });
    const task = taskViewOf(reply);
    if (task !== undefined && (isTerminal(task.state) || performance.now() >= deadline)) {
      return { kind: 'task', task: task.raw, state: task.state };
    }
    if (reply.kind === 'error' && reply.error.name === 'TaskNotFoundError') return { kind: 'not-found' };
    if (task === undefined) silent += 1;
    if (silent === attempts || signal.aborted) {
      return { kind: 'unread', reason: reply.kind === 'none' ? reply.failure.message : `answered with ${reply.kind}` };
    }
    await pause(pollMs);
  }
}

async function listAll({ client, timeoutMs, signal }: FinalReadOptions): Promise<readonly JsonObject[] | null> {
  const listed: JsonObject[] = [];
  let pageToken = '';
  for (let page = 0; page < mostPages; page += 1) {
    const params = { pageSize, includeArtifacts: false, ...(pageToken === '' ? {} : { pageToken }) };
    const { reply } = await client.call('ListTasks', params, { actor, timeoutMs, signal });
    if (reply.kind !== 'result' || !isObject(reply.value) || !Array.isArray(reply.value['tasks'])) return null;
    listed.push(...(reply.value['tasks'] as readonly unknown[]).filter(isObject));
    pageToken = stringOf(reply.value['nextPageToken']) ?? '';
    if (pageToken === '') return listed;
  }
  return null;
}
