import { expect, test } from 'vitest';
import type { WireFailure } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { cardExchange, type CardAnswerOptions } from '../../testing/card-answers.ts';
import { readCardAnswer, type CardFetch } from './fetch-card.ts';
import { judgeAnswer } from './interfaces-answer.ts';

const card = (options: CardAnswerOptions = {}): CardFetch => {
  const exchange = cardExchange(options);
  return { exchange, ...readCardAnswer(exchange) };
};
const page = (status: number): CallResult => {
  const { exchange } = resultOf(null);
  return {
    exchange: { ...exchange, response: { ...exchange.response!, status } },
    reply: { kind: 'malformed', why: 'no JSON', status },
  };
};
const noConnection = (kind: WireFailure['kind']): CallResult => ({
  ...noAnswer(),
  reply: { kind: 'none', failure: { kind, message: 'no connection' } },
});
const refused: CardAnswerOptions = { failure: { kind: 'refused', message: 'nothing accepts connections there' } };

test.for<[string, Parameters<typeof judgeAnswer>[0], string]>([
  ['the right error', { calls: [errorOf('TaskNotFoundError')] }, 'holds'],
  ['another error', { calls: [errorOf('InternalError')] }, 'holds'],
  ['even a result', { calls: [resultOf({})] }, 'holds'],
  ['an error the second time', { calls: [page(404), errorOf('TaskNotFoundError')], card: card() }, 'holds'],
  ['an error after silence', { calls: [noAnswer(), errorOf('TaskNotFoundError')], card: card() }, 'holds'],
  ['not found', { calls: [page(404), page(404)], card: card() }, 'violated'],
  ['method not allowed', { calls: [page(405), page(405)], card: card() }, 'violated'],
  ['a page', { calls: [page(200), page(200)], card: card() }, 'violated'],
  ['silence, while the card is served', { calls: [noAnswer(), noAnswer()], card: card() }, 'ambiguous'],
  [
    'nobody there, while the card is served',
    { calls: [noConnection('refused'), noConnection('refused')], card: card() },
    'violated',
  ],
  ['an unknown host', { calls: [noConnection('dns'), noConnection('dns')], card: card() }, 'ambiguous'],
  ['an unknown authority', { calls: [noConnection('tls'), noConnection('tls')], card: card() }, 'untested'],
  ['the end of the run', { calls: [noConnection('aborted'), noConnection('aborted')], card: card() }, 'untested'],
  ['an error of the server', { calls: [page(500), page(500)], card: card() }, 'ambiguous'],
  ['authentication', { calls: [page(401), page(401)], card: card() }, 'untested'],
  ['a gateway', { calls: [page(502), page(502)], card: card() }, 'untested'],
  ['too many requests', { calls: [page(429), page(429)], card: card() }, 'untested'],
  ['a dead agent', { calls: [noAnswer(), noAnswer()], card: card(refused) }, 'untested'],
])('%s: %s', ([, observation, kind]) => {
  expect(judgeAnswer(observation).kind).toBe(kind);
});
