import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckFlags } from '../check-options.ts';
import { UsageError } from '../usage-error.ts';
import { configSchema, type GauntletConfig } from './define-config.ts';

/** Taken where it exists, in this order, unless `--config` names another file. */
export const defaultConfigs: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map((type) => `gauntlet.config.${type}`);

/** A config and the file that it is from, as the user would write its path. */
export interface LoadedConfig {
  readonly path: string;
  readonly config: GauntletConfig;
}

/**
 * The config that `--config` names, or the one of the folder, or none. TypeScript is read as Node reads it: types are
 * stripped, nothing else is compiled.
 *
 * @throws UsageError naming file and setting.
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig | undefined> {
  const path = named ?? defaultConfigs.find((name) => existsSync(join(cwd, name)));
  if (path === undefined) return undefined;
  const file = resolve(cwd, path);
  if (!existsSync(file)) throw new UsageError(`--config ${path}: there is no such file`);
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} cannot be loaded: ${why}`, error);
  }
  if (exported === undefined) {
    throw new UsageError(`${path} exports no default: write export default defineConfig({ … })`);
  }
  const parsed = configSchema.safeParse(exported);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    throw new UsageError(
      unknown === undefined
        ? `${path}: ${issue!.path.join('.') || 'the default export'}: ${issue!.message}`
        : `${path}: ${unknown} is no setting; known are ${Object.keys(configSchema.unwrap().shape).join(', ')}`,
      parsed.error,
    );
  }
  return { path, config: parsed.data };
}

/** The flags, completed by the config where the user gave none. Paths of the config are relative to its file. */
export function withConfig(
  url: string | undefined,
  flags: CheckFlags,
  { path, config }: LoadedConfig,
  cwd: string,
): { readonly url: string | undefined; readonly flags: CheckFlags } {
  const { url: ownUrl, headers, bindings, tenants, reporters, timeout, maxTasks, concurrency, seed, ...same } = config;
  const folder = dirname(resolve(cwd, path));
  const place = (file: string): string =>
    isAbsolute(file) || folder === resolve(cwd) ? file : relative(cwd, join(folder, file));
  // A header that the user gives replaces the one of the same name; --bearer gives Authorization.
  const given = new Set([
    ...(flags.header ?? []).map((field) => field.split(':', 1)[0]!.trim().toLowerCase()),
    ...(flags.bearer === undefined && flags.basic === undefined ? [] : ['authorization']),
  ]);
  const kept = Object.entries(headers ?? {}).filter(([name]) => !given.has(name.toLowerCase()));
  const { bearer, basic, cert, key, ca, cardKeys, stimuli, reportDir, baseline, ...plain } = same;
  const settings: Partial<CheckFlags> = {
    ...plain,
    // A token of the command line may come as a header, too.
    ...(bearer === undefined || given.has('authorization') ? {} : { bearer }),
    ...(basic === undefined || given.has('authorization') ? {} : { basic }),
    ...(cert === undefined ? {} : { cert: place(cert) }),
    ...(key === undefined ? {} : { key: place(key) }),
    ...(ca === undefined ? {} : { ca: place(ca) }),
    ...(cardKeys === undefined ? {} : { cardKeys: /^https?:/i.test(cardKeys) ? cardKeys : place(cardKeys) }),
    ...(stimuli === undefined ? {} : { stimuli: stimuli === 'tck' ? stimuli : place(stimuli) }),
    ...(reportDir === undefined ? {} : { reportDir: place(reportDir) }),
    ...(baseline === undefined ? {} : { baseline: place(baseline) }),
    ...(bindings === undefined ? {} : { binding: bindings }),
    ...(tenants === undefined ? {} : { tenant: tenants }),
    ...(reporters === undefined ? {} : { reporter: reporters }),
    ...(timeout === undefined ? {} : { timeout: String(timeout) }),
    ...(maxTasks === undefined ? {} : { maxTasks: String(maxTasks) }),
    ...(concurrency === undefined ? {} : { concurrency: String(concurrency) }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
  };
  const target = url ?? (flags.profile === undefined ? ownUrl : undefined);
  // What says where the config's agent is, and who may see it, is not for another one.
  const own = target === ownUrl ? settings : withoutTarget(settings);
  return {
    url: target,
    flags: {
      ...own,
      ...flags,
      header: [...(target === ownUrl ? kept.map(([name, value]) => `${name}: ${value}`) : []), ...(flags.header ?? [])],
    },
  };
}

/** Credentials and the place of the card belong to the agent of the config alone. */
function withoutTarget(settings: Partial<CheckFlags>): Partial<CheckFlags> {
  const ofTarget: readonly string[] = [
    'bearer',
    'basic',
    'apiKey',
    'secondBearer',
    'tenant',
    'cert',
    'key',
    'cardUrl',
    'cardKeys',
  ];
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !ofTarget.includes(name)));
}
