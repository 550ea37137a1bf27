import { readFile } from 'node:fs/promises';
import type { RunCheckOptions } from '../compose/run-check.ts';
import { keysIn } from '../core/target/card-keys.ts';
import { hostOf, isThisMachine } from '../fixtures/guest/hosts.ts';
import { UsageError } from './usage-error.ts';

export interface CardKeyFlags {
  readonly cardKeys?: string;
}

const flag = '--card-keys';

/**
 * The keys of `--card-keys`: of a file, read, or the place from which the run fetches them.
 *
 * @throws UsageError naming the flag.
 */
export async function parseCardKeys({ cardKeys: place }: CardKeyFlags): Promise<Pick<RunCheckOptions, 'cardKeys'>> {
  if (place === undefined) return {};
  if (/^https?:\/\//i.test(place)) {
    const host = hostOf(place);
    if (host === undefined) throw new UsageError(`${flag} ${place}: it is no URL`);
    if (!/^https:/i.test(place) && !isThisMachine(host)) {
      throw new UsageError(`${flag} ${place}: keys of another machine are fetched over https alone (§8.4.3)`);
    }
    return { cardKeys: { kind: 'url', url: place } };
  }
  let text: string;
  try {
    text = await readFile(place, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${flag} ${place}: the file cannot be read (${code})`, error);
  }
  const keys = keysOf(text);
  if (keys === undefined || keys.length === 0) {
    throw new UsageError(`${flag} ${place}: a JWK Set is expected, like {"keys":[{"kty":"EC","kid":"…",…}]}`);
  }
  return { cardKeys: { kind: 'keys', keys, from: place } };
}

function keysOf(text: string): ReturnType<typeof keysIn> {
  try {
    return keysIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}
