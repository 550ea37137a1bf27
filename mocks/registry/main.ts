import { parseArgs } from 'node:util';
import { findChaosMutant } from '../mutants/chaos-catalogue.ts';
import type { RegistryOptions } from './registry.ts';
import { startRegistry } from './registry.ts';

/**
 * The registry as a child process. Prints `{"url":…}` as one line on stdout when it is ready; ends on SIGTERM, SIGINT and as
 * soon as its stdin closes, so that it never outlives a parent that was killed.
 */

class UsageError extends Error {}

const numbers = ['port', 'heartbeat-ms', 'missed-heartbeats', 'grace-ms'] as const;

function readOptions(argv: readonly string[]): RegistryOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { host: text, mutant: text, ...Object.fromEntries(numbers.map((name) => [name, text])) },
  });
  const given = values as Readonly<Record<string, string | undefined>>;
  const integer = (name: (typeof numbers)[number], least: number): number | undefined => {
    const value = given[name];
    if (value === undefined) return undefined;
    if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
    throw new UsageError(`--${name} takes a whole number from ${least}, got '${value}'`);
  };
  const [port, heartbeatMs] = [integer('port', 0), integer('heartbeat-ms', 1)];
  const [missedHeartbeats, graceMs] = [integer('missed-heartbeats', 1), integer('grace-ms', 0)];
  const { host, mutant } = given;
  const fault = mutant === undefined ? undefined : findChaosMutant(mutant)?.registry?.();
  if (mutant !== undefined && !fault) throw new UsageError(`unknown mutant '${mutant}'`);
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(missedHeartbeats === undefined ? {} : { missedHeartbeats }),
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(fault === undefined ? {} : { fault }),
  };
}

async function main(): Promise<void> {
  let options: RegistryOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`registry: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return;
  }
  const registry = await startRegistry(options);
  const stop = (): void => {
    process.stdin.destroy();
    void registry.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop).once('close', stop).resume();
  process.stdout.write(`${JSON.stringify({ url: registry.url })}\n`);
}

await main();
