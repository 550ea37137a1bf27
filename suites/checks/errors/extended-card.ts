import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { errorLabel, otherCause } from '../shared/refusal.ts';
import { isUnderstood, wellFormedCalls } from '../shared/served.ts';

interface Observation {
  readonly card: CallResult;
  /** Well-formed requests: show that the interface serves operations with the run's credentials. */
  readonly served: readonly CallResult[];
}

/** §3.3.4, §3.1.11, §13.3: GetExtendedAgentCard, declared or not. */
export const extendedCard = defineCheck({
  id: 'errors/extended-card',
  title: 'GetExtendedAgentCard as the card declares it',
  requirements: ['errors/extended-card-undeclared', 'errors/extended-card-unconfigured'],
  needs: [],

  async probe(context: ProbeContext): Promise<Observation> {
    return {
      card: await context.client.call('GetExtendedAgentCard', {}),
      served: await wellFormedCalls(context),
    };
  },

  judge(observation, { target }) {
    const declared = target.capabilities.extendedAgentCard;
    return {
      'errors/extended-card-undeclared': declared
        ? skip('the card declares capabilities.extendedAgentCard')
        : judgeUndeclared(observation),
      'errors/extended-card-unconfigured': declared
        ? judgeDeclared(observation)
        : skip('the card does not declare capabilities.extendedAgentCard'),
    };
  },
});

function judgeUndeclared({ card, served }: Observation): Judgement {
  const { reply, exchange } = card;
  if (nameIn(card) === 'UnsupportedOperationError') {
    return holds(`refused: ${errorLabel('UnsupportedOperationError', exchange)}`, exchange);
  }
  return (
    notServed(card, served) ??
    violated(
      {
        reason: 'GetExtendedAgentCard is not declared and not refused as such',
        expected: errorLabel('UnsupportedOperationError', exchange),
        actual: describeReply(reply),
      },
      exchange,
      ...served.map((answer) => answer.exchange),
    )
  );
}

function judgeDeclared({ card, served }: Observation): Judgement {
  const { reply, exchange } = card;
  if (reply.kind === 'result') return holds('an extended card is returned', exchange);
  if (nameIn(card) === 'ExtendedAgentCardNotConfiguredError') {
    return holds(`none is configured: ${errorLabel('ExtendedAgentCardNotConfiguredError', exchange)}`, exchange);
  }
  return (
    notServed(card, served) ??
    violated(
      {
        reason: 'GetExtendedAgentCard is declared, but gives neither a card nor the error for none',
        expected: `an AgentCard, or ${errorLabel('ExtendedAgentCardNotConfiguredError', exchange)}`,
        actual: describeReply(reply),
      },
      exchange,
      ...served.map((answer) => answer.exchange),
    )
  );
}

const nameIn = ({ reply }: CallResult): ErrorName | undefined =>
  reply.kind === 'error' ? reply.error.name : undefined;

/**
 * The operation MUST require authentication (§13.3), and "JSON-RPC custom error" is the example of how its absence is
 * told (§3.3.2): an error outside the tables, or an HTTP 401, says nothing of the capability.
 */
function notServed(card: CallResult, served: readonly CallResult[]): Judgement | undefined {
  const cause =
    otherCause(card) ?? (card.reply.kind === 'error' && !nameIn(card) ? describeReply(card.reply) : undefined);
  if (cause !== undefined) {
    return untested(
      `possibly for lack of authentication: ${cause}`,
      'give credentials: --bearer or --header',
      card.exchange,
    );
  }
  const control = served.some(isUnderstood);
  return control
    ? undefined
    : untested(
        'the control failed: GetTask',
        'see the exchange of the control',
        card.exchange,
        ...served.map(({ exchange }) => exchange),
      );
}
