import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import type { JsonObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { stateIn } from '../shared/task-parts.ts';
import { addUp, artifactsOf } from './artifact-sum.ts';
import type { WatchedStream } from './watch.ts';

/** A stream that was read to its end, and GetTask after it. */
export interface Told {
  readonly stream: WatchedStream;
  readonly final: CallResult;
}

const textOf = (parts: readonly JsonObject[]): string | undefined =>
  parts.every(({ text }) => typeof text === 'string') ? parts.map(({ text }) => text as string).join('') : undefined;

/** What a stream told of an artifact, against the same one in the end: their text where they are of text, or their id. */
interface Sum {
  readonly id: string;
  /** Undefined where the stream did not speak of it. */
  readonly told: string | undefined;
  readonly whole: string;
}

function sumsOf(items: readonly StreamItem[], task: unknown): readonly Sum[] {
  const told = new Map(addUp(items).map(({ artifactId, chunks }) => [artifactId, chunks.flat()]));
  return [...artifactsOf(task)].map(([id, parts]): Sum => {
    const whole = textOf(parts);
    const sum = told.get(id);
    if (sum === undefined) return { id, told: undefined, whole: whole ?? id };
    const text = textOf(sum);
    return whole === undefined || text === undefined ? { id, told: id, whole: id } : { id, told: text, whole };
  });
}

/** What is missing of it: all, or a piece while the rest is there in its order. */
function holeIn({ told, whole }: Sum): string | undefined {
  if (told === undefined) return whole;
  if (told.length >= whole.length) return undefined;
  let same = 0;
  while (same < told.length && told[same] === whole[same]) same += 1;
  const rest = told.length - same;
  return whole.endsWith(told.slice(same)) ? whole.slice(same, whole.length - rest) : undefined;
}

const valueOf = ({ reply }: CallResult): unknown => (reply.kind === 'result' ? reply.value : undefined);

const isComplete = ({ stream, final }: Told): boolean =>
  stream.items[0]?.kind === 'task' && terminalItem(stream.items) !== undefined && isTerminal(stateIn(final));

/** Whether a subscription that was open to the end lost an artifact, or a piece of one. */
export const looksTorn = (told: Told): boolean =>
  isComplete(told) && sumsOf(told.stream.items, valueOf(told.final)).some((sum) => holeIn(sum) !== undefined);

/**
 * §3.1.6: what the Task shows and what the updates tell make up the whole.
 * @param control the stream of the sender of a task of the same kind, where something is missing: there nothing may be
 */
export function judgeGap(told: Told, control: Told | undefined): Judgement {
  const { stream, final } = told;
  const evidence = [
    stream.exchange,
    final.exchange,
    ...(control ? [control.stream.exchange, control.final.exchange] : []),
  ];
  const hint = 'name a stimulus "long-running" whose artifact of text comes in several appended chunks';
  if (!isComplete(told))
    return untested('the subscription was not seen from its Task to the end of its task', hint, ...evidence);
  const sums = sumsOf(stream.items, valueOf(final));
  const torn = sums.find((sum) => holeIn(sum) !== undefined);
  if (torn === undefined) {
    const whole = sums.filter((sum) => sum.told === sum.whole);
    if (whole.length > 0) return holds(`${whole.length} artifact(s) are told as a whole`, ...evidence);
    return untested('the task had no artifact that could be compared', hint, ...evidence);
  }
  const others = control && isComplete(control) ? sumsOf(control.stream.items, valueOf(control.final)) : [];
  const reason = `neither the Task that began the subscription nor an update has of artifact ${torn.id}: "${holeIn(torn)}"`;
  if (others.length > 0 && others.every((sum) => sum.told === sum.whole)) {
    return violated(
      {
        reason: `${reason}; the stream of the sender of such a task told all`,
        expected: `"${torn.whole}", as GetTask shows in the end`,
        actual: torn.told === undefined ? 'nothing of it' : `"${torn.told}"`,
      },
      ...evidence,
    );
  }
  // Whether artifacts are told at all is for the agent to say (§3.1.2).
  if (torn.told === undefined)
    return untested(`${reason}, and other streams do not tell all either`, hint, ...evidence);
  return ambiguous(
    reason,
    [
      '§3.1.6: the Task at the time of the subscription prevents a loss of information',
      '§3.1.2: which updates a stream carries is the choice of the agent, whose other streams do not make up an artifact either',
    ],
    ...evidence,
  );
}
