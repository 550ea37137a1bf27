import { expect } from 'vitest';
import type { Ended } from './run-cli.ts';

/** Bad input is one line on stderr that says what to do, and nothing else. */
export function expectOneLine(
  { code, stdout, stderr }: Ended,
  wantedCode: number,
  ...words: (string | RegExp)[]
): void {
  expect(stderr).toMatch(/^a2a-gauntlet: [^\n]+\n$/);
  for (const word of words) expect(stderr).toMatch(word);
  expect(stdout).toBe('');
  expect(code).toBe(wantedCode);
}
