import { errorNamedBy, type PatchRelease } from '../../protocol/errors.ts';
import type { Exchange } from '../history/exchange.ts';
import type { Codec, Said } from '../wire/codec.ts';
import { codecOf } from '../wire/codecs.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances, type Defect } from './tally.ts';

const hint = 'no request of the run was answered with such an error';

type SaidError = Extract<Said, { kind: 'error' }>;

interface ErrorAnswer {
  readonly exchange: Exchange;
  readonly codec: Codec;
  readonly error: SaidError;
}

function withoutText({ error: { code, message } }: ErrorAnswer): Defect | undefined {
  const expected = 'a code, and a description for people';
  // A missing or mistyped member breaks the envelope, and is judged there.
  if (typeof message !== 'string' || message.trim() !== '') return undefined;
  return { expected, actual: `code ${String(code)} with an empty message` };
}

function otherCode({ codec, error }: ErrorAnswer, patch: PatchRelease | undefined): Defect | undefined {
  const named = errorNamedBy(error.details)!;
  const codes = codec.codesOf(named.name, patch);
  return codes.some((code) => code === error.code)
    ? undefined
    : {
        expected: `${named.name} has code ${[...new Set(codes)].join(' or ')}`,
        actual: `${named.reason} with code ${String(error.code)}`,
      };
}

/** §3.3.2, §5.4: what every error says of itself. */
export const errorAnswers = defineInvariant({
  id: 'invariants/error-answers',
  title: 'Every error has a message for people, and the code that the table gives it',
  provenance: { kind: 'spec' },
  requirements: ['errors/message-text', 'errors/code-mapping'],
  judge(history, { specPatch }) {
    const errors = history.exchanges.flatMap((exchange): ErrorAnswer[] => {
      const codec = codecOf(exchange);
      return (codec?.answers(exchange) ?? []).flatMap(({ said }) =>
        said.kind === 'error' ? [{ exchange, codec: codec!, error: said }] : [],
      );
    });
    const instances = (of: readonly ErrorAnswer[], defectOf: (answer: ErrorAnswer) => Defect | undefined) =>
      of.map((answer) => ({ exchanges: [answer.exchange] as const, defect: defectOf(answer) }));
    return {
      'errors/message-text': judgeInstances(instances(errors, withoutText), {
        counted: 'errors',
        wrong: 'lack a text for people',
        hint,
      }),
      'errors/code-mapping': judgeInstances(
        instances(
          errors.filter(({ error }) => errorNamedBy(error.details) !== undefined),
          (answer) => otherCode(answer, specPatch),
        ),
        { counted: 'errors that name an A2A error', wrong: 'have the code of another', hint },
      ),
    };
  },
});
