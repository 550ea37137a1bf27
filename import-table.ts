/**
 * What each folder may import beside itself and packages: the one place of this rule. `eslint.config.js` enforces it;
 * `docs/architecture.md` explains it, and a test holds that table equal to this one.
 */
export const importTable: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  core: ['protocol'],
  mocks: [],
  fixtures: ['protocol', 'core', 'mocks'],
  suites: ['protocol', 'core', 'fixtures'],
  load: ['protocol', 'core', 'fixtures'],
  chaos: ['protocol', 'core', 'fixtures', 'load'],
  reports: ['protocol', 'core'],
  compose: ['protocol', 'core', 'suites', 'fixtures', 'mocks', 'load', 'chaos', 'reports'],
  cli: ['protocol', 'core', 'suites', 'fixtures', 'mocks', 'load', 'chaos', 'reports', 'compose'],
};
