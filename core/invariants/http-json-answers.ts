import type { PatchRelease } from '../../protocol/errors.ts';
import { excerpt } from '../../protocol/schemas/problem.ts';
import type { Exchange, History } from '../history/exchange.ts';
import type { Answer } from '../wire/codec.ts';
import { eventsOf, isEventStream, isStream, mediaType, operationOf } from '../wire/http/event-stream.ts';
import { httpJsonCodec } from '../wire/http-json/codec.ts';
import { isPayload } from '../wire/http-json/decode.ts';
import { readErrorBody } from '../wire/http-json/error-body.ts';
import { defineInvariant } from './invariant.ts';
import { parseJson } from './json.ts';
import { mayBeStranger } from './strangers.ts';
import {
  judgeInstances,
  judgeStreamed,
  mediaTypeReadings,
  unlessAllowed,
  type Defect,
  type Instance,
} from './tally.ts';

const hint = 'the interface answered nothing over HTTP+JSON; see --timeout and --header';
const streamHint = 'no stream was opened: the card declares no streaming, or no stimulus was found';

const instance = (exchange: Exchange, defect: Defect | undefined): Instance => ({ exchanges: [exchange], defect });

/** Plain answers of a success, to what was meant for an operation. */
const successes = ({ exchanges }: History): readonly Answer[] =>
  exchanges
    .flatMap((exchange) => httpJsonCodec.answers(exchange))
    .filter(({ source, exchange }) => source === 'body' && operationOf(exchange) !== undefined)
    .filter(({ exchange: { response } }) => response !== null && response.status < 300)
    // A page to which a redirect led is no answer of the interface.
    .filter(({ said, exchange }) => said.kind !== 'other' || httpJsonCodec.askedFor(exchange) !== undefined);

/** An error under a success is judged by `errors/code-mapping` and `http-json/error-code`. */
function notResult({ said, exchange: { response } }: Answer): Defect | undefined {
  if (said.kind !== 'other') return undefined;
  return { expected: 'a JSON object', actual: excerpt(parseJson(response!.body) ?? response!.body) };
}

function otherType({ exchange }: Answer, patch: PatchRelease | undefined): Defect | undefined {
  const type = mediaType(exchange);
  if (type === 'application/a2a+json') return undefined;
  const defect = { expected: 'Content-Type application/a2a+json', actual: `Content-Type ${type ?? 'absent'}` };
  return type === 'application/json'
    ? unlessAllowed('1.0.0', patch, { ...defect, readings: mediaTypeReadings })
    : defect;
}

function wrongStream(exchange: Exchange): Defect | undefined {
  if (isEventStream(exchange) && exchange.response?.status === 200) return undefined;
  return {
    expected: 'HTTP 200, Content-Type text/event-stream',
    actual: `HTTP ${exchange.response?.status}, Content-Type ${mediaType(exchange) ?? 'absent'}`,
  };
}

/** An envelope, or anything else without one of the four payloads, is no StreamResponse; which payload is right is for others. */
function wrongEvents(exchange: Exchange): Instance[] {
  return eventsOf(exchange)
    .filter((event) => httpJsonCodec.speaks(event))
    .map(({ data }, index) => {
      const json = parseJson(data);
      const isError = readErrorBody(json, undefined)?.form === 'status';
      const actual = `event ${index}: ${excerpt(json ?? data)}`;
      return instance(
        exchange,
        isError || isPayload(json) ? undefined : { expected: 'a StreamResponse object', actual },
      );
    });
}

/** Streams of this binding, whatever their Content-Type says. */
const streams = ({ exchanges }: History): readonly Exchange[] =>
  exchanges.filter((exchange) => exchange.interface?.binding === 'HTTP+JSON' && isStream(exchange));

/** §11.1, §11.4, §11.7: how successes are answered. */
export const httpJsonAnswers = defineInvariant({
  id: 'invariants/http-json-answers',
  title: 'Answers over HTTP+JSON are JSON objects without an envelope, streams events of them',
  provenance: { kind: 'spec' },
  requirements: [
    'http-json/result-object',
    'http-json/content-type',
    'http-json/stream-content-type',
    'http-json/stream-events',
  ],
  judge(history, { target, specPatch }) {
    const all = successes(history);
    const isKnown = all.some(({ said }) => said.kind === 'result');
    const isStranger = mayBeStranger(history, target, isKnown);
    const answers = all.filter(
      ({ said, exchange }) =>
        said.kind !== 'other' || parseJson(exchange.response!.body) !== undefined || !isStranger(exchange),
    );
    const opened = streams(history);
    return {
      'http-json/result-object': judgeInstances(
        answers.map((answer) => instance(answer.exchange, notResult(answer))),
        { counted: 'successes', wrong: 'are no message of the proto', right: 'a JSON object', hint },
      ),
      'http-json/content-type': judgeInstances(
        // What is no JSON is one defect, whatever type it claims.
        answers
          .filter(({ said, exchange }) => said.kind === 'result' && exchange.response!.body !== '')
          .map((answer) => instance(answer.exchange, otherType(answer, specPatch))),
        { counted: 'successes', wrong: 'have another Content-Type than application/a2a+json', hint },
      ),
      'http-json/stream-content-type': judgeStreamed(
        opened.map((exchange) => instance(exchange, wrongStream(exchange))),
        { counted: 'streams', wrong: 'have another status than 200 or another type', hint: streamHint },
        target,
      ),
      'http-json/stream-events': judgeStreamed(
        opened.flatMap(wrongEvents),
        { counted: 'stream events', wrong: 'are no StreamResponse', right: 'a StreamResponse', hint: streamHint },
        target,
      ),
    };
  },
});
