import type { FieldViolation } from './errors.ts';

/**
 * Reading ProtoJSON by a description of the message: camelCase and original names, `null` as unset, enum names and
 * numbers, unknown fields ignored (§5.5, §5.7; https://protobuf.dev/programming-guides/json). The result has camelCase
 * keys only, and no key for what is unset.
 */

interface FieldOptions {
  /** §5.7: present and set; a string not empty, a list with at least one element. */
  readonly required?: true;
  readonly repeated?: true;
}

type Scalar = 'string' | 'bytes' | 'bool' | 'int32' | 'struct' | 'value' | 'timestamp';

export type Field = FieldOptions &
  (
    | { readonly kind: Scalar }
    | { readonly kind: 'enum'; readonly values: readonly string[] }
    | { readonly kind: 'message'; readonly message: () => MessageType }
  );

export interface MessageType {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Names of the fields of a oneof that has to have a member. */
  readonly oneof?: readonly string[];
}

export interface ReadOptions {
  /** Collect unknown fields as violations. */
  readonly refuseUnknown?: boolean;
  /** Know only the camelCase names. */
  readonly refuseProtoNames?: boolean;
}

/** `contextId` → `context_id`. */
export const protoName = (jsonName: string): string =>
  jsonName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const describe = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
};

/** Strings and enums of the proto have no presence of their own: their default is the same as unset. */
const isDefault = (field: Field, value: unknown): boolean =>
  !field.repeated && (field.kind === 'enum' ? value === field.values[0] : field.kind === 'string' && value === '');

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;

/** Milliseconds since the epoch, rounded up where the value is finer than a millisecond; undefined if malformed. */
export function parseTimestamp(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) return undefined;
  // Date.parse rolls 30 February over into March.
  if (new Date(millis).getUTCDate() !== Number(match[3])) return undefined;
  return /[1-9]/.test((match[5] ?? '').slice(4)) ? millis + 1 : millis;
}

class Reader {
  readonly violations: FieldViolation[] = [];
  readonly #options: ReadOptions;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  #refuse(field: string, description: string): undefined {
    this.violations.push({ field, description });
    return undefined;
  }

  message(type: MessageType, input: unknown, path: string): Record<string, unknown> | undefined {
    if (!isObject(input)) {
      return this.#refuse(path || type.name, `Must be an object (${type.name}), got ${describe(input)}`);
    }
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    const output: Record<string, unknown> = {};
    const known = new Set<string>();
    for (const [name, field] of Object.entries(type.fields)) {
      const names = [name, ...(this.#options.refuseProtoNames ? [] : [protoName(name)])];
      const present = [...new Set(names)].filter((candidate) => Object.hasOwn(input, candidate));
      for (const candidate of names) known.add(candidate);
      if (present.length > 1) {
        this.#refuse(at(name), `Given twice, as ${present.map((candidate) => `'${candidate}'`).join(' and ')}`);
        continue;
      }
      const raw = present[0] === undefined ? undefined : input[present[0]];
      // null is "unset" for every type but google.protobuf.Value, where it is the value null.
      const set = raw !== undefined && (raw !== null || (field.kind === 'value' && !field.repeated));
      const value = set ? this.#field(field, raw, at(name)) : undefined;
      if (value !== undefined && (!isDefault(field, value) || type.oneof?.includes(name))) output[name] = value;
      else if (field.required && !set) this.#refuse(at(name), 'Required');
    }
    if (this.#options.refuseUnknown) {
      for (const key of Object.keys(input)) if (!known.has(key)) this.#refuse(at(key), 'Unknown field');
    }
    if (type.oneof) {
      const members = type.oneof.filter((name) => {
        const given = Object.hasOwn(input, name) ? input[name] : undefined;
        return Object.hasOwn(output, name) || (given !== undefined && given !== null);
      });
      const choice = type.oneof.join(', ');
      if (members.length === 0) this.#refuse(path, `Exactly one of ${choice} must be set`);
      if (members.length > 1) this.#refuse(path, `Exactly one of ${choice} must be set, got ${members.join(' and ')}`);
    }
    return output;
  }

  #field(field: Field, raw: unknown, path: string): unknown {
    if (!field.repeated) {
      const value = this.#single(field, raw, path);
      if (field.required && isDefault(field, value)) {
        return this.#refuse(path, 'Required, must be set to a non-default value');
      }
      return value;
    }
    if (!Array.isArray(raw)) return this.#refuse(path, `Must be an array, got ${describe(raw)}`);
    if (raw.length === 0) return field.required ? this.#refuse(path, 'At least one element is required') : undefined;
    return raw.map((element: unknown, index) => this.#single(field, element, `${path}[${index}]`));
  }

  #single(field: Field, raw: unknown, path: string): unknown {
    switch (field.kind) {
      case 'message':
        return this.message(field.message(), raw, path);
      case 'enum':
        return this.#enum(field.values, raw, path);
      case 'string':
        return typeof raw === 'string' ? raw : this.#refuse(path, `Must be a string, got ${describe(raw)}`);
      case 'bool':
        return typeof raw === 'boolean' ? raw : this.#refuse(path, `Must be true or false, got ${describe(raw)}`);
      case 'int32':
        return this.#int32(raw, path);
      case 'bytes':
        return this.#bytes(raw, path);
      case 'struct':
        return isObject(raw) ? raw : this.#refuse(path, `Must be an object, got ${describe(raw)}`);
      case 'value':
        return raw;
      case 'timestamp':
        if (typeof raw === 'string' && parseTimestamp(raw) !== undefined) return raw;
        return this.#refuse(path, "Must be an ISO 8601 timestamp in UTC, e.g. '2025-10-28T10:30:00.000Z'");
    }
  }

  #enum(values: readonly string[], raw: unknown, path: string): string | undefined {
    if (typeof raw === 'string' && values.includes(raw)) return raw;
    if (typeof raw === 'number' && Number.isInteger(raw) && values[raw] !== undefined) return values[raw];
    return this.#refuse(path, `Invalid value ${JSON.stringify(raw)}. Must be one of: ${values.slice(1).join(', ')}`);
  }

  #int32(raw: unknown, path: string): number | undefined {
    const number = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw;
    if (typeof number === 'number' && Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 31) {
      return number;
    }
    return this.#refuse(path, `Must be a 32-bit integer, got ${JSON.stringify(raw)}`);
  }

  /** Standard and URL-safe base64, padded or not; normalised to the standard form. */
  #bytes(raw: unknown, path: string): string | undefined {
    if (typeof raw !== 'string' || !base64.test(raw) || raw.replace(/=+$/, '').length % 4 === 1) {
      return this.#refuse(path, 'Must be a base64 string');
    }
    return Buffer.from(raw, 'base64').toString('base64');
  }
}

/** Reads `input` as a message of `type`; `value` is usable only where there are no violations. */
export function readMessage<T>(
  type: MessageType,
  input: unknown,
  options: ReadOptions = {},
): { readonly value: T; readonly violations: readonly FieldViolation[] } {
  const reader = new Reader(options);
  const value = reader.message(type, input, '');
  return { value: (value ?? {}) as T, violations: reader.violations };
}
