import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findMutant } from '../mutants/catalogue.ts';
import { findChaosMutant } from '../mutants/chaos-catalogue.ts';
import { mutantOptions } from '../mutants/mutant.ts';
import { findVariant } from '../variants/catalogue.ts';
import { variantOptions } from '../variants/variant.ts';
import { startReferenceAgent } from './agent.ts';
import type { Binding } from './bindings.ts';
import { bindings } from './bindings.ts';
import type { Profile, ReferenceAgentOptions, TlsOptions } from './settings.ts';
import { profiles } from './settings.ts';

/**
 * The agent as a child process. Prints `{"url":…}` as one line on stdout when it is ready; ends on SIGTERM, SIGINT and
 * as soon as its stdin closes, so that it never outlives a parent that was killed.
 */

class UsageError extends Error {}

const isProfile = (name: string): name is Profile => (profiles as readonly string[]).includes(name);

const isBinding = (name: string): name is Binding => (bindings as readonly string[]).includes(name);

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} takes a whole number, got '${text}'`);
  return Number(text);
}

function webUrl(name: string, text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw new UsageError(`--${name} takes a URL, got '${text}'`);
  return text;
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${name} ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How long work takes that is to be seen under way on a busy machine, too: the start of the process tells how busy it is. */
const unhurriedMs = (): number => Math.round(Math.min(8_000, Math.max(1_500, 2_000 * process.uptime())));

type TlsFlags = Readonly<Partial<Record<'cert' | 'key' | 'client-ca' | 'client-certificate', string>>>;

/** PEM files; whoever gives the authority of clients demands their certificates. */
function tlsOf(flags: TlsFlags): TlsOptions | undefined {
  const { cert, key, 'client-ca': ca, 'client-certificate': certificate = 'required' } = flags;
  if (cert === undefined && key === undefined && ca === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new UsageError('TLS takes both --cert and --key');
  if (certificate !== 'required' && certificate !== 'requested')
    throw new UsageError(`--client-certificate takes 'required' or 'requested', got '${certificate}'`);
  return {
    cert: textOf('cert', cert),
    key: textOf('key', key),
    ...(ca === undefined ? {} : { clients: { ca: textOf('client-ca', ca), certificate } }),
  };
}

function readOptions(argv: readonly string[]): ReferenceAgentOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      profile: { type: 'string', multiple: true },
      binding: { type: 'string', multiple: true },
      port: { type: 'string' },
      'grpc-port': { type: 'string' },
      host: { type: 'string' },
      'public-url': { type: 'string' },
      'public-grpc-url': { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      'client-ca': { type: 'string' },
      'client-certificate': { type: 'string' },
      'long-running-ms': { type: 'string' },
      unhurried: { type: 'boolean', default: false },
      'store-file': { type: 'string' },
      'registry-url': { type: 'string' },
      'heartbeat-ms': { type: 'string' },
      mutant: { type: 'string' },
      variant: { type: 'string' },
    },
  });
  const chosen = (values.profile ?? []).flatMap((names) => names.split(','));
  const unknown = chosen.find((name) => !isProfile(name));
  if (unknown !== undefined) throw new UsageError(`unknown profile '${unknown}'; known: ${profiles.join(', ')}`);
  const spoken = (values.binding ?? []).flatMap((names) => names.split(','));
  const foreign = spoken.find((name) => !isBinding(name));
  if (foreign !== undefined) throw new UsageError(`unknown binding '${foreign}'; known: ${bindings.join(', ')}`);
  const port = integer('port', values.port);
  const grpcPort = integer('grpc-port', values['grpc-port']);
  const longRunningMs =
    integer('long-running-ms', values['long-running-ms']) ?? (values.unhurried ? unhurriedMs() : undefined);
  const heartbeatMs = integer('heartbeat-ms', values['heartbeat-ms']);
  const tls = tlsOf(values);
  if (heartbeatMs === 0) throw new UsageError('--heartbeat-ms takes at least 1');
  const options: ReferenceAgentOptions = {
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['public-url'] === undefined ? {} : { publicUrl: webUrl('public-url', values['public-url']) }),
    ...(values['public-grpc-url'] === undefined
      ? {}
      : { publicGrpcUrl: webUrl('public-grpc-url', values['public-grpc-url']) }),
    ...(values['registry-url'] === undefined ? {} : { registryUrl: webUrl('registry-url', values['registry-url']) }),
    ...(values['store-file'] === undefined ? {} : { storeFile: values['store-file'] }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(tls === undefined ? {} : { tls }),
    ...(chosen.length > 0 ? { profile: chosen.filter(isProfile) } : {}),
    ...(spoken.length > 0 ? { bindings: spoken.filter(isBinding) } : {}),
    ...(port === undefined ? {} : { port }),
    ...(grpcPort === undefined ? {} : { grpcPort }),
    ...(longRunningMs === undefined ? {} : { longRunningMs }),
    log: (entry) => process.stderr.write(`${JSON.stringify(entry)}\n`),
  };
  if (values.mutant !== undefined && values.variant !== undefined) {
    throw new UsageError('--mutant and --variant are two agents, not one');
  }
  if (values.variant !== undefined) {
    const variant = findVariant(values.variant);
    if (!variant) throw new UsageError(`unknown variant '${values.variant}'`);
    return variantOptions(variant, options);
  }
  if (values.mutant === undefined) return options;
  const chaosMutant = findChaosMutant(values.mutant);
  if (chaosMutant?.agent) return { ...options, ...chaosMutant.agent() };
  const mutant = findMutant(values.mutant);
  if (!mutant) throw new UsageError(`unknown mutant '${values.mutant}'`);
  return mutantOptions(mutant, options);
}

async function main(): Promise<void> {
  let options: ReferenceAgentOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`reference-agent: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return;
  }
  const agent = await startReferenceAgent(options);
  const stop = (): void => {
    process.stdin.destroy();
    void agent.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop).once('close', stop).resume();
  process.stdout.write(`${JSON.stringify({ url: agent.url })}\n`);
}

await main();
