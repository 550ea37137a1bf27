import type { CallResult } from '../../../core/wire/binding-client.ts';
import { taskIn } from '../shared/task-parts.ts';
import type { EndedTask, OwnTasks } from './own-tasks.ts';
import type { Walk } from './page.ts';

/** Ended tasks of the check's own, listed on one page and on several. */
export interface ListedTasks {
  readonly own: OwnTasks;
  /** The list of them all: the first one, and the last of those that waited for the tasks to be in it. */
  readonly first: CallResult;
  readonly whole: CallResult;
  /** The same list read page by page; `again` where that left out a task, or had one twice. */
  readonly walks: readonly { readonly walk: Walk; readonly again: Walk | undefined }[];
  /** The list of them all, three times more. */
  readonly reads: readonly CallResult[];
  /** GetTask of each at the end, in their order: what has been purged meanwhile is not judged. */
  readonly gets: readonly CallResult[];
}

/** The tasks that GetTask still shows after everything. */
export const keptOf = ({ own, gets }: Pick<ListedTasks, 'own' | 'gets'>): readonly EndedTask[] =>
  own.ended.filter((_, index) => gets[index] !== undefined && taskIn(gets[index]) !== undefined);
