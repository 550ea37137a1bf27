import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { describeItem, terminalItem } from '../../../core/history/stream-view.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { WatchedStream } from './watch.ts';

const hint = 'name a stimulus that ends in time, or raise --timeout';

/** The stream closes at the end of its task, or after its one Message. */
export function judgeCloses(stream: WatchedStream): Judgement {
  const { exchange, items, refusal, end, due, got } = stream;
  const evidence = [exchange, ...(got ? [got.exchange] : [])];
  if (refusal !== undefined || items.length === 0) {
    return untested(`there was no stream: ${refusal ? describeReply(refusal) : 'no event'}`, hint, ...evidence);
  }
  if (items[0]!.kind === 'message') {
    return untested('the agent answered with a Message', 'name a stimulus that makes a task', ...evidence);
  }
  if (end === 'closed' && due !== undefined) return holds(`closed by the agent after the ${due}`, ...evidence);
  if (end === 'left-open') {
    return violated(
      {
        reason: 'the task is over and the stream stays open',
        expected: 'the stream closes when the task reaches a terminal state',
        actual: `still open after the time of grace; the end was known by the ${due}`,
      },
      ...evidence,
    );
  }
  return untested(`the end of the task was not seen (stream ${end})`, hint, ...evidence);
}

/** A stream that was open when the task ended shows the terminal state. */
export function judgeEndDelivered(stream: WatchedStream): Judgement {
  const { exchange, items, refusal, end, got } = stream;
  const evidence = [exchange, ...(got ? [got.exchange] : [])];
  if (refusal !== undefined || items.length === 0 || items[0]!.kind === 'message') {
    return untested('there was no stream of a task', hint, ...evidence);
  }
  const shown = terminalItem(items);
  if (shown) return holds(`the end was shown: ${describeItem(shown)}`, exchange);
  if (end === 'closed' || got !== undefined) {
    return ambiguous(
      end === 'closed'
        ? 'the agent closed the stream without the terminal state of the task'
        : 'GetTask shows the end of the task, the open stream does not',
      [
        '§3.5.2: events are broadcast to all active streams, so that the last one shows the end',
        '§3.1.2: which updates a stream carries is the choice of the agent',
      ],
      ...evidence,
    );
  }
  return untested(`the end of the task was not seen (stream ${end})`, hint, ...evidence);
}
