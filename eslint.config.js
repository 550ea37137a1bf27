import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';
import { importTable } from './import-table.ts';

const folders = Object.keys(importTable);

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'a2a-gauntlet-report/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.js'] } },
      'boundaries/elements': folders.map((folder) => ({ type: folder, pattern: `${folder}/**`, partialMatch: false })),
      'boundaries/files': [{ category: 'test', pattern: '**/*.test.ts' }],
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            ...folders.map((folder) => ({
              from: { element: { type: folder } },
              allow: { to: { element: { types: { anyOf: [folder, ...importTable[folder]] } } } },
            })),
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
            // A test may stand on real agents and on the test helpers of the suites; mocks stay by themselves.
            ...folders
              .filter((folder) => folder !== 'mocks')
              .map((folder) => ({
                from: { element: { type: folder }, file: { categories: 'test' } },
                allow: { to: { element: { types: { anyOf: ['mocks', 'fixtures', 'suites'] } } } },
              })),
          ],
        },
      ],
    },
  },
  {
    // Module-level state and the process belong to the command line alone.
    files: ['protocol/**/*.ts', 'core/**/*.ts', 'suites/**/*.ts', 'reports/**/*.ts', 'compose/**/*.ts'],
    // Figures are printed by programs of their own.
    ignores: ['**/*.test.ts', 'compose/bench/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only cli/ ends the process.' },
        { object: 'process', property: 'argv', message: 'Only cli/ reads the command line.' },
        { object: 'process', property: 'exitCode', message: 'Only cli/ sets the exit code.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'Program > VariableDeclaration[kind="let"]', message: 'No module-level state.' },
        {
          selector: 'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
          message: 'No module-level state.',
        },
      ],
    },
  },
);
