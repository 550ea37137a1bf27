import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { parseCheckOptions, type CheckFlags } from '../check-options.ts';
import { addCheck } from '../commands/check.ts';
import { temporaryFolder } from '../testing/run-cli.ts';
import { configSchema, type GauntletConfig } from './define-config.ts';
import { loadConfig, withConfig } from './load-config.ts';

const url = 'http://127.0.0.1:4000';

const merged = (config: GauntletConfig, flags: CheckFlags = {}, givenUrl?: string) =>
  withConfig(givenUrl, flags, { path: 'gauntlet.config.ts', config }, '/project');

/** A folder with files, gone with its scope. */
async function project(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder.path, name, '..'), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
  return folder;
}

test('every flag of check has a setting, or is of one run alone', () => {
  const io = { stdout: process.stdout, stderr: process.stderr, env: {}, cwd: '.' };
  const program = new Command();
  addCheck(program, io, () => undefined);
  const flags = program.commands[0]!.options.map((option) => option.attributeName());
  const renamed: Readonly<Record<string, string>> = {
    header: 'headers',
    binding: 'bindings',
    tenant: 'tenants',
    reporter: 'reporters',
  };
  const ofOneRun = ['config', 'profile', 'list', 'quiet', 'verbose', 'color'];
  const expected = flags.filter((name) => !ofOneRun.includes(name)).map((name) => renamed[name] ?? name);
  expect(Object.keys(configSchema.unwrap().shape).toSorted()).toEqual([...expected, 'url'].toSorted());
});

test('a config gives what the command line leaves out', async () => {
  const config: GauntletConfig = {
    url,
    headers: { 'X-Key': 'a' },
    bearer: 'token',
    timeout: '5s',
    level: 'MUST',
    strict: true,
    maxTasks: 7,
    seed: 3,
    bindings: ['HTTP+JSON'],
    reporters: ['junit'],
    iOwnThisTarget: ['agent.example'],
    only: ['get'],
  };
  const { url: target, flags } = merged(config);
  const options = await parseCheckOptions(target, flags, { env: {}, cwd: '/project' });
  expect(options).toMatchObject({
    run: {
      url,
      headers: { 'X-Key': 'a', Authorization: 'Bearer token' },
      timeoutMs: 5000,
      level: 'MUST',
      strict: true,
      maxTasks: 7,
      seed: 3,
      bindings: ['HTTP+JSON'],
      owned: ['agent.example'],
      only: ['get'],
    },
    output: { reporters: new Set(['junit']) },
  });
});

test('a flag wins over its setting', () => {
  const { flags } = merged(
    { url, level: 'MUST', timeout: 5000, headers: { 'x-key': 'of the config', Other: '1' }, bearer: 'of the config' },
    { level: 'SHOULD', timeout: '1s', header: ['X-Key: mine'], bearer: 'mine' },
  );
  expect(flags).toEqual({
    level: 'SHOULD',
    timeout: '1s',
    header: ['Other: 1', 'X-Key: mine'],
    bearer: 'mine',
  });
});

test('a token given as a header replaces the one of the config', () => {
  expect(merged({ url, bearer: 'a' }, { header: ['authorization: Basic b'] }).flags).toEqual({
    header: ['authorization: Basic b'],
  });
});

test('credentials and card of the agent in the config go to no other agent', () => {
  const config: GauntletConfig = {
    url,
    bearer: 'a',
    cert: 'c',
    key: 'k',
    headers: { 'X-Key': 'b' },
    cardUrl: `${url}/card`,
    level: 'MUST',
  };
  for (const [given, flags] of [
    ['http://127.0.0.1:5000', {}],
    [undefined, { profile: 'minimal' }],
  ] as const) {
    expect(merged(config, flags, given)).toEqual({ url: given, flags: { ...flags, level: 'MUST', header: [] } });
  }
});

test('paths are relative to the config', () => {
  const { flags } = withConfig(
    undefined,
    {},
    {
      path: 'ci/gauntlet.config.ts',
      config: { url, ca: 'ca.pem', stimuli: '../stimuli.yaml', baseline: '/known.yaml', reportDir: 'report' },
    },
    '/project',
  );
  expect(flags).toMatchObject({
    ca: 'ci/ca.pem',
    stimuli: 'stimuli.yaml',
    baseline: '/known.yaml',
    reportDir: 'ci/report',
  });
});

test('the folder’s config is found, TypeScript too; a named one replaces it', async () => {
  await using folder = await project({
    'gauntlet.config.ts': `type Url = string;\nconst url: Url = '${url}';\nexport default { url };`,
    'other/ci.mjs': `export default { url: '${url}/other' };`,
  });
  expect(await loadConfig(undefined, folder.path)).toEqual({ path: 'gauntlet.config.ts', config: { url } });
  expect((await loadConfig('other/ci.mjs', folder.path))?.config).toEqual({ url: `${url}/other` });
});

test('without a config there is none', async () => {
  await using folder = await project({});
  expect(await loadConfig(undefined, folder.path)).toBeUndefined();
});

test.for<[string, string, RegExp]>([
  ['an unknown setting', 'export default { timeuot: 5 };', /^c\.mjs: timeuot is no setting; known are url, /],
  ['a setting of a wrong type', 'export default { strict: "yes" };', /^c\.mjs: strict: true or false is expected$/],
  ['an unknown reporter', 'export default { reporters: ["html"] };', /^c\.mjs: reporters\.0: known are console, /],
  ['no default export', 'export const url = 1;', /^c\.mjs exports no default: /],
  ['no module', 'export default {', /^c\.mjs cannot be loaded: /],
  ['a text', 'export default "url";', /^c\.mjs: the default export: /],
])('%s is one line that names file and setting', async ([, text, message]) => {
  await using folder = await project({ 'c.mjs': text });
  await expect(loadConfig('c.mjs', folder.path)).rejects.toThrow(message);
});

test('a named config that is missing', async () => {
  await using folder = await project({});
  await expect(loadConfig('none.ts', folder.path)).rejects.toThrow('--config none.ts: there is no such file');
});
