import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import type { JsonObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { addUp, artifactsOf, compareChunks, contentOf } from './artifact-sum.ts';
import { cancelUnended, watch, type WatchedStream } from './watch.ts';

interface Observation {
  readonly stream: WatchedStream;
  /** GetTask after the end; undefined where no end was seen. */
  readonly task: CallResult | undefined;
}

/** §3.5.2: the order of the chunks, told by the artifact that they make up. */
export const chunks = defineCheck({
  id: 'streaming/chunks',
  title: 'The chunks of a streamed artifact against the artifact of GetTask',
  requirements: ['streaming/in-order'],
  needs: [needsCapability('streaming'), needsStimulus('streams-artifact-chunks')],

  async probe(context: ProbeContext): Promise<Observation> {
    const stream = await watch(context, await context.sendStreaming('streams-artifact-chunks'));
    await cancelUnended(context, stream);
    const taskId = stream.items[0]?.taskId;
    if (taskId === undefined) return { stream, task: undefined };
    // A store may lag behind the stream: what differs has the time of grace to agree.
    const agrees = (task: unknown): boolean => compareTo(stream.items, task).every(({ result }) => result === 'equal');
    const task = await context.poll(
      taskId,
      ({ state, raw }) => isTerminal(state) && agrees(raw),
      context.deadlines.graceMs,
    );
    return { stream, task };
  },

  judge({ stream, task }) {
    return { 'streaming/in-order': judgeOrder(stream, task) };
  },
});

const compareTo = (items: readonly StreamItem[], task: unknown) => {
  const stored = artifactsOf(task);
  return addUp(items).map(({ artifactId, chunks: sent }) => ({
    artifactId,
    sent,
    stored: stored.get(artifactId),
    result: compareChunks(sent, stored.get(artifactId) ?? []),
  }));
};

/** Text that is cut in pieces makes sense in one order only. */
const isText = (parts: readonly JsonObject[]): boolean => parts.every(({ text }) => typeof text === 'string');

function judgeOrder({ exchange, items, end }: WatchedStream, task: CallResult | undefined): Judgement {
  const hint = 'name a stimulus "streams-artifact-chunks" whose artifact comes in several appended chunks';
  const reply = task?.reply;
  const evidence = [exchange, ...(task ? [task.exchange] : [])];
  if (reply?.kind !== 'result' || (end !== 'closed' && end !== 'left-open')) {
    return untested('the end of the task and its artifacts were not both seen', hint, ...evidence);
  }
  const compared = compareTo(items, reply.value);
  const several = compared.filter(({ sent }) => sent.length > 1);
  const reordered = several.find(({ result }) => result === 'reordered');
  if (reordered && !isText(reordered.sent.flat())) {
    const { artifactId, sent, stored = [] } = reordered;
    return ambiguous(
      `the chunks of artifact ${artifactId} arrived in another order than GetTask shows them in`,
      [
        `§3.5.2: events are delivered in order (the stream shows ${contentOf(sent.flat()).join(' ')})`,
        `no section says how an artifact is stored: data and files may be sorted in the end (GetTask shows ${contentOf(stored).join(' ')})`,
      ],
      ...evidence,
    );
  }
  if (reordered) {
    const { artifactId, sent, stored = [] } = reordered;
    return violated(
      {
        reason: `the chunks of artifact ${artifactId} arrived in another order than they make up the artifact in`,
        expected: contentOf(stored).join(' '),
        actual: contentOf(sent.flat()).join(' '),
      },
      ...evidence,
    );
  }
  const different = several.find(({ result }) => result === 'different');
  if (different && !terminalItem(items)) {
    return untested('the stream ended before its task, so that chunks may have come later', hint, ...evidence);
  }
  if (different) {
    const { artifactId, sent, stored } = different;
    return ambiguous(
      `the chunks of artifact ${artifactId} do not make up the artifact of GetTask`,
      [
        `the stream lost or repeated a chunk (it shows ${contentOf(sent.flat()).join(' ')})`,
        `GetTask shows another content (${stored ? contentOf(stored).join(' ') : 'no such artifact'})`,
      ],
      ...evidence,
    );
  }
  return several.length > 0
    ? holds(`${several.length} artifact(s) of several chunks are as in GetTask`, ...evidence)
    : untested('no artifact came in several chunks', hint, ...evidence);
}
