import { expect, test } from 'vitest';
import { got } from '../../testing/answers.ts';
import { chunkEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { judgeGap, looksTorn } from './gap.ts';

const append = { append: true };
const withText = (...texts: readonly string[]) => ({
  artifacts: [{ artifactId: 'a', parts: texts.map((text) => ({ text })) }],
});
const data = { artifacts: [{ artifactId: 'a', parts: [{ data: {} }] }] };
const final = got('COMPLETED', withText('one ', 'two ', 'three '));
const end = statusEvent('COMPLETED');
const begun = taskEvent('WORKING', withText('one '));
const told = (...events: Parameters<typeof watched>[0]) => ({ stream: watched(events), final });
const whole = told(begun, chunkEvent('a', 'two ', append), chunkEvent('a', 'three ', append), end);
const torn = told(begun, chunkEvent('a', 'three ', append), end);

test.for<[string, Parameters<typeof judgeGap>[0], Parameters<typeof judgeGap>[1], string]>([
  ['whole', whole, undefined, 'holds'],
  ['stored as one text', { ...whole, final: got('COMPLETED', withText('one two three ')) }, undefined, 'holds'],
  ['torn, and the sender’s stream is not', torn, whole, 'violated'],
  ['torn as every stream', torn, torn, 'ambiguous'],
  ['torn, without a control', torn, undefined, 'ambiguous'],
  ['the end of the artifact is missing', told(begun, chunkEvent('a', 'two ', append), end), whole, 'violated'],
  ['replaced instead of appended', told(begun, chunkEvent('a', 'one two three '), end), undefined, 'holds'],
  ['not told at all', told(taskEvent('WORKING'), end), whole, 'violated'],
  ['not told at all, by no stream', told(taskEvent('WORKING'), end), told(taskEvent('WORKING'), end), 'untested'],
  [
    'told by its id, for it is no text',
    { stream: watched([taskEvent('WORKING', data), end]), final: got('COMPLETED', data) },
    undefined,
    'holds',
  ],
  [
    'without artifacts',
    { stream: watched([taskEvent('WORKING'), end]), final: got('COMPLETED') },
    undefined,
    'untested',
  ],
  [
    'a chunk twice',
    told(
      begun,
      chunkEvent('a', 'one ', append),
      chunkEvent('a', 'two ', append),
      chunkEvent('a', 'three ', append),
      end,
    ),
    whole,
    'untested',
  ],
  ['edited in the end', { ...torn, final: got('COMPLETED', withText('ONE two THREE ')) }, whole, 'untested'],
  ['closed early', told(begun, chunkEvent('a', 'three ', append)), whole, 'untested'],
])('%s', ([, one, control, kind]) => {
  expect(judgeGap(one, control).kind).toBe(kind);
  if (kind !== 'untested') expect(looksTorn(one)).toBe(kind !== 'holds');
});
