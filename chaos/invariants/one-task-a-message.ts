import { stringOf } from '../../core/invariants/json.ts';
import { judgeAll, type BookFacts, type ChaosInvariant } from './invariant.ts';
import { historyOf } from './task-text.ts';

export const oneTaskAMessage: ChaosInvariant<BookFacts> = {
  id: 'chaos/one-task-a-message',
  title: 'A message that is sent again makes no second task',
  contract: 'exactly-once',
  judge({ jobs, reads }) {
    if (reads.listed === null) return { verdict: 'untested', reason: 'the list of tasks could not be read' };
    const made = Map.groupBy(reads.listed, (task) => stringOf(historyOf(task)[0]?.['messageId']));
    return judgeAll(
      jobs.filter(({ sends }) => sends > 1),
      ({ messageId, sends }) => {
        const ids = (made.get(messageId) ?? []).map(({ id }) => id);
        return ids.length > 1 ? `message ${messageId}, sent ${sends} times, made tasks ${ids.join(', ')}` : undefined;
      },
      {
        counted: 'messages that were sent more than once',
        right: 'none of them made a second task',
        none: 'no message had to be sent again',
      },
    );
  },
};
