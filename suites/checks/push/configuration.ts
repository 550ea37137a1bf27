import { setTimeout } from 'node:timers/promises';
import type { ProbeContext } from '../../../core/engine/check.ts';
import { uuid } from '../../../core/engine/random.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import type { Webhook } from '../../../core/wire/webhook.ts';
import { isError } from '../shared/task-parts.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const named = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A TaskPushNotificationConfig as received: only what is needed is read, nothing is repaired. */
export interface ConfigView {
  readonly id: string | undefined;
  readonly taskId: string | undefined;
  readonly url: string | undefined;
  /** Of its authentication. */
  readonly scheme: string | undefined;
}

const viewOf = (value: Json): ConfigView => ({
  id: named(value['id']),
  taskId: named(value['taskId']),
  url: named(value['url']),
  scheme: isObject(value['authentication']) ? named(value['authentication']['scheme']) : undefined,
});

/** The configuration of an answer; undefined where it is none. */
export const configIn = ({ reply }: CallResult): ConfigView | undefined =>
  reply.kind === 'result' && isObject(reply.value) ? viewOf(reply.value) : undefined;

/** The configurations of one page; undefined where the answer is none. */
export function configsIn({ reply }: CallResult): readonly ConfigView[] | undefined {
  if (reply.kind !== 'result' || !isObject(reply.value)) return undefined;
  const { configs } = reply.value;
  return Array.isArray(configs) ? configs.filter(isObject).map(viewOf) : [];
}

const nextTokenIn = ({ reply }: CallResult): string | undefined =>
  reply.kind === 'result' && isObject(reply.value) ? named(reply.value['nextPageToken']) : undefined;

/** Whether the operation is not there at all: what `push/supported` speaks of. */
export const isMissing = (answer: CallResult): boolean =>
  isError(answer, 'MethodNotFoundError', 'PushNotificationNotSupportedError', 'UnsupportedOperationError') ||
  (answer.reply.kind === 'error' && answer.reply.error.code === 'UNIMPLEMENTED');

/** A configuration that the harness asked for. */
export interface Registered {
  readonly taskId: string;
  readonly url: string;
  /** Members beside task and URL. */
  readonly settings: Params;
  readonly answer: CallResult;
  readonly config: ConfigView | undefined;
}

/** Of a configuration whose first answer was lost: the agent may keep one of each. */
export const registeredTwice = 'it may be registered twice: the first time it was not answered';

/** Credentials of a configuration, another one each time (§13.2). */
export const ownCredentials = ({ random }: Pick<ProbeContext, 'random'>): Params => ({
  token: uuid(random),
  authentication: { scheme: 'Bearer', credentials: uuid(random) },
});

/** A configuration as it comes inside a message. */
export const inline = ({ url }: Webhook, settings: Params = {}): Params => ({
  taskPushNotificationConfig: { url, ...settings },
});

/** CreateTaskPushNotificationConfig with a webhook of the run. */
export async function register(
  { client }: Pick<ProbeContext, 'client'>,
  taskId: string,
  { url }: Pick<Webhook, 'url'>,
  settings: Params = {},
): Promise<Registered> {
  const answer = await client.call('CreateTaskPushNotificationConfig', { taskId, url, ...settings });
  return { taskId, url, settings, answer, config: configIn(answer) };
}

/**
 * A configuration that need not be notified: where the receiver of this run is refused (§13.2: private addresses) or there is
 * none, one of a name that is reserved for examples. Nothing is sent to it: it is deleted before its task goes on.
 */
export async function registerAnywhere(
  context: ProbeContext,
  taskId: string,
  settings: Params = {},
): Promise<Registered> {
  const here = context.canNotify ? await register(context, taskId, context.openWebhook(), settings) : undefined;
  if (here !== undefined && (here.answer.reply.kind !== 'error' || isMissing(here.answer))) return here;
  const elsewhere = { url: `https://example.com/a2a-gauntlet/${uuid(context.random)}` };
  return await register(context, taskId, elsewhere, settings);
}

/** Makes one configuration of a task; `id` where the client has to propose one. */
export type Registering = (settings?: Params) => Promise<Registered>;

