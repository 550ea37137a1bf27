import { defineTargetCheck } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { fetchCard, type CardFetch } from './fetch-card.ts';

/** HTTP answers below 500 of the way to the card, or of a guard before it: discovery did get a card from there. */
const passingStatuses: readonly number[] = [401, 403, 407, 408, 421, 425, 429];

const passing = ({ exchange: { response, failure } }: CardFetch): boolean =>
  response === null || failure !== undefined || passingStatuses.includes(response.status) || response.status >= 500;

const isWrong = (fetch: CardFetch): boolean => fetch.card === undefined && !passing(fetch);

/** Fetches after discovery's: one that gives no card proves little beside one that does. */
export function judgeAvailable(fetches: readonly CardFetch[]): Judgement {
  const evidence = fetches.map(({ exchange }) => exchange);
  const wrong = fetches.find(isWrong);
  if (wrong !== undefined && fetches.some(({ card }) => card !== undefined)) {
    return ambiguous(
      `the place where the card was found does not always return it: ${wrong.problem ?? 'nothing'}`,
      [
        '§14.3: the resource returns an AgentCard object',
        'it was not there for a moment: one of several servers, or a new one, is starting (§3.3.2: temporary unavailability)',
      ],
      ...evidence,
    );
  }
  if (wrong !== undefined && fetches.filter(isWrong).length > 1) {
    return violated(
      {
        reason: 'the place where the card was found returns no Agent Card any more',
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
  probe: async (context) => {
    const fetches = [await fetchCard(context), await fetchCard(context)];
    return fetches.some(isWrong) ? [...fetches, await fetchCard(context)] : fetches;
  },
  judge: (fetches) => ({ 'agent-card/available': judgeAvailable(fetches) }),
});
