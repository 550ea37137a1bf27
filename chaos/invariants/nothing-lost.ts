import { acknowledged, judgeAll, type BookFacts, type ChaosInvariant } from './invariant.ts';

export const nothingLost: ChaosInvariant<BookFacts> = {
  id: 'chaos/nothing-lost',
  title: 'Every acknowledged task is found in the end',
  contract: 'durability',
  judge({ jobs, reads }) {
    const owed = acknowledged(jobs);
    const unread = owed.flatMap(({ taskId }) => {
      const read = reads.tasks.get(taskId);
      return read === undefined || read.kind === 'unread' ? [`${taskId}: ${read?.reason ?? 'not read'}`] : [];
    });
    const judged = judgeAll(
      owed,
      ({ taskId }) => (reads.tasks.get(taskId)?.kind === 'not-found' ? `task ${taskId} is not found` : undefined),
      { counted: 'acknowledged tasks', right: 'all of them found', none: 'no task was acknowledged' },
    );
    if (judged.verdict !== 'pass' || unread.length === 0) return judged;
    return { verdict: 'untested', reason: `${unread.length} of ${owed.length} tasks could not be read: ${unread[0]}` };
  },
};
