import { detailTypes } from './messages.ts';
import type { MessageField, MessageShape, Type } from './shapes.ts';
import {
  entryOf,
  readEntry,
  readStruct,
  readTimestamp,
  readValue,
  structOf,
  textOf,
  timestampOf,
  valueOf,
} from './well-known.ts';
import type { WireField } from './wire-format.ts';
import { bytesField, readFields, varintField, wireTypes } from './wire-format.ts';

/** Messages between their bytes and their ProtoJSON, by the tables of `messages.ts`. */

type Json = Readonly<Record<string, unknown>>;

const isShape = (type: Type): type is MessageShape => typeof type === 'object' && 'fields' in type;
const isNumeric = (type: Type): boolean =>
  type === 'bool' || type === 'int32' || (typeof type === 'object' && 'enum' in type);
/** Messages in every respect: merged where they come twice, and set even where they are empty. */
const isMessage = (type: Type): boolean => !isNumeric(type) && type !== 'string' && type !== 'bytes';

const empty = Buffer.alloc(0);

function readNumeric(type: Type, value: bigint): unknown {
  if (type === 'bool') return value !== 0n;
  const number = Number(BigInt.asIntN(32, value));
  // Enums are open: an unknown number stays one.
  return typeof type === 'object' && 'enum' in type ? (type.values[number] ?? number) : number;
}

function readBytes(type: Type, bytes: Buffer): unknown {
  if (isShape(type)) return decodeMessage(type, bytes);
  if (typeof type === 'object') return undefined;
  switch (type) {
    case 'string':
      return textOf(bytes);
    case 'bytes':
      return bytes.toString('base64');
    case 'Struct':
      return readStruct(bytes);
    case 'Value':
      return readValue(bytes);
    case 'Timestamp':
      return readTimestamp(bytes);
    case 'Any':
      return readAny(bytes);
    case 'bool':
    case 'int32':
      return undefined;
  }
}

function readAny(bytes: Buffer): Json {
  const { key: typeUrl, value = empty } = readEntry(bytes);
  const type = detailTypes[typeUrl];
  return { '@type': typeUrl, ...(type ? decodeMessage(type, value) : { value: value.toString('base64') }) };
}

const readSingle = (type: Type, field: WireField): unknown =>
  field.wireType === wireTypes.varint ? readNumeric(type, field.value) : readBytes(type, field.value);

const isDefault = (type: Type, value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof type === 'object' && 'enum' in type && value === type.values[0]);

/**
 * The ProtoJSON of a message, with camelCase names and without what is unset; unknown fields, and known ones of another
 * wire type, are left out. Throws WireError for bytes that are no message, OperationError for what ProtoJSON cannot say.
 */
export function decodeMessage(shape: MessageShape, bytes: Uint8Array): Record<string, unknown> {
  const known = Object.entries(shape.fields());
  const values = new Map<string, unknown>();
  const chunks = new Map<string, Buffer[]>();
  for (const wire of readFields(bytes)) {
    const entry = known.find(([, { number }]) => number === wire.number);
    if (!entry) continue;
    const [name, { type, label, oneof }] = entry;
    const expected = isNumeric(type) && label !== 'map' ? wireTypes.varint : wireTypes.bytes;
    if (wire.wireType !== expected) continue;
    for (const [other, field] of oneof === undefined ? [] : known) {
      if (other === name || field.oneof !== oneof) continue;
      values.delete(other);
      chunks.delete(other);
    }
    if (label === 'repeated') {
      values.set(name, [...((values.get(name) as unknown[] | undefined) ?? []), readSingle(type, wire)]);
    } else if (label === 'map') {
      const { key, value = empty } = readEntry(wire.value as Buffer);
      const member = Object.fromEntries([[key, readBytes(type, value)]]);
      values.set(name, { ...(values.get(name) as object | undefined), ...member });
    } else if (isMessage(type)) {
      chunks.set(name, [...(chunks.get(name) ?? []), wire.value as Buffer]);
    } else {
      values.set(name, readSingle(type, wire));
    }
  }
  const output: Record<string, unknown> = {};
  for (const [name, { type, label, presence }] of known) {
    const parts = chunks.get(name);
    const value = parts
      ? readBytes(type, parts.length === 1 ? (parts[0] ?? empty) : Buffer.concat(parts))
      : values.get(name);
    if (value === undefined) continue;
    if (parts || label || presence || !isDefault(type, value)) output[name] = value;
  }
  return output;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

function numericOf(type: Type, value: unknown): number | undefined {
  const place = typeof type === 'object' && 'enum' in type ? type.values.indexOf(value as string) : -1;
  if (place >= 0) return place;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** What is in a field of one of the length-delimited types; undefined for what it cannot hold. */
function bytesOf(type: Type, value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (isShape(type)) return isObject(value) ? encodeMessage(type, value) : undefined;
  if (typeof type === 'object') return undefined;
  switch (type) {
    case 'string':
      return typeof value === 'object' ? undefined : Buffer.from(String(value));
    case 'bytes':
      return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
    case 'Struct':
      return isObject(value) ? structOf(value) : undefined;
    case 'Value':
      return valueOf(value);
    case 'Timestamp':
      return typeof value === 'string' ? timestampOf(value) : undefined;
    case 'Any':
      return isObject(value) ? anyOf(value) : undefined;
    case 'bool':
    case 'int32':
      return undefined;
  }
}

function anyOf({ '@type': typeUrl, ...fields }: Json): Buffer {
  const type = detailTypes[String(typeUrl)];
  return entryOf(String(typeUrl), type ? encodeMessage(type, fields) : empty);
}

function fieldOf({ number, type, presence, label }: MessageField, value: unknown): Buffer | undefined {
  if (isNumeric(type)) {
    const numeric = numericOf(type, value);
    if (numeric === undefined || (numeric === 0 && !presence && !label)) return undefined;
    return varintField(number, numeric);
  }
  const bytes = bytesOf(type, value);
  if (!bytes || (bytes.length === 0 && !presence && !label && !isMessage(type))) return undefined;
  return bytesField(number, bytes);
}

/**
 * The bytes of a message from its ProtoJSON, fields in the order of the table. What the message cannot hold is left out
 * without a word, since mutants send much that is wrong; a Uint8Array stands for the bytes of any string or message.
 */
export function encodeMessage(shape: MessageShape, json: object): Buffer {
  const fields = Object.entries(shape.fields()).flatMap(([name, field]): (Buffer | undefined)[] => {
    const value = (json as Json)[name];
    if (value === undefined || (value === null && field.type !== 'Value')) return [];
    if (field.label === 'repeated') {
      return Array.isArray(value) ? value.map((element: unknown) => fieldOf(field, element)) : [];
    }
    if (field.label !== 'map') return [fieldOf(field, value)];
    if (!isObject(value)) return [];
    return Object.entries(value).map(([key, member]) => {
      const bytes = bytesOf(field.type, member);
      return bytes && bytesField(field.number, entryOf(key, bytes));
    });
  });
  return Buffer.concat(fields.filter((field) => field !== undefined));
}
