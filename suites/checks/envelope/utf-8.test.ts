import { expect, test } from 'vitest';
import { noAnswer, resultOf } from '../../testing/answers.ts';
import { utf8 } from './utf-8.ts';

const text = 'Grüße, Ελλάδα, 日本, 🌍';
const facts = {} as Parameters<typeof utf8.judge>[1];
const judge = (...returned: (string | undefined)[]) =>
  utf8.judge(
    {
      text,
      answers: returned.map((got) =>
        got === undefined
          ? noAnswer()
          : resultOf({ task: { history: [{ parts: [{ text: `> gauntlet-begin ${got} gauntlet-end` }] }] } }),
      ),
    },
    facts,
  )['envelope/utf-8-read'];

test.for<[string, (string | undefined)[], string]>([
  ['as it was sent', [text], 'holds'],
  ['decomposed', [text.normalize('NFD')], 'holds'],
  ['in one of several answers', [undefined, text], 'holds'],
  ['read as Latin-1', [Buffer.from(text, 'utf8').toString('latin1')], 'violated'],
  ['read as windows-1252', [new TextDecoder('windows-1252').decode(Buffer.from(text, 'utf8'))], 'violated'],
  ['written as ASCII', ['Gr??e, ??????, ??, ??'], 'violated'],
  ['one question mark a character', ['Gr??e, ??????, ??, ?'], 'violated'],
  ['with replacement characters', ['Gr\uFFFD\uFFFDe, Ελλάδα, 日本, 🌍'], 'violated'],
  ['mangled in one of several answers', [text, 'Gr??e, ??????, ??, ??'], 'violated'],
  ['changed on purpose', ['GRÜSSE, ΕΛΛΆΔΑ, 日本, 🌍'], 'untested'],
  ['made ASCII on purpose', ['Gruesse, Ellada, Nihon'], 'untested'],
  ['not given back', [undefined], 'untested'],
])('%s', ([, returned, kind]) => {
  expect(judge(...returned).kind).toBe(kind);
});

test('an answer that is no UTF-8 itself shows nothing', () => {
  const answer = resultOf({ text: 'gauntlet-begin Gr\uFFFD gauntlet-end' });
  const response = { ...answer.exchange.response!, validUtf8: false };
  const observation = { text, answers: [{ ...answer, exchange: { ...answer.exchange, response } }] };
  expect(utf8.judge(observation, facts)['envelope/utf-8-read'].kind).toBe('untested');
});
