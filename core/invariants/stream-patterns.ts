import { isInterrupted } from '../../protocol/task-state.ts';
import { recordedStreams, type RecordedStream } from '../history/recorded-streams.ts';
import { describeItem, terminalItem, type StreamItem } from '../history/stream-view.ts';
import { skip, type Judgement } from '../findings/judgement.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances, type Defect, type Instance, type Words } from './tally.ts';

const hint = 'a run that opens streams of tasks shows it: see the stimuli "completes" and "long-running"';

/** One instance for each stream that has what the row speaks of, with what is wrong with it. */
const each = (
  streams: readonly RecordedStream[],
  applies: (stream: RecordedStream) => boolean,
  defectOf: (stream: RecordedStream) => Defect | undefined,
): Instance[] => streams.filter(applies).map((stream) => ({ exchanges: [stream.exchange], defect: defectOf(stream) }));

const listed = (items: readonly StreamItem[]): string => items.map(describeItem).join(', ');

/** A first event that the schema rows speak of (`other`) says nothing of the pattern. */
const isReadable = ({ items: [first] }: RecordedStream): boolean => first.kind !== 'other';

const isOfTask = ({ items: [first] }: RecordedStream): boolean => first.kind === 'task';

const firstIsTask = ({ items }: RecordedStream): Defect | undefined =>
  items[0].kind === 'task' ? undefined : { expected: 'the Task as the first event', actual: listed(items) };

/** §11.7: a final Task may be sent again before the stream closes, which it does in a terminal or interrupted state. */
function isFinalTask({ kind, index, state, terminal }: StreamItem, items: readonly StreamItem[]): boolean {
  return kind === 'task' && index === items.length - 1 && (terminal || isInterrupted(state));
}

function onlyUpdates({ items, continued }: RecordedStream): Defect | undefined {
  const defects = items.slice(1).flatMap((item) => {
    const readings = readingsOf(item, continued);
    const allowed =
      item.kind === 'status' || item.kind === 'artifact' || item.kind === 'other' || isFinalTask(item, items);
    const actual = `event ${item.index + 1} is ${describeItem(item)}: ${listed(items)}`;
    return allowed
      ? []
      : [{ expected: 'after the Task only status and artifact updates', actual, ...(readings ? { readings } : {}) }];
  });
  return defects.find(({ readings }) => readings === undefined) ?? defects[0];
}

function readingsOf({ kind }: StreamItem, continued: boolean): Defect['readings'] {
  if (kind === 'error') {
    return [
      '§3.1.2: the Task is followed by status and artifact updates only, and FAILED tells of a failure',
      '§3.3.2: any operation may return an error, a stream that has begun too',
    ];
  }
  if (kind !== 'task' || !continued) return undefined;
  return [
    '§3.1.2, §3.1.6: the Task is followed by status and artifact updates only',
    '§3.5.2: all streams get the same events, and the stream of the message that continues the task begins with its Task',
  ];
}

function afterTerminal({ items }: RecordedStream): Defect | undefined {
  const end = terminalItem(items);
  const [next] = end ? items.slice(end.index + 1) : [];
  if (!end || !next) return undefined;
  const expected = `nothing after "${describeItem(end)}"`;
  const actual = listed(items.slice(end.index));
  const rest = items.slice(end.index + 1);
  if (rest.every((item) => isFinalTask(item, items) && item.state === end.state)) return undefined;
  const repeats = rest.every((item) => item.state === end.state || item.kind === 'error');
  if (!repeats) return { expected, actual };
  return {
    expected,
    actual,
    readings: [
      '§3.1.2: the stream closes when the task reaches a terminal state',
      '§11.7: the final state may be sent again before the stream closes',
    ],
  };
}

function namesOneTask({ items }: RecordedStream): Defect | undefined {
  const known = items.filter(({ taskId }) => taskId !== undefined && taskId !== '');
  const [first] = known;
  const context = known.find(({ contextId }) => contextId !== undefined && contextId !== '')?.contextId;
  const other = known.find(
    ({ taskId, contextId }) =>
      taskId !== first?.taskId || (contextId !== undefined && contextId !== '' && contextId !== context),
  );
  if (!first || !other) return undefined;
  return {
    expected: `task ${first.taskId} in context ${context} in every event`,
    actual: `${describeItem(other)} of task ${other.taskId} in context ${other.contextId}`,
  };
}

const artifactOf = ({ raw }: StreamItem): string | undefined => {
  const id = (raw['artifact'] as { artifactId?: unknown } | null | undefined)?.artifactId;
  return typeof id === 'string' && id !== '' ? id : undefined;
};

const artifactsOf = ({ raw }: StreamItem): string[] =>
  (Array.isArray(raw['artifacts']) ? (raw['artifacts'] as readonly unknown[]) : []).flatMap((artifact) => {
    const id = (artifact as { artifactId?: unknown } | null)?.artifactId;
    return typeof id === 'string' ? [id] : [];
  });

