import { lookup as dnsLookup } from 'node:dns';
import { validateHeaderValue } from 'node:http';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';
import type { FieldViolation } from './errors.ts';
import type { TaskPushNotificationConfig } from './types.ts';

/** Which webhooks may be called (§13.2): no private networks, and nothing that would break out of a header. */
export interface WebhookGuard {
  violations(config: TaskPushNotificationConfig, path: string): readonly FieldViolation[];
  /** Name resolution for the connection itself: refuses forbidden addresses that a name leads to. */
  readonly lookup: LookupFunction;
}

function createBlockList(allowLoopback: boolean): BlockList {
  const blocked = new BlockList();
  const ipv4: readonly [string, number][] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ...(allowLoopback ? [] : ([['127.0.0.0', 8]] satisfies [string, number][])),
  ];
  for (const [network, prefix] of ipv4) blocked.addSubnet(network, prefix, 'ipv4');
  blocked.addAddress('::', 'ipv6');
  blocked.addSubnet('fc00::', 7, 'ipv6');
  blocked.addSubnet('fe80::', 10, 'ipv6');
  blocked.addSubnet('ff00::', 8, 'ipv6');
  if (!allowLoopback) blocked.addAddress('::1', 'ipv6');
  return blocked;
}

const isHeaderValue = (value: string): boolean => {
  try {
    validateHeaderValue('Authorization', value);
    return true;
  } catch {
    return false;
  }
};

export function createWebhookGuard(allowLoopback: boolean): WebhookGuard {
  const blockList = createBlockList(allowLoopback);
  const isBlocked = (address: string): boolean => blockList.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  const urlProblem = (text: string): string | undefined => {
    if (!URL.canParse(text)) return 'Must be an absolute URL';
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Must be an http or https URL';
    if (url.username !== '' || url.password !== '') return "Must not contain credentials; use 'authentication'";
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && isBlocked(host)) return 'Private addresses are not allowed';
    if (!allowLoopback && (host === 'localhost' || host.endsWith('.localhost'))) return 'localhost is not allowed';
    return undefined;
  };

  return {
    violations(config, path) {
      const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
      const found: FieldViolation[] = [];
      const problem = urlProblem(config.url);
      if (problem !== undefined) found.push({ field: at('url'), description: problem });
      const headers: readonly [string, string | undefined][] = [
        ['token', config.token],
        ['authentication.scheme', config.authentication?.scheme],
        ['authentication.credentials', config.authentication?.credentials],
      ];
      for (const [name, value] of headers) {
        if (value !== undefined && !isHeaderValue(value)) {
          found.push({ field: at(name), description: 'Contains characters that cannot be sent in an HTTP header' });
        }
      }
      return found;
    },

    lookup(hostname, options, callback) {
      dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
        const allowed = addresses?.filter(({ address }) => !isBlocked(address)) ?? [];
        const first = allowed[0];
        if (error || !first) callback(error ?? new Error(`${hostname} has no allowed address`), '', 0);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    },
  };
}
