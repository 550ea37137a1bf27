import { expect, test } from 'vitest';
import { goodCard } from '../../testing/card-answers.ts';
import { judgeRequirements } from './security-requirements.ts';

const [skill] = goodCard.skills;

test.for<[string, object, string]>([
  ['none at all', {}, 'skip'],
  ['empty ones, which let everybody in', { securityRequirements: [{}, { schemes: {} }] }, 'skip'],
  ['a declared scheme', { securityRequirements: [{ schemes: { bearer: {} } }] }, 'holds'],
  ['of a skill', { skills: [{ ...skill, securityRequirements: [{ schemes: { bearer: { list: ['a'] } } }] }] }, 'holds'],
  ['members that nobody knows', { securityRequirements: [{ 'x-note': 1, schemes: { bearer: {} } }] }, 'holds'],
  ['a list that is none', { securityRequirements: 'bearer', skills: 7 }, 'skip'],
  ['another scheme', { securityRequirements: [{ schemes: { bearer: {} } }, { schemes: { oidc: {} } }] }, 'violated'],
  [
    'another scheme of a skill',
    { skills: [{ ...skill, securityRequirements: [{ schemes: { oidc: {} } }] }] },
    'violated',
  ],
  ['the form of v0.3', { securityRequirements: [{ bearer: [] }] }, 'violated'],
  [
    'a scheme where there are none',
    { securitySchemes: null, securityRequirements: [{ schemes: { a: {} } }] },
    'violated',
  ],
])('%s', ([, more, kind]) => {
  expect(judgeRequirements({ ...goodCard, ...more })).toMatchObject({ kind });
});
