import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { fromBinary, isFieldSet, ScalarType } from '@bufbuild/protobuf';
import { a2aPackage, findDescriptor } from '../../../protocol/wire/descriptors.ts';
import { messages } from '../../../protocol/schemas/objects.ts';
import { onceForEach } from '../../history/once-for-each.ts';

/**
 * Writes decoded messages as ProtoJSON. Unlike a parser's own writer it is total, since what an agent sends may be anything:
 * what ProtoJSON has no form for is written as a text, and named as a fault.
 */

type Local = Readonly<Record<string, unknown>>;
type Fault = (text: string) => void;

export interface JsonOfMessage {
  readonly value: Readonly<Record<string, unknown>>;
  /** What no valid message holds, one line each. */
  readonly faults: readonly string[];
}

export function toProtoJson(descriptor: DescMessage, message: Message): JsonOfMessage {
  const faults: string[] = [];
  const value = messageOf(descriptor, message as unknown as Local, (text) =>
    faults.push(text),
  ) as JsonOfMessage['value'];
  return { value, faults };
}

const base64 = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64');

type Writer = (message: Local, fault: Fault) => unknown;

const wellKnown: Readonly<Record<string, Writer>> = {
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.Duration': ({ seconds, nanos }) =>
    `${Number(seconds) + Number(nanos) / 1e9}`.replace(/e.*$/, '') + 's',
  'google.protobuf.Value': value,
  'google.protobuf.Struct': struct,
  'google.protobuf.ListValue': list,
  'google.protobuf.Any': any,
};

function messageOf(descriptor: DescMessage, message: Local, fault: Fault): unknown {
  const writer = wellKnown[descriptor.typeName];
  return writer === undefined ? plain(descriptor, message, fault) : writer(message, fault);
}

function plain(descriptor: DescMessage, message: Local, fault: Fault): unknown {
  const result: Record<string, unknown> = {};
  const required = requiredIn(descriptor);
  for (const field of descriptor.fields) {
    const found = fieldOf(field, message);
    if (found !== undefined) result[field.jsonName] = fieldValue(field, found, fault);
    else if (required.has(field.jsonName)) result[field.jsonName] = zeroOf(field);
  }
  // Tolerated (§5.7), and shown: a name that no field has.
  for (const { no, data } of (message['$unknown'] ?? []) as readonly { no: number; data: Uint8Array }[])
    result[`(unknown field ${no})`] = base64(data);
  return result;
}

/** The value that is set, or undefined. A field of implicit presence is set where it is not zero. */
function fieldOf(field: DescField, message: Local): unknown {
  if (!isFieldSet(message as unknown as Message, field)) return undefined;
  if (field.oneof === undefined) return message[field.localName];
  return (message[field.oneof.localName] as { readonly value: unknown }).value;
}

function fieldValue(field: DescField, found: unknown, fault: Fault): unknown {
  const one = (item: unknown): unknown => {
    if (field.message !== undefined) return messageOrLocal(field.message, item, fault);
    if (field.enum !== undefined) return field.enum.value[item as number]?.name ?? item;
    return field.scalar === ScalarType.BYTES ? base64(item) : typeof item === 'bigint' ? item.toString() : item;
  };
  if (field.fieldKind === 'list') return (found as readonly unknown[]).map(one);
  if (field.fieldKind !== 'map') return one(found);
  return Object.fromEntries(Object.entries(found as object).map(([key, item]) => [key, one(item)]));
}

/** The library keeps a Struct that is a field as the JSON object that it stands for. */
const messageOrLocal = (descriptor: DescMessage, item: unknown, fault: Fault): unknown =>
  descriptor.typeName === 'google.protobuf.Struct' && !isStruct(item)
    ? item
    : messageOf(descriptor, item as Local, fault);

const isStruct = (item: unknown): boolean =>
  (item as { readonly $typeName?: string }).$typeName === 'google.protobuf.Struct';

/**
 * REQUIRED fields of which zero is a value, which this wire does not write down: numbers, and what may be empty. An empty id
 * and an unspecified enum are what unset looks like.
 */
const requiredIn = onceForEach(({ typeName }: DescMessage): ReadonlySet<string> => {
  const name = typeName.startsWith(`${a2aPackage}.`) ? typeName.slice(a2aPackage.length + 1) : '';
  const fields = Object.entries(messages.get(name)?.fields ?? {});
  return new Set(
    fields.flatMap(([key, { required, mayBeEmpty, label, type }]) =>
      required && (mayBeEmpty || label === 'repeated' || type.kind === 'int32') ? [key] : [],
    ),
  );
});

const zeroOf = (field: DescField): unknown => {
  if (field.fieldKind === 'list') return [];
  if (field.fieldKind === 'map') return {};
  return field.scalar === ScalarType.STRING ? '' : 0;
};

/** 0001-01-01 and 9999-12-31, in seconds. */
const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;

function timestamp({ seconds, nanos }: Local, fault: Fault): string {
  const [whole, fraction] = [seconds as bigint, nanos as number];
  if (whole < firstSecond || whole > lastSecond || fraction < 0 || fraction > 999_999_999) {
    const text = `a google.protobuf.Timestamp of ${whole} seconds and ${fraction} nanoseconds`;
    fault(`${text}, which is out of its range`);
    return text;
  }
  const digits = fraction
    .toString()
    .padStart(9, '0')
    .replace(/(?:000)+$/, '');
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

function value({ kind }: Local, fault: Fault): unknown {
  const { case: set, value: held } = kind as { case?: string; value?: unknown };
  switch (set) {
    case 'nullValue':
      return null;
    case 'structValue':
      return messageOrLocalStruct(held, fault);
    case 'listValue':
      return list(held as Local, fault);
    case 'numberValue':
      if (Number.isFinite(held)) return held;
      fault(`a google.protobuf.Value of ${String(held)}, which JSON has no form for`);
      return String(held);
    case undefined:
      fault('a google.protobuf.Value without a kind');
      return null;
    default:
      return held;
  }
}

const messageOrLocalStruct = (held: unknown, fault: Fault): unknown =>
  isStruct(held) ? struct(held as Local, fault) : held;

function list({ values }: Local, fault: Fault): unknown {
  return (values as readonly Local[]).map((item) => value(item, fault));
}

function struct({ fields }: Local, fault: Fault): unknown {
  return Object.fromEntries(Object.entries(fields as Local).map(([key, item]) => [key, value(item as Local, fault)]));
}

function any({ typeUrl, value: bytes }: Local, fault: Fault): unknown {
  const type = String(typeUrl);
  const descriptor = findDescriptor(type.slice(type.lastIndexOf('/') + 1));
  if (descriptor === undefined) return { '@type': type, value: base64(bytes) };
  try {
    const message = fromBinary(descriptor, bytes as Uint8Array) as unknown as Local;
    return { '@type': type, ...(messageOf(descriptor, message, fault) as object) };
  } catch (error) {
    fault(`a detail of type ${type} that is none: ${error instanceof Error ? error.message : String(error)}`);
    return { '@type': type, value: base64(bytes) };
  }
}
