import type { CardFacts } from './routing.ts';

/** A registration as an agent sends it. */
export interface RegistrationRequest {
  readonly url: string;
  readonly facts: CardFacts;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** Reads `{ url, card }`; a string says what is wrong. */
export function readRegistration(body: string): RegistrationRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'the body is no JSON';
  }
  if (!isObject(value)) return 'the body is no object';
  const { url, card } = value;
  if (typeof url !== 'string' || !/^https?:/.test(url) || !URL.canParse(url)) return 'url is no http URL';
  if (!isObject(card)) return 'card is no object';
  const skills = (Array.isArray(card['skills']) ? card['skills'] : []).filter(isObject);
  const capabilities = isObject(card['capabilities']) ? card['capabilities'] : {};
  return {
    url,
    facts: {
      name: typeof card['name'] === 'string' ? card['name'] : '',
      skills: skills.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
      tags: [...new Set(skills.flatMap(({ tags }) => texts(tags)))],
      capabilities: Object.keys(capabilities).filter((name) => capabilities[name] === true),
    },
  };
}
