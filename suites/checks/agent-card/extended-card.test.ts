import { describe, expect, test } from 'vitest';
import { errorOf, resultOf } from '../../testing/answers.ts';
import { goodCard } from '../../testing/card-answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { extendedCard, judgeCaching, judgeComplete } from './extended-card.ts';

describe('complete', () => {
  test.for<[string, unknown, string]>([
    ['a card like the public one', goodCard, 'holds'],
    ['unknown members', { ...goodCard, quotas: { perMinute: 5 } }, 'holds'],
    ['no skill', { ...goodCard, skills: [] }, 'ambiguous'],
    ['what is different alone', { name: 'Extended', skills: goodCard.skills }, 'violated'],
    ['nothing in it', {}, 'violated'],
    ['no object', 'card', 'violated'],
    ['null', null, 'violated'],
  ])('%s', ([, value, kind]) => {
    expect(judgeComplete(resultOf(value))).toMatchObject({ kind });
  });
});

describe('of a binary message, which has no presence for REQUIRED members with a default value', () => {
  const ref = { binding: 'GRPC', version: '1.0', url: 'http://127.0.0.1/' };
  const { description: _, ...undescribed } = goodCard;
  const { capabilities: __, ...incapable } = goodCard;
  const { defaultInputModes: ___, ...modeless } = goodCard;
  const flows = { clientCredentials: { tokenUrl: 'https://example.com/token' } };

  test.for<[string, object, string]>([
    ['an empty map of scopes', { ...goodCard, securitySchemes: { o: { oauth2SecurityScheme: { flows } } } }, 'holds'],
    ['an empty description', undescribed, 'ambiguous'],
    ['no modes', modeless, 'violated'],
    ['no capabilities, which are a message', incapable, 'violated'],
  ])('%s', ([, card, kind]) => {
    const { reply, exchange } = resultOf(card);
    expect(judgeComplete({ reply, exchange: { ...exchange, interface: ref } })).toMatchObject({ kind });
  });
});

test('any field that a cache goes by will do', () => {
  const answer = resultOf(goodCard);
  const withHeader = (name: string) => ({
    ...answer,
    exchange: { ...answer.exchange, response: { ...answer.exchange.response!, headers: [[name, 'x'] as const] } },
  });
  expect(judgeCaching(answer)).toMatchObject({ kind: 'violated' });
  expect(judgeCaching(withHeader('etag'))).toMatchObject({ kind: 'holds' });
  expect(judgeCaching(withHeader('CACHE-CONTROL'))).toMatchObject({ kind: 'holds' });
});

test.for([
  [errorOf('ExtendedAgentCardNotConfiguredError'), 'skip'],
  [errorOf('InternalError'), 'untested'],
] as const)('without a card nothing is judged of it', ([answer, kind]) => {
  const judged = extendedCard.judge({ answer, seen: null }, factsWith());
  expect(new Set(Object.values(judged).map((judgement) => judgement.kind))).toEqual(new Set([kind]));
});
