import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds, skip, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { fetchCardAgain, isObject, objectsIn, type Json } from './fetch-card.ts';

interface Named {
  readonly where: string;
  readonly name: string;
  /** Whether the name stands where v0.3 had it, and not in `schemes`. */
  readonly old: boolean;
}

/** The schemes that the requirements of a list name. */
function namesIn(list: unknown, where: string, declared: Json): readonly Named[] {
  return objectsIn(list).flatMap(({ index, value }) => {
    const { schemes, ...others } = value;
    const place = `${where}[${index}]`;
    return [
      ...Object.keys(isObject(schemes) ? schemes : {}).map((name) => ({ where: place, name, old: false })),
      // What is not recognized is ignored (§5.7), but a member with the name of a scheme is meant as one.
      ...Object.keys(others)
        .filter((name) => Object.hasOwn(declared, name))
        .map((name) => ({ where: place, name, old: true })),
    ];
  });
}

/** a2a.proto SecurityRequirement: "a map of security schemes", those that the card declares (§7.3). */
export function judgeRequirements(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const declared = isObject(card['securitySchemes']) ? card['securitySchemes'] : {};
  const named = [
    ...namesIn(card['securityRequirements'], 'securityRequirements', declared),
    ...objectsIn(card['skills']).flatMap(({ index, value }) =>
      namesIn(value['securityRequirements'], `skills[${index}].securityRequirements`, declared),
    ),
  ];
  if (named.length === 0) return skip('the card requires no security scheme');
  const wrong = named.filter(({ name, old }) => old || !Object.hasOwn(declared, name));
  if (wrong.length === 0) {
    return holds(
      `every required scheme is declared: ${[...new Set(named.map(({ name }) => name))].join(', ')}`,
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'a requirement names a scheme that the card does not declare, or not in schemes',
      expected: 'schemes: a map whose keys are names in securitySchemes',
      actual: wrong
        .map(
          ({ where, name, old }) =>
            `${where}: ${JSON.stringify(name)} ${old ? 'outside of schemes' : 'is not declared'}`,
        )
        .join('; '),
    },
    ...evidence,
  );
}

export const securityRequirements = defineTargetCheck({
  id: 'agent-card/security-requirements',
  title: 'Security requirements, of skills too, name declared schemes',
  requirements: ['agent-card/security-requirements'],
  needs: [],
  probe: fetchCardAgain,
  judge: ({ card, exchange }) => ({ 'agent-card/security-requirements': judgeRequirements(card, exchange) }),
});
