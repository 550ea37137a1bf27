import { expect, test } from 'vitest';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { extendedCardAccess } from './extended-card-access.ts';

type Observation = Parameters<typeof extendedCardAccess.judge>[0];

const publicCard = { name: 'Agent', skills: [{ id: 'a', examples: [] }], capabilities: { extendedAgentCard: true } };
const extended = { ...publicCard, skills: [...publicCard.skills, { id: 'b' }] };
const card = resultOf(extended);
/** As another serializer writes it, with its schemes and signed anew. */
const sameAgain = resultOf({
  capabilities: { extendedAgentCard: true, streaming: false },
  name: 'Agent',
  skills: [{ id: 'a' }],
  securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
  signatures: [{ protected: 'e30', signature: 'AA' }],
});
const status = (code: number) => ({
  exchange: { ...card.exchange, response: { ...card.exchange.response!, status: code } },
  reply: { kind: 'malformed', why: 'no JSON', status: code } as const,
});

test.for<[string, Omit<Observation, 'publicCard'>, string]>([
  ['refused to strangers', { known: card, unknown: status(401) }, 'holds'],
  ['given to everybody', { known: card, unknown: card }, 'violated'],
  ['the public card for strangers', { known: card, unknown: sameAgain }, 'ambiguous'],
  ['the public card for everybody', { known: sameAgain, unknown: sameAgain }, 'ambiguous'],
  ['a part of the public card for strangers', { known: card, unknown: resultOf({ name: 'Agent' }) }, 'ambiguous'],
  ['another name for strangers', { known: card, unknown: resultOf({ name: 'For you' }) }, 'violated'],
  ['no card at all for strangers', { known: card, unknown: resultOf('a card') }, 'violated'],
  ['given to whoever asks first', { known: status(401), unknown: card }, 'violated'],
  ['no credentials for it', { known: status(401), unknown: status(401) }, 'untested'],
  ['none is configured', { known: errorOf('ExtendedAgentCardNotConfiguredError'), unknown: status(401) }, 'untested'],
  ['a client certificate', { known: card, unknown: null }, 'untested'],
  ['silence', { known: card, unknown: noAnswer() }, 'untested'],
])('%s', ([, observation, kind]) => {
  const judged = extendedCardAccess.judge({ ...observation, publicCard }, factsWith());
  expect(judged['security/extended-card-authentication'].kind).toBe(kind);
});