/**
 * Two configurations of one task. Ids are the agent's to assign (§3.1.7); the client proposes one only where the second would
 * replace the first.
 */
export async function registerTwo(
  { id }: Pick<ProbeContext, 'id'>,
  first: Registering,
  second: Registering,
): Promise<readonly [Registered, Registered]> {
  const both = [await first(), await second()] as const;
  const [one, other] = both.map(({ config }) => config?.id);
  if (one === undefined || one !== other) return both;
  return [await first(), await second({ id: id('config') })];
}

/**
 * Whether a deletion is confirmed: how is the agent's own affair (§3.1.10), and an answer that is none of its binding is judged by the
 * rows of the binding.
 */
export const isConfirmed = ({ reply }: CallResult): boolean =>
  reply.kind === 'result' || (reply.kind === 'malformed' && reply.status >= 200 && reply.status < 300);

/** Params that name a configuration. */
export const refOf = ({ taskId }: Pick<Registered, 'taskId'>, id: string): Params => ({ taskId, id });

/** Asks again while the answer is not yet as it should be: a copy that lags has the time of grace, which must end. */
export async function eventually<Answer>(
  { deadlines }: Pick<ProbeContext, 'deadlines'>,
  ask: () => Promise<Answer>,
  isThere: (answer: Answer) => boolean,
): Promise<Answer> {
  const end = performance.now() + deadlines.graceMs;
  let answer = await ask();
  while (!isThere(answer) && performance.now() < end) {
    await setTimeout(deadlines.pollMs);
    answer = await ask();
  }
  return answer;
}

/** GetTaskPushNotificationConfig of one that should be there. */
export const getConfig = (context: Pick<ProbeContext, 'client' | 'deadlines'>, ref: Params): Promise<CallResult> =>
  eventually(
    context,
    () => context.client.call('GetTaskPushNotificationConfig', ref),
    (answer) => answer.reply.kind === 'result' || isMissing(answer),
  );

/** Whether the list has all of these URLs, or an end to asking. */
export const holdsAll =
  (...urls: readonly string[]) =>
  ({ pages }: WholeList): boolean => {
    const listed = new Set(pages.flatMap((page) => configsIn(page) ?? []).map(({ url }) => url));
    return urls.every((url) => listed.has(url)) || pages.some(isMissing);
  };

/** A list read to its end. */
export interface WholeList {
  readonly pages: readonly CallResult[];
  /** Not one page refused or unanswered, and the end was reached. */
  readonly complete: boolean;
  /** A token came twice, or there was no end. */
  readonly endless: boolean;
}

const mostPages = 20;

/** ListTaskPushNotificationConfigs, page after page. */
export async function listAll(
  { client }: Pick<ProbeContext, 'client'>,
  taskId: string,
  pageSize?: number,
): Promise<WholeList> {
  const pages: CallResult[] = [];
  const tokens = new Set<string>();
  const size = pageSize === undefined ? {} : { pageSize };
  for (let token: string | undefined; ;) {
    const page: CallResult = await client.call('ListTaskPushNotificationConfigs', {
      taskId,
      ...size,
      ...(token === undefined ? {} : { pageToken: token }),
    });
    pages.push(page);
    if (configsIn(page) === undefined) return { pages, complete: false, endless: false };
    token = nextTokenIn(page);
    if (token === undefined) return { pages, complete: true, endless: false };
    if (tokens.has(token) || pages.length >= mostPages) return { pages, complete: false, endless: true };
    tokens.add(token);
  }
}

/** A guest cleans up: deletes the configurations, so that nothing is sent when the task goes on. Tells whether all went. */
export async function deleteConfigs(
  { client }: Pick<ProbeContext, 'client'>,
  ...registered: readonly Registered[]
): Promise<boolean> {
  let all = true;
  for (const each of registered) {
    if (each.answer.reply.kind !== 'result') continue;
    const id = each.config?.id;
    const gone = id === undefined ? undefined : await client.call('DeleteTaskPushNotificationConfig', refOf(each, id));
    all &&= gone !== undefined && isConfirmed(gone);
  }
  return all;
}
