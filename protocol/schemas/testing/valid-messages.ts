import fc from 'fast-check';
import type { Field, MessageDefinition } from '../define.ts';
import { messages } from '../objects.ts';

export type Json = Record<string, unknown>;

const timestamps = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

function leaf({ type }: Field): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return fc.string({ minLength: 1, maxLength: 8 });
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'bytes':
      return fc
        .uint8Array({ maxLength: 8 })
        .chain((raw) =>
          fc.constantFrom('base64' as const, 'base64url' as const).map((form) => Buffer.from(raw).toString(form)),
        );
    case 'timestamp':
      return timestamps;
    case 'struct':
      return fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
    case 'value':
      return fc.jsonValue({ maxDepth: 1 });
    case 'enum':
      return fc.constantFrom(...type.definition.values.filter((name) => name !== type.definition.unspecified));
    case 'message':
      return objectOf(type.definition);
  }
}

function fieldOf(field: Field): fc.Arbitrary<unknown> {
  const minLength = field.required && !field.mayBeEmpty ? 1 : 0;
  if (field.label === 'repeated') return fc.array(leaf(field), { minLength, maxLength: 2 });
  if (field.label === 'map')
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), leaf(field), { maxKeys: 2 });
  return leaf(field);
}

/** Valid objects: REQUIRED fields, some of the others (absent, null or set), one member of each oneof, unknown members. */
export function objectOf({ fields, oneofs }: MessageDefinition): fc.Arbitrary<Json> {
  const plain = Object.entries(fields).filter(([, { oneof }]) => oneof === undefined);
  const present = Object.fromEntries(
    plain.map(([name, field]) => [name, field.required ? fieldOf(field) : fc.option(fieldOf(field), { nil: null })]),
  );
  const required = plain.filter(([, field]) => field.required).map(([name]) => name);
  const own = fc.record(present, { requiredKeys: required }) as fc.Arbitrary<Json>;
  const members = Object.keys(oneofs).map((oneof) =>
    fc.oneof(
      ...Object.entries(fields)
        .filter(([, field]) => field.oneof === oneof)
        .map(([name, field]) => fieldOf(field).map((value) => ({ [name]: value }))),
    ),
  );
  return fc
    .tuple(own, fc.constantFrom<Json>({}, { xUnknown: { context_id: 1 } }), ...members)
    .map((pieces) => Object.assign({}, ...pieces) as Json);
}

/** A message of the proto, and a value of it that is right. */
export const anyMessage = fc
  .constantFrom(...messages.values())
  .chain((definition) => objectOf(definition).map((value) => ({ name: definition.name, value })));
