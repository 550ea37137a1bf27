import { excerpt } from '../../protocol/schemas/problem.ts';
import type { Exchange } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { isEventStream, isStream, mediaType } from '../wire/http/event-stream.ts';
import { answeredExchanges, isEnvelope, rpcAnswers, type RpcAnswer } from '../wire/jsonrpc/rpc-answers.ts';
import { judgeInstances, judgeStreamed, type Defect, type Instance } from './tally.ts';

const hint = 'the interface answered nothing over JSON-RPC; see --timeout and --header';
const streamHint = 'no stream was opened: the card declares no streaming, or no stimulus was found';

const statusAndType = (exchange: Exchange): string =>
  `HTTP ${exchange.response?.status}, Content-Type ${mediaType(exchange) ?? 'absent'}`;

const instance = (exchange: Exchange, defect: Defect | undefined): Instance => ({ exchanges: [exchange], defect });

function wrongStream(exchange: Exchange): Defect | undefined {
  if (isEventStream(exchange) && exchange.response?.status === 200) return undefined;
  return { expected: 'HTTP 200, Content-Type text/event-stream', actual: statusAndType(exchange) };
}

/** Named events are not delivered to a plain `message` listener, and §9.4.2 shows none: what they carry is not ruled. */
const namedEvent: Defect['readings'] = [
  '§9.4.2: every event carries a JSON-RPC response',
  'SSE: an event of another name is not a message of the stream, such as a keep-alive',
];

function wrongEvent(answer: RpcAnswer): Defect | undefined {
  if (isEnvelope(answer)) return undefined;
  const actual = `event ${answer.index}: ${excerpt(answer.json ?? answer.text)}`;
  const expected = 'a JSON-RPC response object';
  return answer.event === undefined ? { expected, actual } : { expected, actual, readings: namedEvent };
}

export const jsonRpcTransport = defineInvariant({
  id: 'invariants/json-rpc-transport',
  title: 'JSON-RPC answers come as application/json or text/event-stream',
  provenance: { kind: 'spec' },
  requirements: ['envelope/content-type', 'envelope/stream-content-type', 'envelope/stream-events'],
  judge(history, { target }) {
    const answers = rpcAnswers(history);
    const exchanges = answeredExchanges(history, answers);
    const streams = exchanges.filter(isStream);
    // What is no response object at all is one defect, of `envelope/response-object`, whatever type it claims.
    const objects = new Set(answers.filter(isEnvelope).map(({ exchange }) => exchange));
    const plain = exchanges.filter(
      (exchange) => !isStream(exchange) && (isEventStream(exchange) || objects.has(exchange)),
    );
    return {
      'envelope/content-type': judgeInstances(
        plain.map((exchange) =>
          instance(
            exchange,
            mediaType(exchange) === 'application/json'
              ? undefined
              : { expected: 'Content-Type application/json', actual: statusAndType(exchange) },
          ),
        ),
        { counted: 'plain answers', wrong: 'have another Content-Type than application/json', hint },
      ),
      'envelope/stream-content-type': judgeStreamed(
        streams.map((exchange) => instance(exchange, wrongStream(exchange))),
        { counted: 'streams', wrong: 'have another status than 200 or another type', hint: streamHint },
        target,
      ),
      'envelope/stream-events': judgeStreamed(
        answers
          .filter(({ source }) => source === 'event')
          .map((answer) => instance(answer.exchange, wrongEvent(answer))),
        { counted: 'stream events', wrong: 'are no response objects', right: 'a response object', hint: streamHint },
        target,
      ),
    };
  },
});
