import { acknowledged, judgeAll, type BookFacts, type ChaosInvariant } from './invariant.ts';
import { artifactsOf, shortened } from './task-text.ts';

export const committedOnce: ChaosInvariant<BookFacts> = {
  id: 'chaos/committed-once',
  title: 'Every chunk of a completed task is there, and once',
  contract: 'exactly-once',
  judge({ jobs, reads }) {
    const completed = acknowledged(jobs).flatMap(({ kind, taskId, expected }) => {
      const read = reads.tasks.get(taskId);
      const done = kind !== 'echo' && read?.kind === 'task' && read.state === 'TASK_STATE_COMPLETED';
      return done ? [{ taskId, expected, artifacts: [...artifactsOf(read.task).values()] }] : [];
    });
    return judgeAll(
      completed,
      ({ taskId, expected, artifacts }) =>
        artifacts.length === 1 && artifacts[0] === expected
          ? undefined
          : `task ${taskId} has ${artifacts.map((text) => `"${shortened(text)}"`).join(' and ') || 'no artifact'}, not "${expected}"`,
      { counted: 'tasks in chunks', right: 'each chunk once', none: 'no task in chunks was completed' },
    );
  },
};
