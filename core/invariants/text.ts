import type { Exchange } from '../history/exchange.ts';
import { codecOf } from '../wire/codecs.ts';
import { isEventStream, isPlainCoding } from '../wire/http/event-stream.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances, type Defect } from './tally.ts';

/** What a binding has rules for: its answers, and event streams where none was asked for. */
const isAnswer = (exchange: Exchange): boolean => {
  const codec = codecOf(exchange);
  if (codec === undefined || exchange.intent.kind === 'fetch') return false;
  return codec.answers(exchange).length > 0 || (isPlainCoding(exchange) && isEventStream(exchange));
};

function wrongText({ response, events }: Exchange): Defect | undefined {
  if (response?.validUtf8 === false) return { expected: 'valid UTF-8', actual: 'bytes that are not valid UTF-8' };
  // An event stream may begin with a byte order mark; JSON text must not (RFC 8259 §8.1).
  if (events.length === 0 && response?.body.startsWith('\uFEFF{'))
    return { expected: 'JSON text without a byte order mark', actual: 'a byte order mark before the JSON text' };
  return undefined;
}

/** RFC 8259 §8.1, on every binding that sends JSON text. */
export const text = defineInvariant({
  id: 'invariants/text',
  title: 'JSON text is sent as UTF-8',
  provenance: { kind: 'spec' },
  requirements: ['envelope/utf-8'],
  judge: ({ exchanges }) => ({
    'envelope/utf-8': judgeInstances(
      exchanges.filter(isAnswer).map((exchange) => ({ exchanges: [exchange], defect: wrongText(exchange) })),
      {
        counted: 'answers',
        wrong: 'are not valid UTF-8',
        right: 'valid UTF-8',
        hint: 'the interface answered nothing in the terms of its binding; see --timeout and --header',
      },
    ),
  }),
});
