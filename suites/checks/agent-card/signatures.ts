import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds } from '../../../core/findings/judgement.ts';
import { judgeSignatures, observeSignatures, signatureRows } from '../shared/signature-judges.ts';
import { fetchCardAgain } from './fetch-card.ts';

/** §8.4: the signatures of the card as it is served, by the keys that they name or that the user gave. */
export const signatures = defineTargetCheck({
  id: 'agent-card/signatures',
  title: 'The signatures of the Agent Card are JWS over its canonical form',
  requirements: ['agent-card/signed', ...signatureRows],
  needs: [],
  probe: async (context) => {
    const { card, exchange } = await fetchCardAgain(context);
    return observeSignatures(card, exchange, context);
  },
  judge: (seen) => ({
    'agent-card/signed': holds(
      seen.all.length === 0 ? 'the card is not signed' : `signatures of the card: ${seen.all.length}`,
      seen.exchange,
    ),
    ...judgeSignatures(seen),
  }),
});
