import { isTerminal } from '../../protocol/task-state.ts';
import { recordedStreams } from '../../core/history/recorded-streams.ts';
import type { StreamItem } from '../../core/history/stream-view.ts';
import { isObject, stringOf } from '../../core/invariants/json.ts';
import { judgeAll, type ChaosInvariant } from './invariant.ts';
import { artifactsOf, shortened, textOf } from './task-text.ts';

/** The artifacts that a reader of the stream has in the end: those of the task it begins with, and its updates. */
function readerHas(items: readonly StreamItem[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { kind, raw } of items) {
    if (kind === 'task') {
      texts.clear();
      for (const [id, text] of artifactsOf(raw)) texts.set(id, text);
    }
    if (kind !== 'artifact' || !isObject(raw['artifact'])) continue;
    const id = stringOf(raw['artifact']['artifactId']) ?? '';
    texts.set(id, (raw['append'] === true ? (texts.get(id) ?? '') : '') + textOf(raw['artifact']));
  }
  return texts;
}

const joined = (artifacts: ReadonlyMap<string, string>): string => [...artifacts.values()].join(' | ');

export const streamAddsUp: ChaosInvariant = {
  id: 'chaos/stream-adds-up',
  title: 'Who reads a stream to its end, from the start or after a cut, has all of the artifacts',
  contract: 'stream-adds-up',
  judge({ history, reads }) {
    const whole = recordedStreams(history).flatMap(({ exchange, operation, items }) => {
      const { taskId, kind } = items[0];
      const read = taskId === undefined ? undefined : reads.tasks.get(taskId);
      const ended = kind === 'task' && items.some(({ state }) => isTerminal(state));
      return ended && read?.kind === 'task' ? [{ exchange, operation, items, task: read.task }] : [];
    });
    return judgeAll(
      whole,
      ({ exchange, operation, items, task }) => {
        const [has, is] = [joined(readerHas(items)), joined(artifactsOf(task))];
        if (has === is) return undefined;
        return `${operation} (${exchange.id}) adds up to "${shortened(has)}", the task ${String(task['id'])} has "${shortened(is)}"`;
      },
      {
        counted: 'streams that reached the end of their task',
        right: 'each adds up',
        none: 'no stream reached the end of its task',
      },
    );
  },
};
