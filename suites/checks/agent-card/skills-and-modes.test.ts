import { expect, test } from 'vitest';
import { goodCard } from '../../testing/card-answers.ts';
import { judgeMediaTypes, judgeSkillIds } from './skills-and-modes.ts';

test.for<[unknown, string]>([
  [['text/plain'], 'holds'],
  [['application/vnd.geo+json', 'text/*', '*/*'], 'holds'],
  [['text/plain; charset=utf-8', 'TEXT/HTML'], 'holds'],
  [['text'], 'violated'],
  [['text/plain', ''], 'violated'],
  [['text/'], 'violated'],
  // Of a wrong type: another row.
  [[7, null], 'holds'],
  ['text', 'holds'],
])('modes %j: %s', ([defaultInputModes, kind]) => {
  expect(judgeMediaTypes({ ...goodCard, defaultInputModes }).kind).toBe(kind);
});

test('modes of a skill are named with their place', () => {
  const card = { ...goodCard, skills: [{ id: 'a' }, { id: 'b', outputModes: ['image'] }] };
  expect(judgeMediaTypes(card)).toMatchObject({ kind: 'violated', actual: 'skills[1].outputModes: "image"' });
  expect(judgeMediaTypes({}).kind).toBe('skip');
});

test.for<[unknown, string]>([
  [[{ id: 'a' }, { id: 'b' }], 'holds'],
  [[{ id: 'a' }, { id: 'A' }], 'holds'],
  [[{ id: 'a' }, {}, { id: 7 }, null], 'holds'],
  [[{ id: 'a' }, { id: 'b' }, { id: 'a' }], 'violated'],
  [[], 'skip'],
  [undefined, 'skip'],
  [[{}], 'skip'],
])('skills %j: %s', ([skills, kind]) => {
  expect(judgeSkillIds({ skills }).kind).toBe(kind);
});
