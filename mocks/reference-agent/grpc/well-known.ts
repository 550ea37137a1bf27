import { invalidParams, invalidRequest } from '../errors.ts';
import type { WireField } from './wire-format.ts';
import { bytesField, doubleField, readFields, varintField, WireError, wireTypes } from './wire-format.ts';

/** `google.protobuf.Struct`, `Value`, `ListValue` and `Timestamp` between bytes and their ProtoJSON. */

/** As with JSON: deeper input could be read but not written again. */
const maxDepth = 100;

/** Fields of Value. */
const valueFields = { null: 1, number: 2, string: 3, bool: 4, struct: 5, list: 6 } as const;

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WireError('A string is not UTF-8');
  }
}

/** Bytes of all fields of a number and wire type, one after the other: that is how messages are merged. */
const chunksOf = (fields: readonly WireField[], number: number): Buffer[] =>
  fields.flatMap((field) => (field.number === number && field.wireType === wireTypes.bytes ? [field.value] : []));

/** Key and value of an entry of a map; undefined what is not in it. */
export function readEntry(bytes: Uint8Array): { readonly key: string; readonly value: Buffer | undefined } {
  const fields = readFields(bytes);
  return { key: textOf(chunksOf(fields, 1).at(-1) ?? Buffer.alloc(0)), value: chunksOf(fields, 2).at(-1) };
}

export const entryOf = (key: string, value: Uint8Array): Buffer =>
  Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, value)]);

export function readStruct(bytes: Uint8Array, depth = 0): Record<string, unknown> {
  const entries = chunksOf(readFields(bytes), 1).map(readEntry);
  // Own properties, whatever their names.
  return Object.fromEntries(entries.map(({ key, value }) => [key, readValue(value ?? Buffer.alloc(0), depth + 1)]));
}

/** A Value of no kind is read as null. */
export function readValue(bytes: Uint8Array, depth = 0): unknown {
  if (depth > maxDepth) {
    throw invalidRequest([{ field: '', description: `Must not be nested deeper than ${maxDepth} levels` }]);
  }
  let value: unknown = null;
  for (const field of readFields(bytes)) {
    if (field.number === valueFields.null && field.wireType === wireTypes.varint) value = null;
    if (field.number === valueFields.bool && field.wireType === wireTypes.varint) value = field.value !== 0n;
    if (field.number === valueFields.number && field.wireType === wireTypes.fixed64) value = finite(field.value);
    if (field.wireType !== wireTypes.bytes) continue;
    if (field.number === valueFields.string) value = textOf(field.value);
    if (field.number === valueFields.struct) value = readStruct(field.value, depth);
    if (field.number === valueFields.list) {
      value = chunksOf(readFields(field.value), 1).map((element) => readValue(element, depth + 1));
    }
  }
  return value;
}

/** ProtoJSON has no other numbers in a Value. */
function finite(bytes: Buffer): number {
  const number = bytes.readDoubleLE();
  if (Number.isFinite(number)) return number;
  throw invalidParams([{ field: '', description: `Numbers of a google.protobuf.Value must be finite, got ${number}` }]);
}

export const structOf = (value: object): Buffer =>
  Buffer.concat(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [bytesField(1, entryOf(key, valueOf(member)))],
    ),
  );

export function valueOf(value: unknown): Buffer {
  if (typeof value === 'number') return doubleField(valueFields.number, value);
  if (typeof value === 'string') return bytesField(valueFields.string, Buffer.from(value));
  if (typeof value === 'boolean') return varintField(valueFields.bool, value ? 1 : 0);
  if (Array.isArray(value)) {
    return bytesField(valueFields.list, Buffer.concat(value.map((element) => bytesField(1, valueOf(element)))));
  }
  if (typeof value === 'object' && value !== null) return bytesField(valueFields.struct, structOf(value));
  return varintField(valueFields.null, 0);
}

/** Seconds of year 1 and of the end of year 9999. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

/** With milliseconds, or with all nine digits where there is more; what no timestamp may be is no ISO 8601 either. */
export function readTimestamp(bytes: Uint8Array): string {
  let seconds = 0;
  let nanos = 0;
  for (const field of readFields(bytes)) {
    if (field.wireType !== wireTypes.varint) continue;
    if (field.number === 1) seconds = Number(BigInt.asIntN(64, field.value));
    if (field.number === 2) nanos = Number(BigInt.asIntN(32, field.value));
  }
  if (seconds < firstSecond || seconds > lastSecond || nanos < 0 || nanos > 999_999_999)
    return `${seconds}s ${nanos}ns`;
  const text = new Date(seconds * 1000).toISOString();
  const digits = String(nanos).padStart(9, '0');
  return text.replace('.000Z', `.${digits.endsWith('000000') ? digits.slice(0, 3) : digits}Z`);
}

/** Undefined for what is no timestamp. */
export function timestampOf(text: string): Buffer | undefined {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) return undefined;
  const seconds = Math.floor(millis / 1000);
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
  const nanos = Number(fraction.padEnd(9, '0'));
  return Buffer.concat([
    ...(seconds === 0 ? [] : [varintField(1, seconds)]),
    ...(nanos === 0 ? [] : [varintField(2, nanos)]),
  ]);
}
