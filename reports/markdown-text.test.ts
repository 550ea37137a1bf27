import { expect, test } from 'vitest';
import { code, codeCell, table } from './markdown-text.ts';

test.for<[string, string, string]>([
  ['a bar stands for itself', 'a|b', '`a|b`'],
  ['a backslash too', '\\|', '`\\|`'],
  ['a backtick does not end it', 'a ` b', '``a ` b``'],
  ['nor at its ends', '`a`', '`` `a` ``'],
  ['nothing', '', '`  `'],
])('code: %s', ([, text, expected]) => {
  expect(code(text)).toBe(expected);
});

test('in a table a bar does not end the cell that holds the code', () => {
  expect(codeCell('p99 | p50')).toBe('`p99 \\| p50`');
  const [, , line] = table(['demanded', 'seen'], [[codeCell('a|b'), 'c']]);
  expect(line!.split(/(?<!\\)\|/)).toHaveLength(4);
});
