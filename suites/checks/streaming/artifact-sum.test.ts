import { expect, test } from 'vitest';
import { chunkEvent, itemsOf, statusEvent, taskEvent } from '../../testing/streams.ts';
import { addUp, compareChunks, contentOf } from './artifact-sum.ts';

const texts = (...contents: readonly string[]) => contents.map((text) => ({ text }));
const chunks = (...contents: readonly string[]) => contents.map((text) => [{ text }]);

test('chunks add to the snapshot, and an artifact without append begins anew', () => {
  const artifacts = [{ artifactId: 'a', parts: [{ text: '1' }] }];
  const items = itemsOf([
    taskEvent('WORKING', { artifacts }),
    chunkEvent('a', '2', { append: true }),
    chunkEvent('b', 'x'),
    statusEvent('WORKING'),
    chunkEvent('b', 'y'),
    chunkEvent('b', 'z', { append: true }),
  ]);
  expect(addUp(items)).toEqual([
    { artifactId: 'a', chunks: chunks('1', '2') },
    { artifactId: 'b', chunks: chunks('y', 'z') },
  ]);
});

test.for([
  ['part by part', chunks('1', '2', '3'), texts('1', '2', '3'), 'equal'],
  ['joined by the store', chunks('1', '2', '3'), texts('123'), 'equal'],
  ['split by the store', chunks('12', '3'), texts('1', '2', '3'), 'equal'],
  ['another order', chunks('1', '3', '2'), texts('123'), 'reordered'],
  ['another order, part by part', chunks('1', '3', '2'), texts('1', '2', '3'), 'reordered'],
  ['a lost chunk', chunks('1', '3'), texts('123'), 'different'],
  ['a repeated chunk', chunks('1', '2', '2'), texts('12'), 'different'],
  ['no such artifact', chunks('1', '2'), [], 'different'],
] as const)('%s', ([, sent, stored, result]) => {
  expect(compareChunks(sent, stored)).toBe(result);
});

test('files are compared by content, not by name', () => {
  expect(contentOf([{ raw: 'AA==', filename: 'a' }])).toEqual(contentOf([{ raw: 'AA==', filename: 'b' }]));
  expect(contentOf([{ raw: 'AA==' }])).not.toEqual(contentOf([{ raw: 'AQ==' }]));
});

test('many equal chunks are compared in no time', () => {
  const many = Array.from({ length: 60 }, () => [{ text: 'x' }]);
  expect(compareChunks([...many, [{ text: 'z' }]], [{ text: `${'x'.repeat(60)}y` }])).toBe('different');
});
