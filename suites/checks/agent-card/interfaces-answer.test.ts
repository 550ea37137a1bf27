import { describe, expect, test } from 'vitest';
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
  ['the end of the run', { calls: [noConnection('aborted'), noConnection('aborted')], card: card() }, 'untested'],
  ['an error of the server', { calls: [page(500), page(500)], card: card() }, 'ambiguous'],
  ['authentication', { calls: [page(401), page(401)], card: card() }, 'untested'],
  ['a gateway', { calls: [page(502), page(502)], card: card() }, 'untested'],
  ['too many requests', { calls: [page(429), page(429)], card: card() }, 'untested'],
  ['a dead agent', { calls: [noAnswer(), noAnswer()], card: card(refused) }, 'untested'],
])('%s: %s', ([, observation, kind]) => {
  expect(judgeAnswer(observation, { card: {}, cardUrl: 'http://127.0.0.1:1/.well-known/agent-card.json' }).kind).toBe(
    kind,
  );
});

test.for<[string, CallResult, readonly (readonly [string, string])[], string]>([
  ['a page, and no credentials', page(200), [], 'untested'],
  ['not found, and no credentials', page(404), [], 'untested'],
  ['a redirect to elsewhere, and no credentials', noConnection('redirect'), [], 'untested'],
  ['not found, with credentials', page(404), [['Authorization', 'Bearer a']], 'ambiguous'],
  ['nobody there', noConnection('refused'), [], 'violated'],
])('where the card demands credentials: %s', ([, { reply, exchange }, headers, kind]) => {
  const call = { reply, exchange: { ...exchange, request: { ...exchange.request, headers } } };
  const demanding = {
    securitySchemes: { a: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
    securityRequirements: [{ schemes: { a: {} } }],
  };
  const target = { card: demanding, cardUrl: 'http://127.0.0.1:1/.well-known/agent-card.json' };
  expect(judgeAnswer({ calls: [call, call], card: card() }, target)).toMatchObject({ kind });
});

describe('an interface behind https', () => {
  const url = 'https://127.0.0.1:7443/';
  const judge = (message: string, kind: WireFailure['kind'], cardUrl: string, declared = url) => {
    const call: CallResult = { ...noAnswer(), reply: { kind: 'none', failure: { kind, message } } };
    const exchange = { ...call.exchange, interface: { binding: 'GRPC', version: '1.0', url } };
    const calls = [call, call].map((one) => ({ ...one, exchange }));
    return judgeAnswer({ calls, card: card() }, { card: { supportedInterfaces: [{ url: declared }] }, cardUrl });
  };

  test.for<[string, string, WireFailure['kind'], string]>([
    ['an unknown authority', 'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)', 'tls', 'untested'],
    ['a certificate is demanded', 'tlsv13 alert certificate required', 'tls', 'untested'],
    ['another one is demanded', 'tlsv1 alert unknown ca', 'tls', 'untested'],
    ['no TLS', 'wrong version number (ERR_SSL_WRONG_VERSION_NUMBER)', 'tls', 'violated'],
    ['no h2', '(ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL)', 'tls', 'violated'],
    ['an old certificate', 'certificate has expired (CERT_HAS_EXPIRED)', 'tls', 'ambiguous'],
    ['another host', 'IP does not match (ERR_TLS_CERT_ALTNAME_INVALID)', 'tls', 'ambiguous'],
    ['cut', 'ECONNRESET', 'reset', 'ambiguous'],
    ['nobody there', 'ECONNREFUSED', 'refused', 'violated'],
  ])('%s: %s', ([, message, kind, judged]) => {
    expect(judge(message, kind, 'https://127.0.0.1:7000/card.json').kind).toBe(judged);
  });

  test('that the card names as a target of gRPC may be meant without TLS', () => {
    const judged = judge('wrong version number (ERR_SSL_WRONG_VERSION_NUMBER)', 'tls', url, 'agent.internal:7443');
    expect(judged.kind).toBe('ambiguous');
  });

  test('at the origin of the card it was let in to the card', () => {
    expect(judge('ECONNRESET', 'reset', `${url}card.json`).kind).toBe('violated');
  });
});
