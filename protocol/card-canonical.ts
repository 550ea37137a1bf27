import canonicalize from 'canonicalize';
import { agentCard } from './schemas/agent-card.ts';
import type { Field, MessageDefinition } from './schemas/define.ts';
import { isObject } from './schemas/read.ts';

/** One way to read §8.4.1: what of a card is signed, in the form of RFC 8785. */
export interface CardPayload {
  /** The signed text. */
  readonly text: string;
  /**
   * `text`: what §8.4.1 says in so many words. `reading`: what another sentence of the text, or a serializer that the text names,
   * makes of it. `wrong`: no reading of the text, for a report that tells what was signed instead.
   */
  readonly kind: 'text' | 'reading' | 'wrong';
  /** What it is, in words. */
  readonly what: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Fields with the keyword `optional` in a2a.proto, which tells a default that was set from none; a test holds them. */
export const fieldsWithPresence: Readonly<Record<string, readonly string[]>> = {
  AgentCard: ['documentationUrl', 'iconUrl'],
  AgentCapabilities: ['streaming', 'pushNotifications', 'extendedAgentCard'],
};

/** Which members with a default value stay. */
type Defaults =
  /** §8.4.1: those that are REQUIRED or `optional`. */
  | 'text'
  /** All: the card as it was served. */
  | 'served'
  /** What a printer of ProtoJSON leaves: only those that are `optional`. */
  | 'printed'
  /** §8.4.2 and §8.4.3, "remove properties with default values": none. */
  | 'none';

interface Way {
  readonly defaults: Defaults;
  /** Members that a2a.proto does not know: signed as they are, or ignored (§5.7). */
  readonly unknown: 'kept' | 'ignored';
  /** REQUIRED members that are not there are there with their default ("MUST always be present"). */
  readonly filled: (field: Field) => boolean;
}

const none = (): boolean => false;
const all = (): boolean => true;

const isMessage = ({ type, label }: Field): boolean =>
  label === 'single' && (type.kind === 'message' || type.kind === 'struct');

function isDefault(field: Field, value: unknown): boolean {
  if (field.label === 'repeated') return Array.isArray(value) && value.length === 0;
  if (field.label === 'map') return isObject(value) && Object.keys(value).length === 0;
  return !isMessage(field) && (value === '' || value === false || value === 0);
}

function defaultOf(field: Field): unknown {
  if (field.label === 'repeated') return [];
  if (field.label === 'map' || isMessage(field)) return {};
  return field.type.kind === 'bool' ? false : '';
}

function stays(owner: string, name: string, { required }: Field, defaults: Defaults): boolean {
  const hasPresence = fieldsWithPresence[owner]?.includes(name) === true;
  switch (defaults) {
    case 'served':
      return true;
    case 'text':
      return required || hasPresence;
    case 'printed':
      return hasPresence;
    case 'none':
      return false;
  }
}

function normalItem(field: Field, value: unknown, way: Way): unknown {
  return field.type.kind === 'message' ? normal(field.type.definition, value, way) : value;
}

function normalField(field: Field, value: unknown, way: Way): unknown {
  if (field.label === 'repeated' && Array.isArray(value)) return value.map((item) => normalItem(field, item, way));
  if (field.label === 'map' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalItem(field, item, way)]));
  }
  return normalItem(field, value, way);
}

/** A message in the way that is asked for; what is no message stays as it is. */
function normal({ name: owner, fields }: MessageDefinition, value: unknown, way: Way): unknown {
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return way.unknown === 'kept' ? [[name, member]] : [];
    // null is how ProtoJSON writes an absent field.
    if (member === null) return way.defaults === 'served' ? [[name, member]] : [];
    const own = normalField(field, member, way);
    return !isDefault(field, own) || stays(owner, name, field, way.defaults) ? [[name, own]] : [];
  });
  const missing = Object.entries(fields).filter(
    ([name, field]) => way.filled(field) && field.required && (value[name] ?? null) === null,
  );
  return Object.fromEntries([...members, ...missing.map(([name, field]) => [name, defaultOf(field)])]);
}

/** Without anything that is empty, wherever it stands: what the SDKs for Python and JavaScript make of a printed card. */
function withoutEmpties(value: unknown): unknown {
  if (value === '' || value === null) return undefined;
  if (Array.isArray(value)) {
    const kept = value.map(withoutEmpties).filter((item) => item !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const own = withoutEmpties(member);
    return own === undefined ? [] : [[name, own] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const escaped = (text: string): string =>
  text.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const words: Readonly<Record<Defaults, string>> = {
  text: 'the canonical form of §8.4.1',
  served: 'the card with the default values that it was served with (§8.4.1: they MUST be omitted)',
  printed: 'the card as a printer of ProtoJSON writes it, without REQUIRED members that have their default value',
  none: 'the card without any member that has its default value (§8.4.2, step 1)',
};

/**
 * A card that came as a binary message, with what such a message cannot say: REQUIRED members that have their default value. Of
 * messages it does say whether they are set.
 */
export const withRequiredDefaults = (card: Json): Json =>
  normal(agentCard, card, { defaults: 'served', unknown: 'kept', filled: (field) => !isMessage(field) }) as Json;

/**
 * Every text that the signature of a card may be over, by one reading or another; the likeliest first, none twice. A card that
 * RFC 8785 has no form for (a lone surrogate) has none.
 */
export function cardPayloads(card: Json): readonly CardPayload[] {
  const { signatures: _, ...content } = card;
  const found = new Map<string, CardPayload>();
  const add = (kind: CardPayload['kind'], what: string, make: () => string | undefined): void => {
    let text: string | undefined;
    try {
      text = make();
    } catch {
      return;
    }
    if (text !== undefined && !found.has(text)) found.set(text, { text, kind, what });
  };
  const unknown = ['kept', 'ignored'] as const;
  const ways = (defaults: Defaults, filled: Way['filled'] = none): readonly Way[] =>
    unknown.map((handling) => ({ defaults, unknown: handling, filled }));
  const formOf = (way: Way): unknown => normal(agentCard, content, way);
  for (const way of [...ways('text'), ...ways('text', all)]) {
    add('text', words.text, () => canonicalize(formOf(way)));
  }
  for (const defaults of ['served', 'printed', 'none'] as const) {
    for (const way of ways(defaults)) add('reading', words[defaults], () => canonicalize(formOf(way)));
  }
  for (const defaults of ['printed', 'served'] as const) {
    for (const way of ways(defaults)) {
      add('reading', 'the card without anything that is empty, also where it is REQUIRED', () =>
        canonicalize(withoutEmpties(formOf(way)) ?? {}),
      );
    }
  }
  const { securitySchemes: __, ...bare } = content;
  add('wrong', 'the card without its security schemes', () =>
    canonicalize(withoutEmpties(normal(agentCard, bare, { defaults: 'printed', unknown: 'kept', filled: none })) ?? {}),
  );
  for (const payload of [...found.values()]) {
    add('wrong', 'text in which other letters than those of ASCII are escaped (RFC 8785 §3.2.2.2)', () =>
      escaped(payload.text),
    );
  }
  add('wrong', 'the members in the order in which they are served (RFC 8785 §3.2.3: sorted)', () =>
    JSON.stringify(content),
  );
  add('wrong', 'the card with an empty list of signatures (§8.4.1: the field is excluded)', () =>
    canonicalize({ ...content, signatures: [] }),
  );
  return [...found.values()];
}
