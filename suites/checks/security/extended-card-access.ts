import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isObject, type JsonObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isError } from '../shared/task-parts.ts';
import { credentialPlaces } from '../../../core/target/card-credentials.ts';
import { userFields, withoutCredentials } from './credentials.ts';
import { saysNoMore } from './public-part.ts';
import { unrelated } from './rejection-judges.ts';

interface Observation {
  /** As the user of the run. */
  readonly known: CallResult;
  /** Without any header field of the user's; null where a client certificate may say who it is. */
  readonly unknown: CallResult | null;
  /** What anybody may read. */
  readonly publicCard: JsonObject;
}

const readings = [
  '§13.3: the operation MUST require authentication, whatever it answers',
  '§13.3, §3.1.11: the card may differ by who asks, and strangers are told no more than the public card tells',
] as const;

/** §13.3, §3.1.11: who reads the extended card is authenticated, whatever the card demands of other operations. */
export const extendedCardAccess = defineCheck({
  id: 'security/extended-card-access',
  title: 'GetExtendedAgentCard without credentials',
  requirements: ['security/extended-card-authentication'],
  needs: [needsCapability('extendedAgentCard')],

  async probe({ client, target }: ProbeContext): Promise<Observation> {
    const known = await client.call('GetExtendedAgentCard', {});
    const publicCard = target.card;
    const places = credentialPlaces(target);
    if (places === undefined) return { known, unknown: null, publicCard };
    const none = withoutCredentials(places);
    const fields = userFields(known.exchange).map(([name]) => [name, null] as const);
    // A certificate too, though the card may not speak of one.
    const options = {
      ...none,
      withoutCertificate: true,
      headers: { ...none.headers, ...Object.fromEntries(fields) },
      once: true,
    };
    return { known, unknown: await client.call('GetExtendedAgentCard', {}, options), publicCard };
  },

  judge: (observation) => ({ 'security/extended-card-authentication': judge(observation) }),
});

function judge({ known, unknown, publicCard }: Observation): Judgement {
  if (unknown === null) {
    return untested(
      'a scheme of the card does not say where credentials are sent',
      'a request cannot be stripped of what is not known: see agent-card/data-model',
      known.exchange,
    );
  }
  const { exchange } = unknown;
  if (unknown.reply.kind === 'result') {
    if (saysNoMore(unknown.reply.value, publicCard))
      return ambiguous(
        'whoever asks for the extended card is given the public one',
        readings,
        exchange,
        known.exchange,
      );
    const schemes = publicCard['securitySchemes'];
    const declaresNone = !isObject(schemes) || Object.keys(schemes).length === 0;
    return violated(
      {
        reason: 'the extended card is given to whoever asks',
        expected: declaresNone
          ? 'a scheme in the card by which callers are authenticated, or no capabilities.extendedAgentCard'
          : 'a rejection (HTTP 401, gRPC UNAUTHENTICATED, or an error of the binding)',
        actual: declaresNone ? 'a card beyond the public one, and no scheme declared' : 'a card beyond the public one',
      },
      exchange,
      known.exchange,
    );
  }
  if (known.reply.kind !== 'result') {
    return isError(known, 'ExtendedAgentCardNotConfiguredError')
      ? untested('no extended card is configured', 'configure one', known.exchange)
      : untested(
          `the extended card is not given to the user of the run: ${describeReply(known.reply)}`,
          'give credentials that it is shown to: --bearer, --basic, --api-key, --header',
          known.exchange,
        );
  }
  const cause = unrelated(unknown);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', exchange, known.exchange);
  return holds(`without credentials it is refused: ${describeReply(unknown.reply)}`, exchange, known.exchange);
}
