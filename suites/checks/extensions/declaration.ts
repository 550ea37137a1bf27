import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds, skip, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { fetchCardAgain, isObject, objectsIn, type Json } from '../agent-card/fetch-card.ts';

/** a2a.proto AgentExtension.uri: "the unique URI identifying the extension". */
export function judgeDeclaration(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const capabilities = isObject(card['capabilities']) ? card['capabilities'] : {};
  const declared = objectsIn(capabilities['extensions']);
  if (declared.length === 0) return skip('the card declares no extension');
  const first = (uri: string) => declared.find(({ value }) => value['uri'] === uri)?.index;
  const wrong = declared.flatMap(({ index, value: { uri } }) => {
    const place = `capabilities.extensions[${index}].uri`;
    if (uri === undefined || uri === null || uri === '') return [`${place} is not there`];
    // Of another type: `agent-card/field-types`.
    if (typeof uri !== 'string') return [];
    if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(uri)) return [`${place} ${JSON.stringify(uri)} is no URI`];
    return first(uri) !== index ? [`${place} ${JSON.stringify(uri)} is there already`] : [];
  });
  if (wrong.length === 0) return holds(`${declared.length} extensions, each with a URI of its own`, ...evidence);
  return violated(
    {
      reason: 'an extension cannot be told by its URI',
      expected: 'a URI for each extension, unique in the card',
      actual: wrong.join('; '),
    },
    ...evidence,
  );
}

export const declaration = defineTargetCheck({
  id: 'extensions/declaration',
  title: 'Declared extensions are identified by URIs',
  requirements: ['extensions/declared-by-uri'],
  needs: [],
  probe: fetchCardAgain,
  judge: ({ card, exchange }) => ({ 'extensions/declared-by-uri': judgeDeclaration(card, exchange) }),
});
