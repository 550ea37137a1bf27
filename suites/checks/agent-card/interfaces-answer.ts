import { defineCheck } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { demandsCredentials } from '../../../core/target/card-credentials.ts';
import type { Target } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { answerStatus } from '../../../core/wire/answer-status.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { sendsCredentials } from '../security/credentials.ts';
import { otherCause } from '../shared/refusal.ts';
import { fetchCard, type CardFetch } from './fetch-card.ts';
import { judgeTlsFailure } from './tls-failure.ts';

export interface AnswerObservation {
  /** GetTask of unknown ids; the second, and then a message, only where what came before was not answered in the binding's terms. */
  readonly calls: readonly CallResult[];
  /** The positive control between them: whether the card still comes from its place. */
  readonly card?: CardFetch;
}

const spoken = ({ reply }: CallResult): boolean => reply.kind === 'result' || reply.kind === 'error';

/** Any answer in the terms of the binding will do; which one it should be is for other checks to judge. */
export function judgeAnswer(
  { calls, card }: AnswerObservation,
  target: Pick<Target, 'card' | 'cardUrl' | 'showsCertificate'>,
): Judgement {
  const evidence = [...calls.map(({ exchange }) => exchange), ...(card === undefined ? [] : [card.exchange])];
  const answered = calls.find(spoken);
  if (answered !== undefined) return holds(`it was answered with ${describeReply(answered.reply)}`, answered.exchange);
  const last = calls.at(-1)!;
  const actual = describeReply(last.reply);
  if (card?.card === undefined) {
    return untested(
      `the agent does not answer at all: ${actual}`,
      'see whether it is alive, and run it again',
      ...evidence,
    );
  }
  // A status that another hand may have written (a gateway, a guard) says nothing of the URL.
  const cause = last.reply.kind === 'none' ? undefined : otherCause(last);
  if (cause !== undefined) return untested(cause, 'give credentials: --bearer <token> or --header', ...evidence);
  const turnedAway = judgeTurnedAway(last, actual, target, evidence);
  if (turnedAway !== undefined) return turnedAway;
  const tls =
    last.reply.kind === 'none' ? judgeTlsFailure(last.reply.failure, last.exchange, target, evidence) : undefined;
  if (tls !== undefined) return tls;
  const failure = last.reply.kind === 'none' ? last.reply.failure.kind : undefined;
  if (failure === 'aborted') return untested(actual, 'run it again', ...evidence);
  if (failure === 'dns') {
    return ambiguous(
      `the host of the interface is not known here: ${actual}`,
      ['the URL is not accurate (§8.3.1)', 'the name is known where the clients of this agent are'],
      ...evidence,
    );
  }
  if (failure === 'timeout') {
    return ambiguous(
      `the interface is silent, while the card is served: ${actual}`,
      ['the binding is not spoken at this URL (§8.3.1)', 'no time is named: an agent that is slow is as silent'],
      ...evidence,
    );
  }
  const status = answerStatus(last.exchange);
  if (last.reply.kind === 'malformed' && status >= 500) {
    return ambiguous(
      `the interface answers only with errors of its server: ${actual}`,
      ['the binding is not spoken at this URL (§8.3.1)', 'the binding is spoken there, and its server fails'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'the declared binding is not spoken at the declared URL, while the card is served',
      expected: `an answer to GetTask over ${last.exchange.interface?.binding ?? 'the binding'}, twice asked`,
      actual,
    },
    ...evidence,
  );
}

/**
 * What an agent that demands credentials shows to whom it does not know may be anything (§3.3.2: codes are examples): a page to sign
 * in, a redirect to one, nothing at all. Undefined where that is no cause.
 */
function judgeTurnedAway(
  { reply, exchange }: CallResult,
  actual: string,
  target: Pick<Target, 'card' | 'showsCertificate'>,
  evidence: readonly Exchange[],
): Judgement | undefined {
  const isPage = reply.kind === 'malformed' || (reply.kind === 'none' && reply.failure.kind === 'redirect');
  if (!isPage || answerStatus(exchange) >= 500 || !demandsCredentials(target)) return undefined;
  if (!sendsCredentials(exchange, target)) {
    return untested(
      `the card demands credentials, and none were sent: ${actual}`,
      'give credentials: --bearer, --basic, --api-key, --header or --cert',
      ...evidence,
    );
  }
  return ambiguous(
    `nothing was answered in the terms of the binding to the credentials of the run: ${actual}`,
    [
      'the binding is not spoken at this URL (§8.3.1)',
      '§3.3.2: the credentials are not accepted, and how strangers are turned away is for the agent to say',
    ],
    ...evidence,
  );
}

export const interfacesAnswer = defineCheck({
  id: 'agent-card/interfaces-answer',
  title: 'The declared binding is spoken at the declared URL',
  requirements: ['agent-card/interfaces-answer'],
  needs: [],
  probe: async (context): Promise<AnswerObservation> => {
    const ask = (): Promise<CallResult> => context.client.call('GetTask', { id: context.id('unknown') });
    const first = await ask();
    if (spoken(first)) return { calls: [first] };
    const card = await fetchCard(context);
    const second = await ask();
    // A page for an unknown task may be a wrong error, where the binding is spoken all the same.
    const known = second.reply.kind === 'malformed' && context.behaviours.elicited.completes !== undefined;
    return { calls: [first, second, ...(known ? [await context.send('completes')] : [])], card };
  },
  judge: (observation, { target }) => ({
    'agent-card/interfaces-answer': judgeAnswer(observation, target),
  }),
});
