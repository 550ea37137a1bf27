import type { Problem } from '../../../protocol/schemas/problem.ts';
import { isObject, type Json } from './fetch-card.ts';

/** The security schemes of one kind, by the names that the card gives them. */
export const schemesOf = ({ securitySchemes }: Json, kind: string): readonly (readonly [string, Json])[] =>
  Object.entries(isObject(securitySchemes) ? securitySchemes : {}).flatMap(([name, scheme]) => {
    const of = isObject(scheme) ? scheme[kind] : undefined;
    return isObject(of) ? [[name, of] as const] : [];
  });

/** Fields that are there; what is empty or of another type is for the schema to name. */
const textIn = (object: Json, field: string): readonly string[] => {
  const text = object[field];
  return typeof text === 'string' && text !== '' ? [text] : [];
};

/** `APIKeySecurityScheme.location`: "Valid values are "query", "header", or "cookie"". */
const keyLocations = (card: Json): readonly Problem[] =>
  schemesOf(card, 'apiKeySecurityScheme').flatMap(([name, scheme]) =>
    textIn(scheme, 'location')
      .filter((location) => !['query', 'header', 'cookie'].includes(location))
      .map((location) => ({
        path: `/securitySchemes/${name}/apiKeySecurityScheme/location`,
        kind: 'enum-value',
        object: 'APIKeySecurityScheme',
        field: 'location',
        row: 'agent-card/security-schemes',
        expected: '"query", "header" or "cookie"',
        actual: JSON.stringify(location),
      })),
  );

/** The IANA registry of HTTP authentication schemes; names have no case (RFC 9110 §11.1). */
const registeredSchemes: ReadonlySet<string> = new Set(
  [
    ...['Basic', 'Bearer', 'Concealed', 'Digest', 'DPoP', 'GNAP', 'HOBA', 'Mutual', 'Negotiate', 'OAuth'],
    ...['PrivateToken', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'vapid'],
  ].map((name) => name.toLowerCase()),
);

const httpSchemes = (card: Json): readonly Problem[] =>
  schemesOf(card, 'httpAuthSecurityScheme').flatMap(([name, own]) =>
    textIn(own, 'scheme')
      .filter((scheme) => !registeredSchemes.has(scheme.toLowerCase()))
      .map((scheme) => ({
        path: `/securitySchemes/${name}/httpAuthSecurityScheme/scheme`,
        kind: 'enum-value',
        object: 'HTTPAuthSecurityScheme',
        field: 'scheme',
        row: 'agent-card/http-auth-scheme',
        expected: 'a registered scheme, like Bearer',
        actual: JSON.stringify(scheme),
      })),
  );

const relative = [
  'a2a.proto: it MUST be in the form of a URL, which is absolute',
  'RFC 3986 §4.1: a relative reference has the form of one',
] as const;

/** `ImplicitOAuthFlow`, `PasswordOAuthFlow`: their URLs MUST be in the form of a URL; of other flows the proto says no such thing. */
const flowUrls = (card: Json): readonly Problem[] =>
  schemesOf(card, 'oauth2SecurityScheme').flatMap(([name, { flows }]) =>
    ['implicit', 'password'].flatMap((flow) => {
      const own = isObject(flows) ? flows[flow] : undefined;
      if (!isObject(own)) return [];
      return ['authorizationUrl', 'tokenUrl', 'refreshUrl'].flatMap((field) =>
        textIn(own, field)
          .filter((url) => !URL.canParse(url))
          .map((url): Problem => ({
            path: `/securitySchemes/${name}/oauth2SecurityScheme/flows/${flow}/${field}`,
            kind: 'type',
            object: 'OAuthFlows',
            field,
            row: 'agent-card/security-schemes',
            expected: 'a URL',
            actual: JSON.stringify(url),
            // What has blanks is no reference either.
            ...(/\s/.test(url) || !URL.canParse(url, 'https://a.example') ? {} : { readings: relative }),
          })),
      );
    }),
  );

const plainHttp = [
  'a2a.proto OAuth2SecurityScheme.oauth2_metadata_url, RFC 8414 §3: TLS is required',
  'whether an agent is in production, where TLS is a MUST (§7.1), cannot be seen',
] as const;

/** `OAuth2SecurityScheme.oauth2_metadata_url`: "TLS is required". */
const metadataUrls = (card: Json): readonly Problem[] =>
  schemesOf(card, 'oauth2SecurityScheme').flatMap(([name, scheme]) =>
    textIn(scheme, 'oauth2MetadataUrl')
      .filter((url) => URL.parse(url)?.protocol === 'http:')
      .map((url) => ({
        path: `/securitySchemes/${name}/oauth2SecurityScheme/oauth2MetadataUrl`,
        kind: 'type',
        object: 'OAuth2SecurityScheme',
        field: 'oauth2MetadataUrl',
        row: 'agent-card/security-schemes',
        expected: 'an https URL',
        actual: JSON.stringify(url),
        readings: plainHttp,
      })),
  );

/** What is wrong with values of security schemes that have the right form. */
export const schemeProblems = (card: Json): readonly Problem[] => [
  ...keyLocations(card),
  ...httpSchemes(card),
  ...flowUrls(card),
  ...metadataUrls(card),
];