const appends = (item: StreamItem): boolean => item.kind === 'artifact' && item.raw['append'] === true;
const isLast = (item: StreamItem): boolean => item.kind === 'artifact' && item.raw['lastChunk'] === true;

function appendsToUnknown({ items }: RecordedStream): Defect | undefined {
  const known = new Set<string>();
  for (const item of items) {
    if (item.kind === 'task') artifactsOf(item).forEach((id) => known.add(id));
    const id = item.kind === 'artifact' ? artifactOf(item) : undefined;
    if (id === undefined) continue;
    if (appends(item) && !known.has(id)) {
      return {
        expected: 'append to an artifact that the stream has shown',
        actual: `${describeItem(item)} first of it`,
      };
    }
    known.add(id);
  }
  return undefined;
}

function appendsAfterLast({ items }: RecordedStream): Defect | undefined {
  const complete = new Set<string>();
  for (const item of items) {
    const id = item.kind === 'artifact' ? artifactOf(item) : undefined;
    if (id === undefined) continue;
    if (appends(item) && complete.has(id)) {
      return { expected: `no further chunk of artifact ${id} after lastChunk`, actual: listed(items) };
    }
    // Sent without append, an artifact begins anew.
    if (isLast(item)) complete.add(id);
    else complete.delete(id);
  }
  return undefined;
}

/** §3.1.2, §3.1.6: the pattern that every stream follows. */
export const streamPatterns = defineInvariant({
  id: 'invariants/stream-patterns',
  title: 'Every stream is one Message, or a Task and its updates until its end',
  provenance: { kind: 'spec' },
  requirements: [
    'streaming/task-first',
    'streaming/subscribe-task-first',
    'streaming/message-only',
    'streaming/updates-only',
    'streaming/nothing-after-terminal',
    'streaming/one-task',
    'streaming/append-known',
    'streaming/last-chunk',
  ],
  judge(history, { target }) {
    const streams = recordedStreams(history).filter(isReadable);
    const judged = (instances: readonly Instance[], words: Words): Judgement =>
      instances.length === 0 && !target.capabilities.streaming
        ? skip('the card does not declare capabilities.streaming')
        : judgeInstances(instances, words);
    const sent = streams.filter(({ operation }) => operation === 'SendStreamingMessage');
    const subscribed = streams.filter(({ operation }) => operation === 'SubscribeToTask');
    const isMessage = ({ items: [first] }: RecordedStream): boolean => first.kind === 'message';
    return {
      'streaming/task-first': judged(
        each(sent, (stream) => !isMessage(stream), firstIsTask),
        { counted: 'streams of tasks', wrong: 'do not begin with the Task', hint },
      ),
      'streaming/subscribe-task-first': judged(
        each(subscribed, () => true, firstIsTask),
        { counted: 'subscriptions', wrong: 'do not begin with the Task', hint },
      ),
      'streaming/message-only': judged(
        each(sent, isMessage, ({ items }) =>
          items.length === 1 ? undefined : { expected: 'exactly one Message', actual: listed(items) },
        ),
        { counted: 'streams that begin with a Message', wrong: 'go on after it', hint: 'see "replies-with-message"' },
      ),
      'streaming/updates-only': judged(
        each(streams, (stream) => isOfTask(stream) && stream.items.length > 1, onlyUpdates),
        { counted: 'streams of tasks', wrong: 'show something else than updates', hint },
      ),
      'streaming/nothing-after-terminal': judged(
        each(streams, ({ items }) => terminalItem(items) !== undefined, afterTerminal),
        { counted: 'streams that show a terminal state', wrong: 'go on after it', hint },
      ),
      'streaming/one-task': judged(
        each(streams, ({ items }) => items.filter(({ taskId }) => taskId !== undefined).length > 1, namesOneTask),
        { counted: 'streams of several events', wrong: 'name more than one task or context', hint },
      ),
      'streaming/append-known': judged(
        // A stream without its Task breaks another row, and what it had shown is not known.
        each(streams, (stream) => isOfTask(stream) && stream.items.some(appends), appendsToUnknown),
        {
          counted: 'streams with appended chunks',
          wrong: 'append to an artifact that they have not shown',
          hint: 'name a stimulus "streams-artifact-chunks": no stream had appended chunks',
        },
      ),
      'streaming/last-chunk': judged(
        each(streams, ({ items }) => items.some(isLast), appendsAfterLast),
        {
          counted: 'streams with a last chunk',
          wrong: 'append to an artifact after its last chunk',
          hint: 'name a stimulus "streams-artifact-chunks": no stream had a last chunk',
        },
      ),
    };
  },
});
