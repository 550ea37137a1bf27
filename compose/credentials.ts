/** What of a user's input is secret, and must not stand in anything that leaves the run. */

/** Header fields whose values say nothing secret. */
const openHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'a2a-extensions',
  'a2a-version',
  'content-type',
  'traceparent',
  'user-agent',
]);

const secretParameter = /key|token|secret|password|pwd|sig|auth|code/i;

/** The names of the given header fields that may be credentials: all but the well-known harmless ones. */
export const credentialNames = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(headers).filter((name) => !openHeaders.has(name.toLowerCase()));

/** A shorter text would be taken out of half the report. */
const shortestSecret = 4;

/** Values to redact: of credential headers (also the part after the scheme), of user info and parameters of URLs. */
export function secretsOf(
  headers: Readonly<Record<string, string>>,
  urls: readonly (string | undefined)[],
): readonly string[] {
  const ofHeaders = credentialNames(headers).flatMap((name) => {
    const value = headers[name]!.trim();
    const [, scheme, credentials] = /^([A-Za-z][\w-]*)\s+(.+)$/.exec(value) ?? [];
    if (scheme === undefined || credentials === undefined) return [value];
    const pair = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
    const password = pair.slice(pair.indexOf(':') + 1);
    // The claims of a token are sent under another signature, too.
    const [claims] = /^[\w-]+\.[\w-]+(?=\.)/.exec(credentials) ?? [];
    return [credentials, ...(password === '' ? [] : [password]), ...(claims === undefined ? [] : [claims])];
  });
  const ofUrls = urls.flatMap((text) => {
    const url = text === undefined ? null : URL.parse(text);
    if (url === null) return [];
    const parameters = [...url.searchParams].filter(([name]) => secretParameter.test(name));
    return [url.password, decoded(url.password), ...parameters.map(([, value]) => value)];
  });
  // Where the target is, everyone may read: a header that names its host would make the report unreadable.
  const hosts = urls.flatMap((text) => (text === undefined ? [] : (URL.parse(text)?.host ?? [])));
  return [...ofHeaders.filter((value) => !hosts.some((host) => host.includes(value))), ...ofUrls].filter(
    ({ length }) => length >= shortestSecret,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape stands for itself.
    return text;
  }
}
