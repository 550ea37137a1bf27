import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { RunCheckOptions } from '../compose/run-check.ts';
import { spokenBindings } from '../core/wire/connect.ts';
import type { WebhookPlace } from '../fixtures/webhook/place.ts';
import { profiles, type Profile } from '../mocks/reference-agent/settings.ts';
import { patchReleases } from '../protocol/errors.ts';
import { readBaseline } from '../reports/baseline.ts';
import { parseCardKeys, type CardKeyFlags } from './card-keys.ts';
import { parseSecondPrincipal, type SecondPrincipalFlags } from './second-principal.ts';
import { UsageError } from './usage-error.ts';
import {
  bearerToken,
  duration,
  headerField,
  listenAddress,
  oneOf,
  parseFlag,
  publicUrl,
  userAndPassword,
  wholeNumber,
} from './values.ts';
import { parseOutput, type OutputFlags, type ReportOutput } from './write-report.ts';

/** The environment of the process, as far as options read it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** How the target is spoken to: what `check` and `replay` share. */
export interface ConnectionFlags {
  readonly header?: readonly string[];
  readonly bearer?: string;
  readonly basic?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly timeout?: string;
  readonly iOwnThisTarget?: readonly string[];
}

/** With what key or certificate the harness shows who it is. */
export interface IdentityFlags {
  readonly apiKey?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Where push notifications are received. */
export interface WebhookFlags {
  readonly webhookUrl?: string;
  readonly webhookListen?: string;
}

/** The flags of `check` as commander gives them. */
export interface CheckFlags
  extends ConnectionFlags, IdentityFlags, SecondPrincipalFlags, WebhookFlags, CardKeyFlags, OutputFlags {
  readonly binding?: readonly string[];
  readonly tenant?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly level?: string;
  readonly specPatch?: string;
  readonly strict?: boolean;
  readonly cardUrl?: string;
  readonly maxTasks?: string;
  readonly intrusive?: boolean;
  readonly stimuli?: string;
  readonly seed?: string;
  readonly baseline?: string;
  readonly profile?: string;
  readonly concurrency?: string;
}

/** One value that says all of how `check` runs. */
export interface CheckOptions {
  /** Of the run; without a URL the embedded reference agent is the target. */
  readonly run: Omit<RunCheckOptions, 'url' | 'embedded'> & { readonly url: string | null };
  /** Of the embedded reference agent. */
  readonly profile: Profile;
  readonly output: Omit<ReportOutput, 'color'>;
}

type Connection = Pick<RunCheckOptions, 'headers' | 'ca' | 'insecure' | 'timeoutMs' | 'owned'>;

const longestTimeoutMs = 10 * 60_000;
const defaultBaseline = 'gauntlet.baseline.yaml';

/** @throws UsageError naming the flag. */
export async function parseConnection(flags: ConnectionFlags, env: Env): Promise<Connection> {
  const fields = (flags.header ?? []).map((text) => parseFlag('--header', text, headerField));
  const repeated = fields.find(([name], index) => fields.findIndex(([other]) => same(other, name)) !== index);
  if (repeated !== undefined) throw new UsageError(`--header ${repeated[0]} is given twice`);
  const headers: Record<string, string> = Object.fromEntries(fields);
  const authorizations = [
    ...(flags.bearer === undefined ? [] : ['--bearer']),
    ...(flags.basic === undefined ? [] : ['--basic']),
    ...(fields.some(([name]) => same(name, 'authorization')) ? ['--header Authorization'] : []),
  ];
  if (authorizations.length > 1) {
    throw new UsageError(`${authorizations.join(' and ')} are given both: give one of them`);
  }
  if (flags.bearer !== undefined) {
    headers['Authorization'] = `Bearer ${bearerToken('--bearer', flags.bearer, env)}`;
  }
  if (flags.basic !== undefined) {
    const pair = Buffer.from(userAndPassword('--basic', flags.basic, env), 'utf8');
    headers['Authorization'] = `Basic ${pair.toString('base64')}`;
  }
  return {
    headers,
    ...(flags.ca === undefined ? {} : { ca: await readCertificate('--ca', flags.ca) }),
    insecure: flags.insecure ?? false,
    ...(flags.timeout === undefined
      ? {}
      : { timeoutMs: parseFlag('--timeout', flags.timeout, duration(50, longestTimeoutMs)) }),
    owned: flags.iOwnThisTarget ?? [],
  };
}

/**
 * All flags of `check` as one value; files that they name are read.
 *
 * @throws UsageError naming the flag; BaselineError naming the line.
 */
export async function parseCheckOptions(
  url: string | undefined,
  flags: CheckFlags,
  { env, cwd }: { readonly env: Env; readonly cwd: string },
): Promise<CheckOptions> {
  if (url === undefined && flags.cardUrl !== undefined) {
    throw new UsageError('--card-url needs the URL of the agent too: a2a-gauntlet check <url> --card-url <url>');
  }
  if (url !== undefined && flags.profile !== undefined) {
    throw new UsageError('--profile is for the embedded reference agent: leave out the URL, or the flag');
  }
  const output = parseOutput(flags);
  const connection = await parseConnection(flags, env);
  const identity = parseApiKey(flags, env);
  const stimuli = flags.stimuli ?? (url === undefined ? 'tck' : undefined);
  const baseline =
    flags.baseline ?? (url !== undefined && existsSync(join(cwd, defaultBaseline)) ? defaultBaseline : undefined);
  return {
    run: {
      ...connection,
      ...(await parseClientCertificate(flags)),
      ...identity,
      ...parseSecondPrincipal(flags, env, { ...connection, ...identity }),
      ...parseWebhook(flags),
      ...(await parseCardKeys(flags)),
      url: url ?? null,
      bindings: (flags.binding ?? []).map((name) => parseFlag('--binding', name, oneOf(spokenBindings))),
      tenants: parseTenants(flags.tenant ?? []),
      only: flags.only ?? [],
      skip: flags.skip ?? [],
      strict: flags.strict ?? false,
      intrusive: flags.intrusive ?? false,
      ...(flags.cardUrl === undefined ? {} : { cardUrl: flags.cardUrl }),
      ...(flags.level === undefined ? {} : { level: parseFlag('--level', flags.level, oneOf(['MUST', 'SHOULD'])) }),
      ...(flags.specPatch === undefined
        ? {}
        : { specPatch: parseFlag('--spec-patch', flags.specPatch, oneOf(patchReleases)) }),
      ...(flags.maxTasks === undefined
        ? {}
        : { maxTasks: parseFlag('--max-tasks', flags.maxTasks, wholeNumber(1, 1_000_000)) }),
      ...(stimuli === undefined ? {} : { stimuli }),
      ...(flags.seed === undefined
        ? {}
        : { seed: parseFlag('--seed', flags.seed, wholeNumber(0, Number.MAX_SAFE_INTEGER)) }),
      ...(flags.concurrency === undefined
        ? {}
        : { concurrency: parseFlag('--concurrency', flags.concurrency, wholeNumber(1, 64)) }),
      ...(baseline === undefined ? {} : { baseline: await readBaseline(baseline) }),
    },
    profile: parseFlag('--profile', flags.profile ?? 'full', oneOf(profiles)),
    output,
  };
}

/** @throws UsageError: an empty name is no tenant, and the same one twice is one. */
function parseTenants(names: readonly string[]): readonly string[] {
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw new UsageError('--tenant is empty: give the name of a tenant');
    if (names.indexOf(name) !== index) throw new UsageError(`--tenant ${name} is given twice`);
  }
  return names;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** @throws UsageError, without the key. */
export const parseApiKey = ({ apiKey }: IdentityFlags, env: Env): Pick<RunCheckOptions, 'apiKey'> =>
  apiKey === undefined ? {} : { apiKey: bearerToken('--api-key', apiKey, env) };

/**
 * The certificate of `--cert` with the key of `--key`, read.
 *
 * @throws UsageError naming the flag; the key itself is never shown.
 */
export async function parseClientCertificate({
  cert: certPath,
  key: keyPath,
}: IdentityFlags): Promise<Pick<RunCheckOptions, 'clientCertificate'>> {
  if (certPath === undefined && keyPath === undefined) return {};
  if (certPath === undefined) throw new UsageError('--key needs the certificate too: --cert <file>');
  if (keyPath === undefined) throw new UsageError('--cert needs its private key too: --key <file>');
  const cert = await readCertificate('--cert', certPath);
  const key = await readPem('--key', keyPath);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new UsageError(`--key ${keyPath}: the file holds no private key in PEM form without a passphrase`);
  }
  if (!new X509Certificate(cert).checkPrivateKey(privateKey)) {
    throw new UsageError(`--key ${keyPath} is not the key of the certificate in ${certPath}`);
  }
  return { clientCertificate: { cert, key } };
}

/** @throws UsageError naming the flag. */
export function parseWebhook({ webhookUrl, webhookListen }: WebhookFlags): Pick<RunCheckOptions, 'webhook'> {
  if (webhookUrl === undefined && webhookListen === undefined) return {};
  if (webhookListen === undefined) {
    throw new UsageError('--webhook-url needs the port of this machine that it leads to: --webhook-listen <port>');
  }
  const webhook: WebhookPlace = {
    listen: parseFlag('--webhook-listen', webhookListen, listenAddress),
    ...(webhookUrl === undefined ? {} : { publicUrl: parseFlag('--webhook-url', webhookUrl, publicUrl) }),
  };
  return { webhook };
}

async function readCertificate(flag: string, path: string): Promise<string> {
  const pem = await readPem(flag, path);
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw new UsageError(`${flag} ${path}: the file holds no certificate in PEM form`, error);
  }
  return pem;
}

async function readPem(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${flag} ${path}: the file cannot be read (${code})`, error);
  }
}
