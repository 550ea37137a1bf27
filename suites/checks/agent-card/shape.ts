import { defineTargetCheck } from '../../../core/engine/check.ts';
import { ambiguous, holds, skip, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { Problem } from '../../../protocol/schemas/problem.ts';
import { validate } from '../../../protocol/schemas/validate.ts';
import { fetchCardAgain, isObject, objectsIn, type Json } from './fetch-card.ts';
import { schemeProblems, schemesOf } from './scheme-values.ts';

const rows = [
  'agent-card/required-fields',
  'agent-card/required-arrays',
  'agent-card/field-types',
  'agent-card/field-names',
  'agent-card/interface-fields',
  'agent-card/skill-fields',
  'agent-card/provider-fields',
  'agent-card/security-schemes',
  'agent-card/http-auth-scheme',
] as const;
type Row = (typeof rows)[number];

/** What a row says where nothing is wrong. */
const fine: Readonly<Record<Row, string>> = {
  'agent-card/required-fields': 'every required field is there',
  'agent-card/required-arrays': 'every required array has an element',
  'agent-card/field-types': 'every field has its JSON type',
  'agent-card/field-names': 'every field has its camelCase name',
  'agent-card/interface-fields': 'every interface has its required fields',
  'agent-card/skill-fields': 'every skill has its required fields',
  'agent-card/provider-fields': 'the provider has its required fields',
  'agent-card/security-schemes': 'every security scheme is of one kind and has its required fields',
  'agent-card/http-auth-scheme': 'every scheme of HTTP authentication is registered',
};

/** Rows about something that a card need not have, and whether it has it. */
const applies: Readonly<Partial<Record<Row, (card: Json) => boolean>>> = {
  'agent-card/skill-fields': ({ skills }) => objectsIn(skills).length > 0,
  'agent-card/provider-fields': ({ provider }) => isObject(provider),
  'agent-card/security-schemes': ({ securitySchemes }) =>
    isObject(securitySchemes) && Object.keys(securitySchemes).length > 0,
  'agent-card/http-auth-scheme': (card) => schemesOf(card, 'httpAuthSecurityScheme').length > 0,
};

const notThere: Readonly<Partial<Record<Row, string>>> = {
  'agent-card/skill-fields': 'the card lists no skill',
  'agent-card/provider-fields': 'the card names no provider',
  'agent-card/security-schemes': 'the card declares no security scheme',
  'agent-card/http-auth-scheme': 'the card declares no HTTP authentication',
};

const shownProblems = 3;

const list = (lines: readonly string[]): string =>
  lines.length <= shownProblems
    ? lines.join('; ')
    : `${lines.slice(0, shownProblems).join('; ')}; and ${lines.length - shownProblems} more`;

const place = ({ path, field }: Problem): string =>
  (path === '' ? 'the card' : path) + (path === '' && field ? `/${field}` : '');

function judgeRow(row: Row, problems: readonly Problem[], card: Json, evidence: readonly Exchange[]): Judgement {
  const certain = problems.filter(({ readings }) => readings === undefined);
  if (certain.length > 0) {
    return violated(
      {
        reason: `the card does not have what a2a.proto asks for at ${list(certain.map(place))}`,
        expected: list([...new Set(certain.map(({ expected }) => expected))]),
        actual: list(certain.map((problem) => `${place(problem)}: ${problem.actual}`)),
      },
      ...evidence,
    );
  }
  const [doubtful] = problems;
  if (doubtful?.readings !== undefined) {
    const where = list(problems.map((problem) => `${place(problem)}: ${problem.actual}`));
    return ambiguous(`the text can be read in two ways of ${where}`, doubtful.readings, ...evidence);
  }
  if (applies[row]?.(card) === false) return skip(notThere[row] ?? 'the card has nothing of the kind');
  return holds(fine[row], ...evidence);
}

/** Every row of the card's shape; pure. */
export function judgeShape(card: Json, ...evidence: readonly Exchange[]): Record<Row, Judgement> {
  const problems = [...validate('AgentCard', card), ...schemeProblems(card)];
  return Object.fromEntries(
    rows.map((row) => [
      row,
      judgeRow(
        row,
        problems.filter((problem) => problem.row === row),
        card,
        evidence,
      ),
    ]),
  ) as Record<Row, Judgement>;
}

export const shape = defineTargetCheck({
  id: 'agent-card/shape',
  title: 'The Agent Card has the fields, types and names that a2a.proto gives it',
  requirements: rows,
  needs: [],
  probe: fetchCardAgain,
  judge: ({ card, exchange }) => judgeShape(card, exchange),
});
