import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { fetchCard, type CardFetch } from './fetch-card.ts';

/** HTTP answers of the way to the card, or of a guard before it: discovery did get a card from there. */
const passingStatuses: readonly number[] = [401, 403, 407, 429, 502, 503, 504];

const passing = ({ exchange: { response, failure } }: CardFetch): boolean =>
  response === null || failure !== undefined || passingStatuses.includes(response.status);

/** Every fetch after discovery's has to give a card, too. */
export function judgeAvailable(fetches: readonly CardFetch[]): Judgement {
  const evidence = fetches.map(({ exchange }) => exchange);
  const wrong = fetches.find((fetch) => fetch.card === undefined && !passing(fetch));
  if (wrong !== undefined) {
    return violated(
      {
        reason: 'the place where the card was found does not always return an Agent Card',
        expected: 'an AgentCard object in JSON',
        actual: wrong.problem ?? 'nothing',
      },
      ...evidence,
    );
  }
  const failed = fetches.find(({ card }) => card === undefined);
  if (failed !== undefined) {
    return untested(`the card could not be fetched again: ${failed.problem}`, 'run it again', ...evidence);
  }
  return holds(`the card was returned again, ${fetches.length} times`, ...evidence);
}

export const available = defineTargetCheck({
  id: 'agent-card/available',
  title: 'The Agent Card is available, whenever it is fetched',
  requirements: ['agent-card/available'],
  needs: [],
  probe: async (context) => [await fetchCard(context), await fetchCard(context)],
  judge: (fetches) => ({ 'agent-card/available': judgeAvailable(fetches) }),
});
