import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from './errors.ts';
import type { Policy } from './hooks.ts';
import type { Credential, Settings } from './settings.ts';

/** Who calls. Tasks belong to the principal that made them; callers without credentials share one (§13.1). */
export interface Caller {
  readonly principal: string;
  readonly credential: Credential | undefined;
}

const anonymous: Caller = { principal: 'anonymous', credential: undefined };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the card declares the bearer scheme, and so whether credentials are looked at at all. */
export const declaresBearer = ({ capabilities, requireAuthentication }: Settings): boolean =>
  requireAuthentication || capabilities.extendedCard === 'configured';

/** Throws HTTP 401 for invalid credentials, and for missing ones where every operation needs them (§3.3.2, §7.4). */
export function authenticate(authorization: string | undefined, settings: Settings, policy: Policy = {}): Caller {
  if (!declaresBearer(settings) || policy.authenticationIgnored) return anonymous;
  if (authorization === undefined) {
    if (settings.requireAuthentication) throw unauthenticated('missing');
    return anonymous;
  }
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization.trim())?.[1];
  const credential =
    token === undefined
      ? undefined
      : settings.credentials.find((known) => timingSafeEqual(digest(known.token), digest(token)));
  if (!credential) {
    settings.log({ level: 'warn', event: 'authentication failed' });
    throw unauthenticated('invalid');
  }
  return { principal: credential.principal, credential };
}
