import { Unelicited } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { describeItem, terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import { isObject } from '../../../core/invariants/json.ts';
import { isOlder, isSameMoment } from '../../../core/history/status-age.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';
import { otherCause } from '../shared/refusal.ts';
import { stateIn } from '../shared/task-parts.ts';
import { addUp, artifactsOf, contentOf } from './artifact-sum.ts';
import type { Told } from './gap.ts';
import type { WatchedStream } from './watch.ts';

/** A subscription with what GetTask showed around it. */
export interface Subscription {
  readonly stream: WatchedStream;
  /** GetTask before the subscription, and after its first event. */
  readonly before: CallResult;
  readonly after: CallResult;
  /** GetTask right after the stream was over, where nobody continued the task meanwhile. */
  readonly left?: CallResult | undefined;
  /** GetTask once the stream was left, at the end of the task if that was seen. */
  readonly final: CallResult;
  /** The sender's stream of a task of the same kind; made only where the subscription showed nothing. */
  readonly control?: WatchedStream | undefined;
  /** The same to its end, where the subscription lacks a piece of an artifact. */
  readonly whole?: Told | undefined;
}

/** How often a subscription is made in all that was closed, in good order, before it showed anything. */
const mostTries = 4;

/**
 * Subscribes once more where a subscription was not opened, or was closed by somebody before it showed anything: that may be
 * an accident of the way, which hardly comes twice. One that somebody on the way closes at once may come to several in a row. The
 * last one counts.
 */
export async function withSecondTry(subscribe: () => Promise<Subscription>): Promise<Subscription> {
  let last = await subscribe();
  for (let tries = 1; tries < mostTries; tries += 1) {
    const { items, end, refusal } = last.stream;
    const isEmpty = items.length === 0 && refusal === undefined && end === 'closed';
    const isDoubtful = items.length === 0 || (items.length === 1 && !items[0]?.terminal && end === 'closed');
    if (!isEmpty && !(isDoubtful && tries === 1)) return last;
    try {
      last = await subscribe();
    } catch (error) {
      if (error instanceof Unelicited) return last;
      throw error;
    }
  }
  return last;
}

const hint = 'name a stimulus whose task runs for a while: "long-running"';

const refusalText = ({ refusal, items }: WatchedStream): string | undefined =>
  refusal ? describeReply(refusal) : items.length === 0 ? 'no event' : undefined;

/** §3.1.6: any task that is not in a terminal state. */
export function judgeEstablished({ stream, before, after }: Subscription): Judgement {
  const evidence = [stream.exchange, before.exchange, after.exchange];
  const { refusal, items, end } = stream;
  if (refusal === undefined && items.length > 0) return holds('the subscription was opened', stream.exchange);
  const states = [stateIn(before), stateIn(after)];
  if (states.some((state) => state === undefined || isTerminal(state))) {
    return untested('the task was over, or not to be read, when it was subscribed to', hint, ...evidence);
  }
  const empty = refusal === undefined && end === 'closed';
  const cause = refusal && otherCause({ exchange: stream.exchange, reply: refusal });
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', ...evidence);
  const refused =
    refusal?.kind === 'error' ? refusal.error.name !== undefined : refusal !== undefined && refusal.kind !== 'none';
  if (!empty && !refused) return untested(refusalText(stream) ?? 'no event', 'run again; see --timeout', ...evidence);
  if (refusal?.kind === 'error' && refusal.error.name === 'InternalError') {
    return ambiguous(
      `a task in ${states[1]} cannot be subscribed to: ${describeReply(refusal)}`,
      ['§3.1.6: any task that is not terminal can be subscribed to', '§3.3.2: a failure of the system, which may pass'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: `a task in ${states[1]} cannot be subscribed to`,
      expected: 'a stream that begins with the Task',
      actual: empty ? 'a stream without any event' : (refusalText(stream) ?? ''),
    },
    ...evidence,
  );
}

/** The snapshot against GetTask before and after: only a task that did not change in between can convict it. */
export function judgeCurrent({ stream, before, after }: Subscription): Judgement {
  const evidence = [stream.exchange, before.exchange, after.exchange];
  const [first] = stream.items;
  if (first?.kind !== 'task') {
    return untested(`the subscription began with ${refusalText(stream) ?? describeItem(first!)}`, hint, ...evidence);
  }
  const states = [stateIn(before), stateIn(after)];
  if (first.state === undefined || states.includes(undefined)) {
    return untested('a state is missing, in the snapshot or in GetTask', hint, ...evidence);
  }
  const missing = bothHold(before, after).filter((id) => !artifactsOf(first.raw).has(id));
  if (!states.includes(first.state) && sameStatus(before, after)) {
    const lags = isOlder(valueIn(after), first.raw);
    const mayLag = stateIn(after) === 'TASK_STATE_SUBMITTED' && !isOlder(first.raw, valueIn(after));
    if (lags || mayLag) {
      return untested('GetTask lags behind the snapshot, and proves nothing', 'run again', ...evidence);
    }
    return violated(
      {
        reason: 'the snapshot does not show the current state',
        expected: `${states[0]}, as GetTask says before and after`,
        actual: first.state,
      },
      ...evidence,
    );
  }
  const told = new Set(addUp(stream.items).map(({ artifactId }) => artifactId));
  if (missing.length > 0 && missing.every((id) => told.has(id)) && !stream.items.some(appendsFirst(missing))) {
    return ambiguous(
      `the snapshot lacks artifacts ${missing.join(', ')}, which updates tell afterwards`,
      [
        '§3.1.6: the Task represents the current state of the task, to which its artifacts belong',
        'what the updates tell is not lost, which is what §3.1.6 wants the Task for',
      ],
      ...evidence,
    );
  }
  if (missing.length > 0) {
    return violated(
      {
        reason: 'the snapshot lacks artifacts that the task has',
        expected: `artifacts ${missing.join(', ')}, as GetTask says before and after`,
        actual: 'not in the snapshot',
      },
      ...evidence,
    );
  }
  return states.includes(first.state)
    ? holds(`the snapshot shows ${first.state}, as GetTask does`, ...evidence)
    : untested('the task changed while it was subscribed to', hint, ...evidence);
}

/** Whether an item appends to one of the artifacts, of which the stream has shown no beginning. */
const appendsFirst =
  (ids: readonly string[]) =>
  ({ kind, raw }: StreamItem): boolean =>
    kind === 'artifact' &&
    raw['append'] === true &&
    isObject(raw['artifact']) &&
    ids.includes(String(raw['artifact']['artifactId']));

const valueIn = ({ reply }: CallResult): unknown => (reply.kind === 'result' ? reply.value : undefined);

const bothHold = (before: CallResult, after: CallResult): string[] => {
  const later = artifactsOf(valueIn(after));
  return [...artifactsOf(valueIn(before)).keys()].filter((id) => later.has(id));
};

function sameStatus(before: CallResult, after: CallResult): boolean {
  const status = (result: CallResult): string => {
    const value = valueIn(result);
    return JSON.stringify(isObject(value) ? value['status'] : undefined);
  };
  return status(before) === status(after);
}

const isUpdate = ({ kind }: StreamItem): boolean => kind === 'status' || kind === 'artifact';

/** Whether two views of a task differ in nothing that an update would tell. */
function looksAlike(task: unknown, other: unknown): boolean {
  const told = (view: unknown): string =>
    JSON.stringify([...artifactsOf(view)].map(([id, parts]) => [id, contentOf(parts)]));
  return isSameMoment(task, other) && told(task) === told(other);
}

/** Something that changed the task must show on the stream: at the very least the end. */
export function judgeFollows({ stream, left, final, control }: Subscription): Judgement {
  const { items, exchange, end } = stream;
  const evidence = [exchange, final.exchange];
  const [first] = items;
  if (first?.kind !== 'task') {
    return untested(`the subscription began with ${refusalText(stream) ?? describeItem(first!)}`, hint, ...evidence);
  }
  const updates = items.filter(isUpdate);
  if (updates.length > 0) return holds(`${updates.length} updates after the snapshot`, exchange);
  const now = stateIn(final);
  if (now === undefined || now === first.state || !isTerminal(now) || terminalItem(items)) {
    return untested('the task did not change while it was subscribed to', hint, ...evidence);
  }
  // Only the end of the task MUST close a stream, and nothing forbids to do so earlier.
  if (end === 'closed' && left !== undefined && !isTerminal(stateIn(left)) && looksAlike(first.raw, valueIn(left))) {
    return untested('the stream was closed before anything happened to the task', hint, ...evidence, left.exchange);
  }
  // Whether what happened meanwhile did so before the agent closed the stream, or after that, GetTask does not tell.
  if (end === 'closed' && left !== undefined && stateIn(left) !== undefined && !isTerminal(stateIn(left))) {
    return ambiguous(
      `the agent closed the subscription after the Task in ${first.state}, and the task went on`,
      [
        '§3.1.6: a subscription is there to receive updates, up to the terminal state',
        '§3.5.2 speaks of active streams: only the end of the task MUST close one, and nothing forbids to do so earlier',
      ],
      ...evidence,
      left.exchange,
    );
  }
  // Closed before the message that continued the task had an effect: that may have been for the interrupted state.
  const resumedAt = control?.items.find(isUpdate)?.at ?? control?.items[0]?.at ?? Infinity;
  if (end === 'closed' && isInterrupted(first.state) && exchange.endedAt < resumedAt) {
    return untested(`the agent closed the stream in ${first.state}, which §11.7 knows`, hint, ...evidence);
  }
  if (end !== 'closed' && end !== 'left-open')
    return untested(`the stream ended otherwise (${end})`, hint, ...evidence);
  const actual = `only the Task in ${first.state}; the stream was ${end === 'closed' ? 'closed by the agent' : 'left open'}`;
  if (control?.items.some(isUpdate)) {
    return violated(
      {
        reason: 'a subscription shows nothing of what happens to its task; the stream of the sender does',
        expected: `updates up to ${now}, which GetTask shows`,
        actual,
      },
      ...evidence,
      control.exchange,
    );
  }
  return ambiguous(
    `the subscription shows no update, and GetTask shows ${now}: ${actual}`,
    [
      '§3.5.2: events are broadcast to all active streams',
      '§3.1.2: which updates a stream carries is the choice of the agent, whose other streams show none either',
    ],
    ...evidence,
  );
}
