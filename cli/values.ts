import { z } from 'zod';
import { UsageError } from './usage-error.ts';

/** Values of flags; every error names its flag. */

/**
 * @throws UsageError `<flag> <text>: <what is expected>`
 */
export function parseFlag<Schema extends z.ZodType>(flag: string, text: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${flag} ${JSON.stringify(text)}: ${parsed.error.issues[0]!.message}`);
}

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'a whole number is expected')
    .transform(Number)
    .pipe(z.int(`at most ${most}`).min(least, `at least ${least}`).max(most, `at most ${most}`));

const units = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds from `1500`, `500ms`, `10s`, `2m`. */
export const duration = (leastMs: number, mostMs: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|m)?$/, 'a time is expected, like 1500 (milliseconds), 500ms, 10s or 2m')
    .transform((text) => {
      const [, amount, unit = 'ms'] = /^([\d.]+)(ms|s|m)?$/.exec(text)!;
      return Math.round(Number(amount) * units[unit as keyof typeof units]);
    })
    .pipe(
      z
        .number()
        .min(leastMs, `at least ${leastMs} ms`)
        .max(mostMs, `at most ${mostMs / 1000} s`),
    );

export const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, `known are ${names.join(', ')}`);

/** `Name: value` of an HTTP header field (RFC 9110 §5). */
export const headerField = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~\w]+:/, 'a header field is expected, like "Name: value"')
  .transform((text): readonly [string, string] => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).trim()];
  })
  .refine(([, value]) => !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value), 'the value holds control characters')
  // Node sends field values as Latin-1.
  .refine(([, value]) => !/[^\u0000-\u00ff]/.test(value), 'the value holds characters beyond Latin-1');

/** `8080`, `host:8080` or `[::1]:8080`; without a host the loopback address. */
export const listenAddress = z
  .string()
  .regex(/^(?:(?:[\w.-]+|\[[\da-f:.]+\]):)?\d{1,5}$/i, 'a port is expected, or host:port')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    const host = colon < 0 ? '127.0.0.1' : text.slice(0, colon).replace(/^\[|\]$/g, '');
    return { host, port: Number(text.slice(colon + 1)) };
  })
  .refine(({ port }) => port >= 1 && port <= 65_535, 'a port is expected, 1 to 65535');

/** An absolute URL that can be given to others as a base. */
export const publicUrl = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'an http or https URL is expected')
  .refine((text) => {
    const url = URL.parse(text);
    return url?.search === '' && url.hash === '' && url.username === '';
  }, 'a URL without user, query and fragment is expected');

/** A secret as it is, or `env:NAME` for the value of an environment variable. */
function secret(flag: string, what: string, text: string, env: Readonly<Record<string, string | undefined>>): string {
  const [, name] = /^env:(.+)$/.exec(text) ?? [];
  const value = name === undefined ? text : env[name];
  if (value === undefined || value === '') {
    throw new UsageError(
      name === undefined ? `${flag} is empty: give ${what}, or env:NAME` : `${flag} ${text}: ${name} is not set`,
    );
  }
  return value;
}

/** A bearer token, or `env:NAME` for the value of an environment variable. */
export function bearerToken(flag: string, text: string, env: Readonly<Record<string, string | undefined>>): string {
  const token = secret(flag, 'a token', text, env);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(`${flag}: the token holds characters that no token has`);
  return token;
}

/** `user:password` (RFC 7617 §2: no control characters, no colon in the user), or `env:NAME`. */
export function userAndPassword(flag: string, text: string, env: Readonly<Record<string, string | undefined>>): string {
  const pair = secret(flag, 'user:password', text, env);
  if (!pair.includes(':')) throw new UsageError(`${flag}: there is no colon between user and password`);
  if (/[\u0000-\u001f\u007f]/.test(pair)) throw new UsageError(`${flag}: it holds control characters`);
  return pair;
}
