import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { terminalItem } from '../../../core/history/stream-view.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, otherCause } from '../shared/refusal.ts';
import { judgeCloses, judgeEndDelivered } from './closing.ts';
import { judgeFeedback, measureLag, type Feedback } from './feedback.ts';
import { cancelUnended, watch, type WatchedStream } from './watch.ts';

interface Observation extends Feedback {
  /** The same with `returnImmediately`; the second one, where the first showed no end although that without it did. */
  readonly immediate: WatchedStream;
  /** As `lagMs`, while that was read. */
  readonly secondLagMs: number;
  /** The same message by SendMessage, where a stream was refused. */
  readonly served: CallResult | undefined;
}

/** §3.1.2, §3.2.2: a message that completes, sent as a stream. */
export const lifecycle = defineCheck({
  id: 'streaming/lifecycle',
  title: 'The stream of a message that completes, from its start to its end',
  requirements: [
    'streaming/established',
    'streaming/closes-at-terminal',
    'streaming/end-delivered',
    'streaming/immediate-feedback',
    'streaming/return-immediately',
  ],
  needs: [needsCapability('streaming'), needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const lag = measureLag();
    const stream = await watch(context, await context.sendStreaming('completes'));
    const lagMs = lag();
    const secondLag = measureLag();
    const immediately = async (): Promise<WatchedStream> => {
      const configuration = { returnImmediately: true };
      return watch(context, await context.sendStreaming('completes', { configuration }));
    };
    const first = await immediately();
    // A stream may be cut by accident, but hardly twice.
    const isShort = terminalItem(first.items) === undefined && terminalItem(stream.items) !== undefined;
    const immediate = isShort ? await immediately() : first;
    const secondLagMs = secondLag();
    const served = stream.items.length === 0 || stream.refusal ? await context.send('completes') : undefined;
    await cancelTaskIn(context, served);
    for (const each of new Set([stream, first, immediate])) await cancelUnended(context, each);
    return { stream, lagMs, immediate, secondLagMs, served };
  },

  judge({ stream, lagMs, immediate, secondLagMs, served }) {
    return {
      'streaming/established': judgeEstablished(stream, immediate, served),
      'streaming/closes-at-terminal': judgeCloses(stream),
      'streaming/end-delivered': judgeEndDelivered(stream),
      'streaming/immediate-feedback': judgeFeedback({ stream, lagMs }, { stream: immediate, lagMs: secondLagMs }),
      'streaming/return-immediately': judgeImmediate(immediate, stream),
    };
  },
});

function judgeEstablished(
  { exchange, items, refusal, end }: WatchedStream,
  second: WatchedStream,
  served: CallResult | undefined,
): Judgement {
  if (items.length > 0 && refusal === undefined) return holds(`a stream of ${items.length} events`, exchange);
  const answer: CallResult = {
    exchange,
    reply: refusal ?? {
      kind: 'none',
      failure: exchange.failure ?? { kind: 'other', message: 'a stream without events' },
    },
  };
  const evidence = [exchange, ...(served ? [served.exchange] : [])];
  const proof = control('the same message by SendMessage', ...(served ? [served] : []));
  if (!proof.ok) return untested(`the control failed: ${proof.what}`, 'see the exchange of the control', ...evidence);
  const empty = refusal === undefined && end === 'closed';
  const cause = empty ? undefined : otherCause(answer);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', ...evidence);
  if (second.items.length > 0 && second.refusal === undefined) {
    return untested('another stream was opened: this one failed for a passing reason', 'run again', ...evidence);
  }
  return violated(
    {
      reason: empty
        ? 'the stream was closed without any event'
        : 'SendStreamingMessage opens no stream, though the card declares streaming',
      expected: 'a stream that begins with a Task or a Message',
      actual: empty ? 'an empty stream' : describeReply(answer.reply),
    },
    ...evidence,
  );
}

const lasted = ({ exchange }: WatchedStream): number => exchange.endedAt - exchange.startedAt;

/** Without the flag the stream showed the end of the task; with it, it has to do the same. */
function judgeImmediate(immediate: WatchedStream, plain: WatchedStream): Judgement {
  const { exchange, items, refusal, end, due } = immediate;
  const evidence = [exchange, plain.exchange];
  if (items[0]?.kind === 'message' && refusal === undefined) {
    return untested('the agent answered with a Message', 'name a stimulus "completes" that makes a task', ...evidence);
  }
  if (terminalItem(items)) return holds('with returnImmediately the stream shows the end of the task', exchange);
  if (terminalItem(plain.items) === undefined) {
    return untested(
      'without returnImmediately the stream showed no end either',
      'see streaming/end-delivered',
      ...evidence,
    );
  }
  if (items.at(-1)?.kind === 'error') {
    return untested('the stream was broken off with an error', 'run again; see the exchange', ...evidence);
  }
  // Work takes as long as it takes: a stream that lasted longer than the other one may have been cut for its age.
  if (end === 'closed' && lasted(immediate) >= lasted(plain)) {
    return untested('the stream was closed, but later than the one without the flag', 'run again', ...evidence);
  }
  const cut = end === 'closed' && items.length > 0;
  if (!cut && due !== 'GetTask') {
    return untested(
      refusal ? describeReply(refusal) : 'the stream showed no end in time',
      'run again; see --timeout',
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'with returnImmediately the stream does not follow the task to its end',
      expected: 'the flag has no effect: the terminal state is shown, as without it',
      actual: cut
        ? `closed after ${items.length} events without the terminal state`
        : 'silent, while GetTask shows the end',
    },
    ...evidence,
  );
}
