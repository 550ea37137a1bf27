import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { SelectionError } from '../compose/selection.ts';
import { parseCardKeys } from './card-keys.ts';
import { parseCheckOptions, parseConnection, parseWebhook, type CheckFlags } from './check-options.ts';
import { failureOf } from './failure.ts';
import { usesColor } from './io.ts';
import { createProgress } from './progress.ts';
import { temporaryFolder } from './testing/run-cli.ts';
import { UsageError } from './usage-error.ts';
import { bearerToken, duration, headerField, parseFlag } from './values.ts';

describe('times', () => {
  test.for([
    ['1500', 1500],
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['2m', 120_000],
  ] as const)('%s', ([text, milliseconds]) => {
    expect(parseFlag('--timeout', text, duration(1, 600_000))).toBe(milliseconds);
  });

  test.for(['', 's', '10 s', '-1', '1h', '1e3', '11m'])('not %j', (text) => {
    expect(() => parseFlag('--timeout', text, duration(1, 600_000))).toThrow(/^--timeout "/);
  });
});

describe('header fields', () => {
  test.for([
    ['X-Key: a: b', ['X-Key', 'a: b']],
    ['x:y', ['x', 'y']],
    ['Empty:', ['Empty', '']],
  ] as const)('%s', ([text, field]) => {
    expect(parseFlag('--header', text, headerField)).toEqual(field);
  });

  test.for(['', 'X', ': y', 'X Y: z', 'X: a\r\nB: c', 'X: ✓'])('not %j', (text) => {
    expect(() => parseFlag('--header', text, headerField)).toThrow(UsageError);
  });
});

describe('bearer tokens', () => {
  test('as they are, or of the environment', () => {
    expect(bearerToken('--bearer', 'abc', {})).toBe('abc');
    expect(bearerToken('--bearer', 'env:T', { T: 'xyz' })).toBe('xyz');
  });

  test('an error never shows the token', () => {
    expect(() => bearerToken('--bearer', 'se cret', {})).toThrow(/^(?!.*cret)/);
    expect(() => bearerToken('--bearer', 'env:T', { T: 'se\ncret' })).toThrow(/^(?!.*cret)/);
  });
});

test('user and password become a Basic credential', async () => {
  const parse = (basic: string, env = {}) => parseConnection({ basic }, env);
  // RFC 7617 §2.
  const credential = { Authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' };
  expect((await parse('Aladdin:open sesame')).headers).toEqual(credential);
  expect((await parse('env:PAIR', { PAIR: 'Aladdin:open sesame' })).headers).toEqual(credential);
  await expect(parse('Aladdin')).rejects.toThrow(/^(?!.*Aladdin)/);
});

describe('where notifications are received', () => {
  test.for([
    [{}, {}],
    [{ webhookListen: '8080' }, { webhook: { listen: { host: '127.0.0.1', port: 8080 } } }],
    [{ webhookListen: '0.0.0.0:80' }, { webhook: { listen: { host: '0.0.0.0', port: 80 } } }],
    [{ webhookListen: '[::1]:80' }, { webhook: { listen: { host: '::1', port: 80 } } }],
    [
      { webhookListen: 'localhost:9000', webhookUrl: 'https://tunnel.example/hooks' },
      { webhook: { listen: { host: 'localhost', port: 9000 }, publicUrl: 'https://tunnel.example/hooks' } },
    ],
  ] as const)('%o', ([flags, expected]) => {
    expect(parseWebhook(flags)).toEqual(expected);
  });

  test.for([
    [{ webhookUrl: 'https://tunnel.example' }, /^--webhook-url needs .*--webhook-listen <port>$/],
    [{ webhookListen: '8080', webhookUrl: 'tunnel.example' }, /^--webhook-url "tunnel\.example": an http or https URL/],
    [{ webhookListen: '8080', webhookUrl: 'https://t.example/?a=1' }, /^--webhook-url .* without user, query/],
    [{ webhookListen: 'https://t.example' }, /^--webhook-listen .*a port is expected/],
    [{ webhookListen: '0' }, /^--webhook-listen "0": a port is expected/],
    [{ webhookListen: '65536' }, /^--webhook-listen "65536": a port is expected/],
  ] as const)('not %o', ([flags, message]) => {
    expect(() => parseWebhook(flags)).toThrow(message);
  });
});

describe('all flags as one value', () => {
  const none: CheckFlags = { reportDir: 'r' };
  const parse = (url: string | undefined, flags: Partial<CheckFlags> = {}) =>
    parseCheckOptions(url, { ...none, ...flags }, { env: {}, cwd: '/nowhere' });

  test('what is left out is left to the run', async () => {
    expect(await parse('http://127.0.0.1:1')).toEqual({
      run: {
        url: 'http://127.0.0.1:1',
        bindings: [],
        headers: {},
        insecure: false,
        owned: [],
        only: [],
        skip: [],
        strict: false,
        tenants: [],
        intrusive: false,
      },
      profile: 'full',
      output: { reportDir: 'r', reporters: new Set(['console']), detail: 'normal' },
    });
  });

  test('the embedded agent knows the messages of the official kit', async () => {
    expect(await parse(undefined, { profile: 'minimal' })).toMatchObject({
      run: { url: null, stimuli: 'tck' },
      profile: 'minimal',
    });
  });

  test('everything given', async () => {
    const { run, ...rest } = await parse('http://127.0.0.1:1', {
      bearer: 't',
      header: ['X-A: 1'],
      timeout: '3s',
      maxTasks: '7',
      seed: '0',
      level: 'MUST',
      concurrency: '2',
      strict: true,
      reporter: ['markdown', 'json'],
      quiet: true,
    });
    expect(run).toMatchObject({
      headers: { 'X-A': '1', Authorization: 'Bearer t' },
      timeoutMs: 3000,
      maxTasks: 7,
      seed: 0,
      level: 'MUST',
      concurrency: 2,
      strict: true,
    });
    expect(rest.output).toMatchObject({ reporters: new Set(['markdown', 'json']), detail: 'quiet' });
  });
});

test.for<[unknown, number, RegExp]>([
  [new UsageError('--x: no'), 2, /^--x: no$/],
  [new SelectionError('nothing left'), 2, /^nothing left$/],
  [
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '-x'"),
    2,
    /^unknown option '-x'; see --help$/,
  ],
  [new TypeError('x is\nundefined'), 5, /^fault of the harness: TypeError: x is undefined \(--verbose shows where\)$/],
  ['thrown', 5, /^fault of the harness: thrown /],
])('%s is exit %i', ([error, code, line]) => {
  expect(failureOf(error)).toEqual({ code, line: expect.stringMatching(line) as string });
});

test.for<[boolean, Record<string, string>, boolean, boolean]>([
  [true, {}, true, true],
  [true, {}, false, false],
  [false, {}, true, false],
  [true, { NO_COLOR: '1' }, true, false],
  [true, { NO_COLOR: '' }, true, true],
  [true, { FORCE_COLOR: '1' }, false, true],
  [true, { FORCE_COLOR: '0' }, true, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [true, { TERM: 'dumb' }, true, false],
])('colour: flag %s, %j, terminal %s → %s', ([wanted, env, isTTY, colored]) => {
  const output = { isTTY, write: () => undefined };
  expect(usesColor(wanted, { env, cwd: '', stdout: output, stderr: output })).toBe(colored);
});

describe('progress', () => {
  const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:1/rpc' };
  const finding = {
    check: 'get/a',
    requirement: 'get/a',
    level: 'MUST',
    section: '§1',
    interface: ref,
    verdict: 'fail',
    reason: '',
    durationMs: 0,
    evidence: [],
  } as const;

  const show = (terminal: object): string => {
    let text = '';
    const progress = createProgress('http://127.0.0.1:1', {
      ...terminal,
      write: (part) => {
        text += part;
      },
    });
    const { listener } = progress;
    listener({ type: 'discovering' });
    listener({ type: 'exploring', interface: ref });
    listener({ type: 'planned', checks: 8 });
    for (let index = 0; index < 8; index += 1) {
      listener({ type: 'started', check: 'get/a', interface: ref });
      if (index === 3) listener({ type: 'finding', finding });
      listener({ type: 'finished', check: 'get/a', interface: ref, durationMs: 1 });
    }
    progress.end();
    return text;
  };

  test('in a log: the start and every quarter', () => {
    expect(show({}).split('\n')).toEqual([
      'checking http://127.0.0.1:1: reading its card',
      'trying messages on http://127.0.0.1:1/rpc',
      '2/8 checks (get)',
      '4/8 checks (get), 1 failed',
      '6/8 checks (get), 1 failed',
      '8/8 checks (get), 1 failed',
      '',
    ]);
  });

  test('on a terminal: one line, never wider than it, gone in the end', () => {
    const lines = show({ isTTY: true, columns: 20 }).split('\r\u001b[2K');
    expect(lines.every((line) => line.length < 20 && !line.includes('\n'))).toBe(true);
    expect(lines.at(-2)).toBe('8/8 checks (get), 1');
    expect(lines.at(-1)).toBe('');
  });

  test('silent once the target is lost or the run is interrupted: checks that only end are no progress', () => {
    const lines = (signal: AbortSignal | undefined, lost: boolean): string[] => {
      const written: string[] = [];
      const { listener } = createProgress('http://127.0.0.1:1', { write: (line) => written.push(line) }, signal);
      listener({ type: 'planned', checks: 1 });
      if (lost) listener({ type: 'target-lost', reason: 'it is gone' });
      listener({ type: 'finished', check: 'get/a', interface: ref, durationMs: 1 });
      return written;
    };
    expect(lines(undefined, false)).toEqual(['1/1 checks\n']);
    expect(lines(undefined, true)).toEqual(['it is gone\n']);
    expect(lines(AbortSignal.abort(), false)).toEqual([]);
  });
});

describe('keys of the card’s signatures', () => {
  const keys = [{ kty: 'EC', kid: 'k1' }];

  test.for([
    ['a JWK Set', { keys }],
    ['a single key', keys[0]],
  ] as const)('a file with %s', async ([, content]) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'keys.json');
    await writeFile(path, JSON.stringify(content));
    expect(await parseCardKeys({ cardKeys: path })).toEqual({ cardKeys: { kind: 'keys', keys, from: path } });
  });

  test('a place of the web', async () => {
    const url = 'https://keys.example.com/jwks.json';
    expect(await parseCardKeys({ cardKeys: url })).toEqual({ cardKeys: { kind: 'url', url } });
    await expect(parseCardKeys({ cardKeys: 'http://keys.example.com/' })).rejects.toThrow(/^--card-keys .*https alone/);
  });

  test.for(['{', '[]', '{"keys":[]}', '{"a":1}'])('not %s', async (text) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'keys.json');
    await writeFile(path, text);
    await expect(parseCardKeys({ cardKeys: path })).rejects.toThrow(/^--card-keys .*a JWK Set is expected/);
  });

  test('no such file', async () => {
    await expect(parseCardKeys({ cardKeys: '/no/such/file' })).rejects.toThrow(/^--card-keys .*ENOENT/);
  });
});
