import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { untested, type Judgement } from '../../../core/findings/judgement.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { judgeEndDelivered } from './closing.ts';
import { cancelUnended, watch, type WatchedStream } from './watch.ts';

/** Larger than what readers and writers of lines hold where nobody thought of it: 64 KiB. */
const metadataLength = 100_000;
const largeLength = 65_536;

/**
 * The Task that begins a stream has the message of the client in its history: what that carries is in an event. Metadata, since a
 * text of such a length would be work. That every event is whole is for the rows of the bindings.
 */
export const largeEvent = defineCheck({
  id: 'streaming/large-event',
  title: 'A stream with an event of 100 KB',
  requirements: ['streaming/end-delivered'],
  needs: [needsCapability('streaming'), needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<WatchedStream> {
    const metadata = { 'a2a-gauntlet': 'large '.repeat(metadataLength / 6) };
    const stream = await watch(context, await context.sendStreaming('completes', { message: { metadata } }));
    await cancelUnended(context, stream);
    return stream;
  },

  judge: (stream) => ({ 'streaming/end-delivered': judgeLarge(stream) }),
});

function judgeLarge(stream: WatchedStream): Judgement {
  const { exchange, refusal } = stream;
  const hint = 'nothing to enable where the agent limits messages, or keeps no history or metadata of them';
  if (refusal !== undefined)
    return untested(`a message with 100 KB of metadata: ${describeReply(refusal)}`, hint, exchange);
  const isLarge = exchange.events.some(({ data }) => data.length >= largeLength);
  return isLarge ? judgeEndDelivered(stream) : untested('no event was large', hint, exchange);
}
