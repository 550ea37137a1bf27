import { Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { taskViewOf } from '../../../core/engine/task-view.ts';
import { wait } from '../../../core/engine/wait.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';

type Json = Readonly<Record<string, unknown>>;

/** The page of a list in an answer; undefined where the answer is no result object. */
export interface Page {
  /** Those that have an id, in their order. */
  readonly tasks: readonly TaskView[];
  /** '' on the last page, undefined where it is missing. */
  readonly token: string | undefined;
  /** Undefined where it is missing or no number. */
  readonly totalSize: number | undefined;
}

export function pageIn({ reply }: CallResult): Page | undefined {
  if (reply.kind !== 'result' || typeof reply.value !== 'object' || reply.value === null) return undefined;
  const { tasks, nextPageToken, totalSize } = reply.value as Json;
  return {
    tasks: (Array.isArray(tasks) ? (tasks as readonly unknown[]) : []).flatMap(
      (value) => taskViewOf({ kind: 'result', value }) ?? [],
    ),
    token: typeof nextPageToken === 'string' ? nextPageToken : undefined,
    totalSize: typeof totalSize === 'number' ? totalSize : undefined,
  };
}

/** The tasks of a page; none where there is no page. */
export const tasksIn = (answer: CallResult): readonly TaskView[] => pageIn(answer)?.tasks ?? [];

/** The task of that id on a page. */
export const taskOn = (answer: CallResult, id: string): TaskView | undefined =>
  tasksIn(answer).find((task) => task.id === id);

/** Asks for one page. @throws {Unelicited} where the answer is no page: without one there is nothing to judge */
export async function list({ client }: Pick<ProbeContext, 'client'>, params: Params): Promise<CallResult> {
  const answer = await client.call('ListTasks', params);
  if (pageIn(answer) !== undefined) return answer;
  throw new Unelicited(
    `ListTasks gives no list but ${describeReply(answer.reply)}`,
    'see list/answered; an agent may list tasks for authenticated clients only: --bearer',
    [answer.exchange],
  );
}

/** A list that is read page by page. */
export interface Walk {
  readonly pageSize: number;
  readonly pages: readonly CallResult[];
  /**
   * `last`: a page said that it is the last one; `tokenless`: a page had no token at all; `refused`: a token led to no page;
   * `bound`: it went on and on.
   */
  readonly end: 'last' | 'tokenless' | 'refused' | 'bound';
}

/** Reads on from a page, no further than `most` pages in all. Never throws. */
export async function walkFrom(
  { client }: Pick<ProbeContext, 'client'>,
  first: CallResult,
  params: Params & { readonly pageSize: number },
  most: number,
): Promise<Walk> {
  const pages = [first];
  const { pageSize } = params;
  for (;;) {
    const token = pageIn(pages.at(-1)!)?.token;
    if (pageIn(pages.at(-1)!) === undefined) return { pageSize, pages, end: 'refused' };
    if (token === undefined) return { pageSize, pages, end: 'tokenless' };
    if (token === '') return { pageSize, pages, end: 'last' };
    if (pages.length >= most) return { pageSize, pages, end: 'bound' };
    pages.push(await client.call('ListTasks', { ...params, pageToken: token }));
  }
}

export const exchangesOf = (answers: readonly CallResult[]): readonly Exchange[] =>
  answers.map(({ exchange }) => exchange);

/** How often a task comes over the pages of a walk. */
export const timesOn = ({ pages }: Pick<Walk, 'pages'>, id: string): number =>
  pages.flatMap(tasksIn).filter((task) => task.id === id).length;

/** How much time lists have, in sum, to show what a copy that lags behind does not show yet. In milliseconds. */
export class Patience {
  readonly #endsAt: number;
  readonly #pauseMs: number;

  constructor({ taskMs, pollMs }: ProbeContext['deadlines']) {
    this.#endsAt = performance.now() + taskMs;
    this.#pauseMs = 4 * pollMs;
  }

  /** Asks again and again until the answer is right, or there is no time left: gives the first answer and the last one. */
  async until(
    ask: () => Promise<CallResult>,
    isRight: (answer: CallResult) => boolean,
    signal: AbortSignal,
  ): Promise<{ readonly first: CallResult; readonly last: CallResult }> {
    const first = await ask();
    let last = first;
    // Once at least: what is wrong twice is no accident.
    for (let asked = 0; !isRight(last) && (asked === 0 || performance.now() < this.#endsAt); asked += 1) {
      if (signal.aborted) break;
      await wait(this.#pauseMs, signal);
      last = await ask();
    }
    return { first, last };
  }
}
