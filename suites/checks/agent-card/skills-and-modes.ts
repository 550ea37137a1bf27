import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds, skip, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { fetchCardAgain, objectsIn, type Json } from './fetch-card.ts';

const stringsIn = (list: unknown): readonly string[] =>
  Array.isArray(list) ? (list as unknown[]).filter((entry) => typeof entry === 'string') : [];

/** `type/subtype`, with parameters or not, with wildcards or not (RFC 9110 §8.3.1, §12.5.1). */
const isMediaType = (text: string): boolean => /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;.*)?$/.test(text.trim());

export function judgeMediaTypes(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const holders = [
    { where: 'defaultInputModes', modes: card['defaultInputModes'] },
    { where: 'defaultOutputModes', modes: card['defaultOutputModes'] },
    ...objectsIn(card['skills']).flatMap(({ index, value: { inputModes, outputModes } }) => [
      { where: `skills[${index}].inputModes`, modes: inputModes },
      { where: `skills[${index}].outputModes`, modes: outputModes },
    ]),
  ];
  const all = holders.flatMap(({ where, modes }) => stringsIn(modes).map((mode) => ({ where, mode })));
  const wrong = all.filter(({ mode }) => !isMediaType(mode));
  if (wrong.length > 0) {
    return violated(
      {
        reason: 'a mode is no media type',
        expected: 'media types, like text/plain',
        actual: wrong.map(({ where, mode }) => `${where}: ${JSON.stringify(mode)}`).join('; '),
      },
      ...evidence,
    );
  }
  return all.length === 0 ? skip('the card names no mode') : holds('every mode is a media type', ...evidence);
}

export function judgeSkillIds(card: Json, ...evidence: readonly Exchange[]): Judgement {
  const ids = objectsIn(card['skills']).flatMap(({ value: { id } }) => (typeof id === 'string' ? id : []));
  if (ids.length === 0) return skip('the card lists no skill with an id');
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (twice.length === 0) return holds('every skill has an id of its own', ...evidence);
  return violated(
    {
      reason: 'several skills have one id',
      expected: 'a unique identifier for each skill',
      actual: twice.map((id) => JSON.stringify(id)).join(', '),
    },
    ...evidence,
  );
}

export const skillsAndModes = defineTargetCheck({
  id: 'agent-card/skills-and-modes',
  title: 'Modes are media types, and skills can be told apart',
  requirements: ['agent-card/media-types', 'agent-card/skill-ids'],
  needs: [],
  probe: fetchCardAgain,
  judge: ({ card, exchange }) => ({
    'agent-card/media-types': judgeMediaTypes(card, exchange),
    'agent-card/skill-ids': judgeSkillIds(card, exchange),
  }),
});
