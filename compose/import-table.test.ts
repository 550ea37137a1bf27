import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { importTable } from '../import-table.ts';

const root = join(import.meta.dirname, '..');

const boundaryErrors = async (file: string, code: string): Promise<number> => {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return result!.messages.filter(({ ruleId }) => ruleId === 'boundaries/dependencies').length;
};

test.for([
  ['mocks/mutants/catalogue.ts', '../../protocol/operations.ts'],
  ['core/findings/verdict.ts', '../../compose/catalogue.ts'],
  ['protocol/operations.ts', '../core/findings/verdict.ts'],
  ['reports/console.ts', '../suites/checks/errors/versions.ts'],
] as const)('the linter refuses that %s imports %s', async ([file, imported]) => {
  expect(await boundaryErrors(file, `import * as x from '${imported}';\nexport const y = x;\n`)).toBe(1);
});

test('the linter accepts what the table allows', async () => {
  const code = "import * as x from '../../protocol/operations.ts';\nexport const y = x;\n";
  expect(await boundaryErrors('core/findings/verdict.ts', code)).toBe(0);
});

test('docs/architecture.md shows the table that is enforced', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const shown = Object.fromEntries(
    [...text.matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)].map(([, folder, may]) => [
      folder,
      may!.trim() === '—' ? [] : may!.split(',').map((name) => name.trim()),
    ]),
  );
  expect(shown).toEqual(importTable);
});
