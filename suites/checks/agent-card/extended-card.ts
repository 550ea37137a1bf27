import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { withRequiredDefaults } from '../../../protocol/card-canonical.ts';
import { validate } from '../../../protocol/schemas/validate.ts';
import { judgeSignatures, observeSignatures, signatureRows, type Signatures } from '../shared/signature-judges.ts';
import { isObject } from './fetch-card.ts';

interface Observation {
  readonly answer: CallResult;
  /** Null where no card came. */
  readonly seen: Signatures | null;
}

const shownProblems = 3;

/** §3.1.11: "a complete Agent Card object". */
export function judgeComplete({ reply, exchange }: CallResult): Judgement {
  const value: unknown = reply.kind === 'result' ? reply.value : undefined;
  const isBinary = exchange.interface?.binding === 'GRPC';
  const problems = validate('AgentCard', isBinary && isObject(value) ? withRequiredDefaults(value) : value);
  const certain = problems.filter(({ readings }) => readings === undefined);
  const place = ({ path, field = '' }: (typeof problems)[number]): string => (path === '' ? `/${field}` : path);
  if (certain.length > 0) {
    const shown = certain.slice(0, shownProblems).map((problem) => `${place(problem)}: ${problem.actual}`);
    const more = certain.length > shownProblems ? [`and ${certain.length - shownProblems} more`] : [];
    return violated(
      {
        reason: 'what GetExtendedAgentCard returns is no complete Agent Card',
        expected: [...new Set(certain.slice(0, shownProblems).map(({ expected }) => expected))].join('; '),
        actual: [...shown, ...more].join('; '),
      },
      exchange,
    );
  }
  const [doubtful] = problems;
  if (doubtful?.readings !== undefined) {
    return ambiguous(
      `the text can be read in two ways of ${place(doubtful)}: ${doubtful.actual}`,
      doubtful.readings,
      exchange,
    );
  }
  return holds('a complete Agent Card is returned', exchange);
}

const cachingFields = ['Cache-Control', 'Expires', 'ETag', 'Last-Modified'];

/** §13.3: "appropriate caching headers". Which ones is not said: any that a cache goes by will do. */
export function judgeCaching({ exchange }: CallResult): Judgement {
  const { headers = [] } = exchange.response ?? {};
  const found = cachingFields.filter((name) => header(headers, name) !== undefined);
  if (found.length > 0) return holds(`the answer has ${found.join(', ')}`, exchange);
  return violated(
    {
      reason: 'nothing says how long the extended card may be kept',
      expected: `one of ${cachingFields.join(', ')}`,
      actual: 'no such header',
    },
    exchange,
  );
}

/** §3.1.11, §13.3, §8.4: what GetExtendedAgentCard returns, where it returns a card. */
export const extendedCard = defineCheck({
  id: 'agent-card/extended-card',
  title: 'The extended Agent Card is complete, and signed as the public one',
  requirements: ['agent-card/extended-complete', 'agent-card/extended-caching', ...signatureRows],
  needs: [needsCapability('extendedAgentCard')],

  async probe(context: ProbeContext): Promise<Observation> {
    const answer = await context.client.call('GetExtendedAgentCard', {});
    const { reply, exchange } = answer;
    const card = reply.kind === 'result' && isObject(reply.value) ? reply.value : undefined;
    return { answer, seen: card === undefined ? null : await observeSignatures(card, exchange, context) };
  },

  judge({ answer, seen }) {
    const { reply, exchange } = answer;
    const all = (judgement: Judgement) =>
      Object.fromEntries(signatureRows.map((row) => [row, judgement])) as ReturnType<typeof judgeSignatures>;
    if (reply.kind !== 'result') {
      const nothing =
        reply.kind === 'error' && reply.error.name === 'ExtendedAgentCardNotConfiguredError'
          ? skip('no extended card is configured')
          : untested(
              `no extended card was returned: ${describeReply(reply)}`,
              'give credentials that may read it: --bearer or --header',
              exchange,
            );
      return {
        'agent-card/extended-complete': nothing,
        'agent-card/extended-caching': nothing,
        ...all(nothing),
      };
    }
    return {
      'agent-card/extended-complete': judgeComplete(answer),
      'agent-card/extended-caching': judgeCaching(answer),
      ...(seen === null ? all(skip('what was returned is no card')) : judgeSignatures(seen)),
    };
  },
});
