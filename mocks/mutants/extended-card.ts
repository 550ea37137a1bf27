import type { Mutant } from './mutant.ts';

/** §3.1.11, §13.3: the card for authenticated clients, so the agent demands credentials of everybody. */
const mutant = (id: string, description: string, breaks: string, more: Pick<Mutant, 'fault' | 'options'>): Mutant => ({
  id: `agent-card/${id}`,
  description,
  breaks: [breaks],
  killedBy: ['agent-card/extended-card'],
  profile: 'bearer',
  ...more,
});

export const extendedCardMutants: readonly Mutant[] = [
  mutant(
    'extended-difference',
    'The extended card has only what the public one does not',
    'agent-card/extended-complete',
    {
      fault: { card: (card, { extended }) => (extended ? { name: card.name, skills: card.skills } : card) },
    },
  ),
  mutant(
    'extended-old-signature',
    'The extended card has the signature of the public one',
    'agent-card/signature-verifies',
    {
      fault: () => {
        let signatures: object = {};
        return {
          // The public card is made first.
          signedCard: (card, { extended }) => {
            if (!extended) signatures = { signatures: card.signatures };
            return { ...card, ...signatures };
          },
        };
      },
    },
  ),
  mutant(
    'extended-not-to-cache',
    'Nothing is said of how long the extended card may be kept',
    'agent-card/extended-caching',
    {
      options: { bindings: ['HTTP+JSON'] },
      fault: {
        httpResponse: (answer) => ({
          ...answer,
          headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== 'Cache-Control')),
        }),
      },
    },
  ),
];
