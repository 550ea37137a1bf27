import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated } from '../../../core/findings/judgement.ts';
import { describeItem } from '../../../core/history/stream-view.ts';
import { watch, type WatchedStream } from './watch.ts';

/** §3.1.2: a stream that answers with a Message. */
export const messageStream = defineCheck({
  id: 'streaming/message',
  title: 'The stream of a message that is answered with a Message',
  requirements: ['streaming/message-only'],
  needs: [needsCapability('streaming'), needsStimulus('replies-with-message')],

  async probe(context: ProbeContext): Promise<WatchedStream> {
    return watch(context, await context.sendStreaming('replies-with-message'));
  },

  judge({ exchange, items, end }) {
    return { 'streaming/message-only': judge() };

    function judge() {
      if (items[0]?.kind !== 'message') {
        return untested(
          `the stream began with ${items[0] ? describeItem(items[0]) : 'no event'}, not with a Message`,
          'name a stimulus "replies-with-message" that does so in streams too',
          exchange,
        );
      }
      if (items.length > 1) {
        return violated(
          {
            reason: 'the stream goes on after its Message',
            expected: 'exactly one Message',
            actual: items.map(describeItem).join(', '),
          },
          exchange,
        );
      }
      if (end === 'left-open') {
        return violated(
          {
            reason: 'the stream stays open after its Message',
            expected: 'exactly one Message, then the stream closes immediately',
            actual: 'still open after the time of grace',
          },
          exchange,
        );
      }
      return end === 'closed'
        ? holds('one Message, then the agent closed the stream', exchange)
        : untested(`how the stream ends was not seen (${end})`, 'run again; see --timeout', exchange);
    }
  },
});
