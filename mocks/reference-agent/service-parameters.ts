import { versionNotSupported } from './errors.ts';
import type { HttpQuestion, Policy } from './hooks.ts';

/** §3.2.6: the service parameters of a request, whatever binding carried them. */
export interface ServiceParameters {
  /** Undefined where the parameter is missing. */
  readonly version: string | undefined;
  readonly extensions: readonly string[];
}

export const supportedVersion = '1.0';

/** Name of the version as a header and in a query, in lower case. */
export const versionParameter = 'a2a-version';

/** Comma-separated URIs; surrounding blanks do not count. */
export const parseExtensions = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');

/** The service parameters of an HTTP request: headers (§9.2, §11.2), the version as a query parameter too (§3.6.1). */
export function serviceParameters({ headers, query }: HttpQuestion, ignoreQuery = false): ServiceParameters {
  const fromQuery = ignoreQuery ? undefined : [...query].find(([name]) => name.toLowerCase() === versionParameter)?.[1];
  return { version: headers[versionParameter] ?? fromQuery, extensions: parseExtensions(headers['a2a-extensions']) };
}

/**
 * Throws VersionNotSupportedError unless the request speaks 1.0: patch numbers do not count (§3.6), a missing or empty
 * value means 0.3 (§3.6.2), and what is no version is none that is supported.
 */
export function checkVersion({ version }: ServiceParameters, policy: Policy = {}): void {
  if (policy.versionIgnored) return;
  if (version === undefined && policy.absentVersionAccepted) return;
  const given = version?.trim() ?? '';
  if (given === '' && policy.emptyVersionAccepted) return;
  const effective = given === '' ? '0.3' : given;
  const match = /^((?:0|[1-9]\d*)\.(?:0|[1-9]\d*))(\.(?:0|[1-9]\d*))?$/.exec(effective);
  const patchRefused = policy.patchVersionRefused === true && match?.[2] !== undefined;
  if (match?.[1] !== supportedVersion || patchRefused) throw versionNotSupported(effective, supportedVersion);
}
