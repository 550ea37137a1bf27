import { expect, test } from 'vitest';
import { errorOf, got, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { marked } from './marked-text.ts';
import { textKept } from './text-kept.ts';

const samples = [
  { what: 'planes', text: 'a🌍b' },
  { what: 'forms', text: 'e\u0301' },
];
const message = (...texts: readonly string[]) => ({ messageId: 'm', parts: texts.map((text) => ({ text })) });
const judge = (...answers: ReturnType<typeof got>[]) =>
  textKept.judge([{ samples, messageId: 'm', answers }], factsWith())['envelope/text-kept'];
const inHistory = (...texts: readonly string[]) =>
  got('COMPLETED', { history: [message('stimulus', ...texts.map(marked))] });

test.for<[string, ReturnType<typeof got>, string]>([
  ['unchanged', inHistory('a🌍b', 'e\u0301'), 'holds'],
  ['composed', inHistory('a🌍b', '\u00e9'), 'ambiguous'],
  ['cut at the first character of another plane', inHistory('a', 'e\u0301'), 'ambiguous'],
  ['in an artifact alone', got('COMPLETED', { artifacts: [message(marked('a🌍b'))] }), 'holds'],
  ['changed in an artifact, by work', got('COMPLETED', { artifacts: [message(marked('A🌍B'))] }), 'untested'],
  ['a part of the message alone', inHistory('e\u0301'), 'holds'],
  ['not given back', got('COMPLETED'), 'untested'],
  ['refused', errorOf('InvalidParamsError'), 'untested'],
  ['a message', resultOf({ message: message('ok') }), 'untested'],
])('%s', ([, answer, kind]) => {
  expect(judge(answer).kind).toBe(kind);
});

test('the place is named by its characters', () => {
  expect(judge(inHistory('a🌍b', '\u00e9'))).toMatchObject({
    reason: 'forms: sent U+0065 U+0301, in the history stands U+00E9',
  });
});
