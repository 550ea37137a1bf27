import { acknowledged, judgeAll, type BookFacts, type ChaosInvariant } from './invariant.ts';
import { artifactsOf, historyOf, shortened, textOf } from './task-text.ts';

export const textIntact: ChaosInvariant<BookFacts> = {
  id: 'chaos/text-intact',
  title: 'What was sent is what the agent works on, to the character',
  contract: 'integrity',
  judge({ jobs, reads }) {
    const echoed = acknowledged(jobs).flatMap(({ kind, taskId, text }) => {
      const read = reads.tasks.get(taskId);
      return kind === 'echo' && read?.kind === 'task' ? [{ taskId, text, task: read.task }] : [];
    });
    return judgeAll(
      echoed,
      ({ taskId, text, task }) => {
        const [first] = historyOf(task);
        const wrong = [...artifactsOf(task).values(), ...(first ? [textOf(first)] : [])].find((seen) => seen !== text);
        return wrong === undefined ? undefined : `task ${taskId} has "${difference(text, wrong)}"`;
      },
      { counted: 'echoed messages', right: 'each to the character', none: 'no echo could be read' },
    );
  },
};

/** A little before the first character that differs, and after it. */
function difference(sent: string, seen: string): string {
  const at = [...sent].findIndex((character, index) => [...seen][index] !== character);
  return shortened([...seen].slice(Math.max(0, at - 3)).join(''));
}
