import { defineCheck, type Need, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Target } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { isObject, objectsIn, type Json } from '../agent-card/fetch-card.ts';
import { worst } from '../shared/refusal.ts';
import { anotherVersionOf, declaring } from './extension-header.ts';

/** The same message, asked for with different extensions. */
export interface Asked {
  readonly uri: string;
  readonly other: string;
  /** With none, with the declared version, with another version; the outer two once more where they look like a fallback. */
  readonly plain: readonly CallResult[];
  readonly own: CallResult;
  readonly another: readonly CallResult[];
}

/** More would cost tasks, and show the same. */
const mostExtensions = 2;

/** Extensions that the card declares and does not require. */
function optionalExtensions({ card, capabilities }: Pick<Target, 'card' | 'capabilities'>): readonly string[] {
  const declared = isObject(card['capabilities']) ? card['capabilities']['extensions'] : undefined;
  return objectsIn(declared).flatMap(({ value: { uri, required } }) =>
    // A comma would part it in the header.
    typeof uri === 'string' && /^[\w!#$%&'()*+./:;=?@[\]~-]+$/.test(uri) && required !== true
      ? capabilities.requiredExtensions.includes(uri)
        ? []
        : uri
      : [],
  );
}

const needsOptionalExtension: Need = {
  description: 'card declares an extension that is not required',
  decide: ({ target }) =>
    optionalExtensions(target).length > 0
      ? null
      : { verdict: 'skip', reason: 'the card declares no extension that is not required' },
};

const urisIn = (object: unknown): readonly unknown[] =>
  isObject(object) && Array.isArray(object['extensions']) ? (object['extensions'] as unknown[]) : [];

const listIn = (object: Json, name: string): readonly Json[] => objectsIn(object[name]).map(({ value }) => value);

/** What the agent itself names in an answer to SendMessage: in artifacts, its status, its messages. */
export function extensionsNamed({ reply }: CallResult): ReadonlySet<unknown> {
  const value: unknown = reply.kind === 'result' ? reply.value : undefined;
  if (!isObject(value)) return new Set();
  const task = isObject(value['task']) ? value['task'] : {};
  const status = isObject(task['status']) ? task['status'] : {};
  const spoken = [value['message'], status['message'], ...listIn(task, 'history')];
  return new Set(
    [...listIn(task, 'artifacts'), ...spoken.filter((one) => isObject(one) && one['role'] === 'ROLE_AGENT')].flatMap(
      urisIn,
    ),
  );
}

export function judgeFallback({ uri, other, plain, own, another }: Asked): Judgement {
  const exchanges = [...another, ...plain, own].map(({ exchange }) => exchange);
  const failed = [...plain, ...another].find(({ reply }) => reply.kind !== 'result');
  if (failed !== undefined) {
    return untested(
      `${uri}: a message was not served: ${describeReply(failed.reply)}`,
      'see errors/extensions',
      ...exchanges,
    );
  }
  const names = (answer: CallResult): boolean => extensionsNamed(answer).has(uri);
  if (plain.some(names)) {
    return untested(
      `answers name ${uri} whether it is asked for or not`,
      'what activated it cannot be seen',
      ...exchanges,
    );
  }
  if (another.every(names)) {
    return violated(
      {
        reason: `${other} was asked for, and ${uri} took part in the answer`,
        expected: 'an answer without the extension (§4.6.3)',
        actual: `an answer that names ${uri}, as it does not where nothing is asked for`,
      },
      ...exchanges,
    );
  }
  if (names(own)) return holds(`${uri} takes part where it is asked for, and not for ${other}`, ...exchanges);
  return untested(
    `no answer shows whether ${uri} took part`,
    'name a stimulus "completes" that the extension shows in: --stimuli <file>',
    ...exchanges,
  );
}

/** §4.6.3: an agent that does not have the requested version goes on without the extension, and not with its own version. */
export const noFallback = defineCheck({
  id: 'extensions/no-fallback',
  title: 'Another version of an optional extension is not answered with the declared one',
  requirements: ['extensions/no-fallback'],
  needs: [needsOptionalExtension, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<readonly Asked[]> {
    const { target } = context;
    const { requiredExtensions } = target.capabilities;
    const send = async (...uris: readonly string[]): Promise<CallResult> => {
      const answer = await context.send('completes', {}, declaring([...requiredExtensions, ...uris]));
      await cancelTaskIn(context, answer);
      return answer;
    };
    const found: Asked[] = [];
    for (const uri of optionalExtensions(target).slice(0, mostExtensions)) {
      const other = anotherVersionOf(uri);
      const [plain, own, another] = [await send(), await send(uri), await send(other)];
      const suspicious = extensionsNamed(another).has(uri) && !extensionsNamed(plain).has(uri);
      const again = suspicious ? { plain: [await send()], another: [await send(other)] } : { plain: [], another: [] };
      found.push({ uri, other, own, plain: [plain, ...again.plain], another: [another, ...again.another] });
    }
    return found;
  },

  judge: (found) => ({ 'extensions/no-fallback': worst(found.map(judgeFallback)) }),
});
