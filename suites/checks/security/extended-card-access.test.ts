import { expect, test } from 'vitest';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { extendedCardAccess } from './extended-card-access.ts';

type Observation = Parameters<typeof extendedCardAccess.judge>[0];

const card = resultOf({ name: 'Agent' });
const status = (code: number) => ({
  exchange: { ...card.exchange, response: { ...card.exchange.response!, status: code } },
  reply: { kind: 'malformed', why: 'no JSON', status: code } as const,
});

test.for<[string, Observation, string]>([
  ['refused to strangers', { known: card, unknown: status(401) }, 'holds'],
  ['given to everybody', { known: card, unknown: card }, 'violated'],
  ['given to whoever asks first', { known: status(401), unknown: card }, 'violated'],
  ['no credentials for it', { known: status(401), unknown: status(401) }, 'untested'],
  ['none is configured', { known: errorOf('ExtendedAgentCardNotConfiguredError'), unknown: status(401) }, 'untested'],
  ['a client certificate', { known: card, unknown: null }, 'untested'],
  ['silence', { known: card, unknown: noAnswer() }, 'untested'],
])('%s', ([, observation, kind]) => {
  const judged = extendedCardAccess.judge(observation, factsWith());
  expect(judged['security/extended-card-authentication'].kind).toBe(kind);
});
