import { isObject } from '../invariants/json.ts';
import type { Target } from './target.ts';

/** Which credentials a card demands, and where they travel (§4.5, §7.3). */

/** What of a target says which credentials it wants, and whether the user's connections show one by themselves. */
export type Card = Pick<Target, 'card' | 'showsCertificate'>;

/** Requirements are alternatives; an empty one among them, or none at all, lets everybody in. */
export function demandsCredentials({ card }: Card): boolean {
  const requirements = card['securityRequirements'];
  if (!Array.isArray(requirements) || requirements.length === 0) return false;
  return requirements.every(
    (one) => isObject(one) && isObject(one['schemes']) && Object.keys(one['schemes']).length > 0,
  );
}

export const schemesOf = ({ card }: Card): readonly unknown[] =>
  isObject(card['securitySchemes']) ? Object.values(card['securitySchemes']) : [];

/** Where the card's schemes carry credentials. */
export interface CredentialPlaces {
  readonly headers: readonly string[];
  /** Parameters of the URL. */
  readonly query: readonly string[];
  /** A client certificate is one of them. */
  readonly certificate: boolean;
}

/** Undefined where one of the schemes carries them where no request can be stripped of them: its place is not known. */
export function credentialPlaces(target: Card): CredentialPlaces | undefined {
  const headers = new Set<string>();
  const query = new Set<string>();
  let certificate = false;
  for (const scheme of schemesOf(target)) {
    if (!isObject(scheme)) return undefined;
    if (isObject(scheme['mtlsSecurityScheme'])) {
      certificate = true;
      continue;
    }
    const key = scheme['apiKeySecurityScheme'];
    if (!isObject(key)) headers.add('Authorization');
    else if (key['location'] === 'cookie') headers.add('Cookie');
    else if (typeof key['name'] !== 'string') return undefined;
    else if (key['location'] === 'header') headers.add(key['name']);
    else if (key['location'] === 'query') query.add(key['name']);
    else return undefined;
  }
  return { headers: [...headers], query: [...query], certificate };
}

/** Names of the schemes that each alternative of the card demands together. */
const alternatives = ({ card }: Card): readonly (readonly string[])[] => {
  const requirements = card['securityRequirements'];
  return (Array.isArray(requirements) ? requirements : []).map((one: unknown) =>
    isObject(one) && isObject(one['schemes']) ? Object.keys(one['schemes']) : [],
  );
};

/** Whether whoever shows a certificate needs more: then wrong credentials are looked at only beside it. */
export function demandsMoreThanCertificate(target: Card): boolean {
  const { securitySchemes: schemes } = target.card;
  const isCertificate = (name: string): boolean => {
    const scheme = isObject(schemes) ? schemes[name] : undefined;
    return isObject(scheme) && isObject(scheme['mtlsSecurityScheme']);
  };
  return alternatives(target).every((names) => names.some((name) => !isCertificate(name)));
}
