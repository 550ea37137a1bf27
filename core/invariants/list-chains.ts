import { askerOf, type ListAnswer, type ListedTask } from './list-answers.ts';

/** Pages of one list, each asked for with the token of the one before, the first without any. */
export interface Chain {
  readonly pages: readonly ListAnswer[];
  /** Whether the last page says that it is the last one. */
  readonly complete: boolean;
}

/** What has to stay the same from page to page. */
const listOf = ({ exchange, asked }: ListAnswer): string =>
  JSON.stringify([
    askerOf(exchange),
    asked['tenant'] ?? '',
    asked['contextId'] ?? '',
    asked['status'] ?? '',
    asked['statusTimestampAfter'] ?? '',
  ]);

/** The chains of a history, none the beginning of another. A token may be used several times: each makes a chain. */
export function chainsOf(answers: readonly ListAnswer[]): readonly Chain[] {
  const issued = new Map<string, readonly ListAnswer[]>();
  const chains = new Set<readonly ListAnswer[]>();
  for (const answer of answers.toSorted((a, b) => a.exchange.startedAt - b.exchange.startedAt)) {
    const list = listOf(answer);
    const { pageToken } = answer.asked;
    const isFirst = pageToken === undefined || pageToken === '';
    const begun = isFirst ? [] : issued.get(JSON.stringify([list, pageToken]));
    // A token of unknown origin: nothing can be said of what has to be on the page.
    if (begun === undefined) continue;
    const pages = [...begun, answer];
    chains.delete(begun);
    chains.add(pages);
    if (answer.nextToken) issued.set(JSON.stringify([list, answer.nextToken]), pages);
  }
  return [...chains].map((pages) => ({ pages, complete: pages.at(-1)!.nextToken === '' }));
}

/** A task of a chain, and the page that shows it. */
export interface Place {
  readonly page: ListAnswer;
  readonly task: ListedTask;
}

/** The tasks of a chain in the order in which they came. */
export const placesOf = ({ pages }: Chain): readonly Place[] =>
  pages.flatMap((page) => page.tasks.map((task) => ({ page, task })));
