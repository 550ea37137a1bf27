import { expect, test } from 'vitest';
import { cardExchange, type CardAnswerOptions } from '../../testing/card-answers.ts';
import { judgeAvailable } from './available.ts';
import { readCardAnswer } from './fetch-card.ts';

test.for<[string, readonly CardAnswerOptions[], string]>([
  ['a card, twice', [{}, {}], 'holds'],
  [
    'a card with another content type',
    [{ headers: [['Content-Type', 'application/a2a+json; charset=utf-8']] }, {}],
    'holds',
  ],
  ['a card as text', [{ headers: [['Content-Type', 'text/plain']] }, {}], 'holds'],
  ['a card behind a byte order mark', [{ body: '\uFEFF{}' }, {}], 'holds'],
  ['another card each time', [{ body: '{"name":"a"}' }, { body: '{"name":"b"}' }], 'holds'],
  ['status 203', [{ status: 203 }, {}], 'holds'],
  ['gone once', [{}, { status: 404 }, {}], 'ambiguous'],
  ['gone for good', [{ status: 404 }, { status: 404 }, { status: 404 }], 'violated'],
  ['gone after overload', [{ status: 503 }, { status: 404 }, { status: 404 }], 'violated'],
  ['an error of the server', [{ status: 500 }, {}], 'untested'],
  ['a page', [{ body: '<!doctype html>' }, { body: '<!doctype html>' }], 'violated'],
  ['nothing', [{ body: '' }, { body: '' }], 'violated'],
  ['a list', [{ body: '[]' }, { body: '[]' }], 'violated'],
  ['null', [{ body: 'null' }, { body: 'null' }], 'violated'],
  ['Latin-1', [{ validUtf8: false }, { validUtf8: false }], 'violated'],
  ['too many requests', [{}, { status: 429 }], 'untested'],
  ['overload', [{}, { status: 503 }], 'untested'],
  ['no credentials', [{ status: 401 }, { status: 401 }], 'untested'],
  ['no connection', [{}, { failure: { kind: 'refused', message: 'nothing accepts connections there' } }], 'untested'],
  ['silence', [{}, { failure: { kind: 'timeout', message: 'no answer within 10000 ms' } }], 'untested'],
  ['overload, then gone', [{ status: 503 }, { status: 404 }], 'untested'],
])('%s: %s', ([, answers, kind]) => {
  const fetches = answers.map((answer) => {
    const exchange = cardExchange(answer);
    return { exchange, ...readCardAnswer(exchange) };
  });
  expect(judgeAvailable(fetches)).toMatchObject({ kind, evidence: fetches.map(() => ({})) });
});
