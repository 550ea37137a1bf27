import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isObject } from '../../../core/invariants/json.ts';

/** Statuses of a web server for a path or a method that it does not have. */
const notThere: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Whether a web server, and not an operation behind it, refused a request: a page, or 405, which no operation has. `known`: what
 * the path names is known to be there, so that a 404 which does not name itself is not about that.
 */
export function isNoRoute({ reply, exchange }: CallResult, known = false): boolean {
  const status = exchange.response?.status ?? 0;
  if (reply.kind === 'malformed') return notThere.has(status);
  return reply.kind === 'error' && reply.error.name === undefined && notThere.has(status) && (known || status !== 404);
}

/** Whether an operation answered: with a result, or with an error of the API. */
export const isServed = (answer: CallResult, known = false): boolean =>
  answer.reply.kind === 'result' || (answer.reply.kind === 'error' && !isNoRoute(answer, known));

/** The members of a result; empty for none. */
export const resultIn = ({ reply }: CallResult): Readonly<Record<string, unknown>> =>
  reply.kind === 'result' && isObject(reply.value) ? reply.value : {};

/** The tasks of a result of ListTasks; undefined where it is none. */
export function tasksIn(answer: CallResult): readonly Readonly<Record<string, unknown>>[] | undefined {
  const { tasks } = resultIn(answer);
  // ProtoJSON: an empty list may be left out, and null is as good.
  if (answer.reply.kind === 'result' && (tasks === undefined || tasks === null)) return [];
  return Array.isArray(tasks) ? tasks.filter(isObject) : undefined;
}

/** Ids of the tasks of a list. */
export const idsIn = (answer: CallResult): readonly unknown[] => (tasksIn(answer) ?? []).map(({ id }) => id);
