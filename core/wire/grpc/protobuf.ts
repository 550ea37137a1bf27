import {
  fromBinary,
  fromJson,
  toBinary,
  type DescField,
  type DescMessage,
  type JsonValue,
  type Message,
  type UnknownField,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { a2aPackage, descriptorOf } from '../../../protocol/wire/descriptors.ts';
import { isObject } from '../../invariants/json.ts';
import { toProtoJson, type JsonOfMessage } from './to-json.ts';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** A message of `a2a.proto` by its name there, or any other by its full name. */
const descriptor = (name: string): DescMessage => descriptorOf(name.includes('.') ? name : `${a2aPackage}.${name}`);

/**
 * The ProtoJSON value of an encoded message, unknown fields and faults named; or why the bytes are none. A field of another
 * wire type than its own may be either: parsers differ in that.
 */
export function decodeMessage(name: string, bytes: Uint8Array): JsonOfMessage | { readonly why: string } {
  const described = descriptor(name);
  try {
    return toProtoJson(described, fromBinary(described, bytes));
  } catch (error) {
    return { why: `the bytes are no ${name}: ${reasonOf(error)}` };
  }
}

/** A number that no message of the data model uses, and protobuf does not reserve. */
const firstUnknownField = 50_000;

/** A number that no enum of the data model has. */
const noEnumValue = 99;

/** Names that their enum does not have become numbers that it does not have either. */
function withEnumNumbers(described: DescMessage, json: unknown): unknown {
  if (!isObject(json) || described.typeName.startsWith('google.')) return json;
  const known = new Map(described.fields.map((field) => [field.jsonName, field]));
  const one = ({ enum: values, message }: DescField, member: unknown): unknown => {
    if (values !== undefined && typeof member === 'string' && member !== '')
      return values.values.some(({ name }) => name === member) ? member : noEnumValue;
    return message === undefined ? member : withEnumNumbers(message, member);
  };
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => {
      const field = known.get(name);
      if (field === undefined || field.fieldKind === 'map') return [name, member];
      return [name, Array.isArray(member) ? member.map((item) => one(field, item)) : one(field, member)];
    }),
  );
}

/**
 * The bytes of a ProtoJSON value. Binary messages have no names: a member that the message does not have becomes a field
 * that no version of the proto knows, and the name of an enum value likewise a number.
 * @throws {Error} for a value that the message cannot hold: types are part of the encoding
 */
export function encodeMessage(name: string, value: unknown): Uint8Array {
  const described = descriptor(name);
  const json = JSON.parse(JSON.stringify(value) ?? 'null') as JsonValue;
  const message = fromJson(described, withEnumNumbers(described, json) as JsonValue, { ignoreUnknownFields: true });
  addUnknown(described, message, json);
  return toBinary(described, message);
}

type Writable = Record<string, unknown> & { $unknown?: UnknownField[] };

function addUnknown(described: DescMessage, message: Message, json: unknown): void {
  if (!isObject(json) || described.typeName.startsWith('google.')) return;
  const holder = message as unknown as Writable;
  const known = new Map(
    described.fields.flatMap(
      (field) =>
        [
          [field.jsonName, field],
          [field.name, field],
        ] as const,
    ),
  );
  for (const [name, member] of Object.entries(json)) {
    const field = known.get(name);
    if (field === undefined) {
      const unknown = (holder.$unknown ??= []);
      const data = new BinaryWriter().string(JSON.stringify(member)).finish();
      unknown.push({ no: firstUnknownField + unknown.length, wireType: WireType.LengthDelimited, data });
    } else if (field.message !== undefined && member !== null) {
      const set =
        field.oneof === undefined
          ? holder[field.localName]
          : (holder[field.oneof.localName] as { readonly value?: unknown }).value;
      if (field.fieldKind === 'message') addUnknown(field.message, set as Message, member);
      if (field.fieldKind === 'list' && Array.isArray(member))
        (set as readonly Message[]).forEach((item, index) => addUnknown(field.message!, item, member[index]));
    }
  }
}
