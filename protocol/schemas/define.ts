import { z } from 'zod';
import type { ProblemKind } from './problem.ts';
import { bytesSchema, structSchema, timestampSchema } from './scalars.ts';

/**
 * How messages of `a2a.proto` are written down: one table of fields a message, from which its zod schema is made. The
 * table stays beside the schema, so that a zod issue can be traced to the field and the requirement row it concerns.
 */
export interface EnumDefinition {
  readonly name: string;
  readonly values: readonly [string, ...string[]];
  /** The zero value. */
  readonly unspecified: string;
  /** Row of a string that is no value of the enum. */
  readonly row: string | null;
}

export type FieldType =
  | { readonly kind: 'string' | 'bool' | 'int32' | 'bytes' | 'timestamp' | 'struct' | 'value' }
  | { readonly kind: 'enum'; readonly definition: EnumDefinition }
  | { readonly kind: 'message'; readonly definition: MessageDefinition };

export interface Field<Schema extends z.ZodType = z.ZodType> {
  readonly type: FieldType;
  readonly label: 'single' | 'repeated' | 'map';
  readonly required: boolean;
  /** Empty is a value of this REQUIRED field ("or empty if there are no more results"). */
  readonly mayBeEmpty: boolean;
  readonly oneof: string | undefined;
  readonly schema: Schema;
  /** JSON type in words. */
  readonly expected: string;
}

export interface Oneof {
  /** What no member means: a problem, a problem with two readings, or nothing. */
  readonly none: 'problem' | 'ambiguous';
}

type Fields = Readonly<Record<string, Field>>;

/** Which row a problem of a message concerns; null for none of this release. */
export type Blame = (kind: ProblemKind, field: string | undefined) => string | null;

export interface MessageDefinition<Schema extends z.ZodType = z.ZodType> {
  /** As in `a2a.proto`. */
  readonly name: string;
  readonly fields: Fields;
  readonly oneofs: Readonly<Record<string, Oneof>>;
  readonly blame: Blame;
  readonly schema: Schema;
}

const field = <Schema extends z.ZodType>(type: FieldType, schema: Schema, expected: string): Field<Schema> => ({
  type,
  label: 'single',
  required: false,
  mayBeEmpty: false,
  oneof: undefined,
  schema,
  expected,
});

export const string = field({ kind: 'string' }, z.string(), 'a string');
export const bool = field({ kind: 'bool' }, z.boolean(), 'true or false');
export const int32 = field({ kind: 'int32' }, z.int32(), 'a 32-bit integer as JSON number');
export const bytes = field({ kind: 'bytes' }, bytesSchema, 'a base64 string');
export const timestamp = field({ kind: 'timestamp' }, timestampSchema, 'a timestamp like 2025-10-28T10:30:00.000Z');
export const struct = field({ kind: 'struct' }, structSchema, 'a JSON object');
/** `google.protobuf.Value`: any JSON value; here null is a value, not absence. */
export const value = field({ kind: 'value' }, z.unknown(), 'a JSON value');

export const enumeration = (definition: EnumDefinition) =>
  field(
    { kind: 'enum', definition },
    z.enum(definition.values),
    `one of ${definition.values.filter((name) => name !== definition.unspecified).join(', ')}`,
  );

export const message = <Schema extends z.ZodType>(definition: MessageDefinition<Schema>) =>
  field({ kind: 'message', definition }, definition.schema, `an object (${definition.name})`);

export const repeated = <Schema extends z.ZodType>(item: Field<Schema>): Field<z.ZodArray<Schema>> => ({
  ...item,
  label: 'repeated',
  schema: z.array(item.schema),
  expected: `an array, each element ${item.expected}`,
});

export const map = <Schema extends z.ZodType>(item: Field<Schema>): Field<z.ZodRecord<z.ZodString, Schema>> => ({
  ...item,
  label: 'map',
  schema: z.record(z.string(), item.schema),
  expected: `an object, each value ${item.expected}`,
});

/** REQUIRED; an array then has at least one element (§5.7), unless `mayBeEmpty`. */
export const required = <Schema extends z.ZodType>(
  item: Field<Schema>,
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): RequiredField<Schema> => ({
  ...item,
  required: true,
  mayBeEmpty,
  schema: (item.label === 'repeated' && !mayBeEmpty
    ? (item.schema as unknown as z.ZodArray).min(1)
    : item.schema) as Schema,
});
export type RequiredField<Schema extends z.ZodType = z.ZodType> = Field<Schema> & { readonly required: true };

/** A member of a oneof. */
export const memberOf = <Schema extends z.ZodType>(oneof: string, item: Field<Schema>): Field<Schema> => ({
  ...item,
  oneof,
});

type Shape<Members extends Fields> = {
  [Name in keyof Members]: Members[Name] extends RequiredField
    ? Members[Name]['schema']
    : z.ZodOptional<Members[Name]['schema']>;
};

/** The kind that a zod issue of `oneofs` carries in `params.kind`. */
export type OneofIssue = { readonly kind: 'oneof-many' | 'oneof-none'; readonly oneof: string };

/** Runs whatever the fields' own issues are, so that one defect does not hide another. */
const always = { when: () => true };

/**
 * A message of the proto. The schema judges the value after `readProtoJson` (`read.ts`) took null for absence and wrong
 * names for the right ones; unknown members pass (§5.7).
 */
export function defineMessage<const Members extends Fields>(
  name: string,
  blame: Blame,
  fields: Members,
  oneofs: Readonly<Record<string, Oneof>> = {},
): MessageDefinition<z.ZodObject<Shape<Members>, z.core.$loose>> {
  const shape = Object.fromEntries(
    Object.entries(fields).map(([key, { schema, required }]) => [key, required ? schema : z.optional(schema)]),
  ) as Shape<Members>;
  const schema = z.looseObject(shape).superRefine((candidate, context) => {
    if (typeof candidate !== 'object' || candidate === null) return;
    for (const oneof of Object.keys(oneofs)) {
      const set = Object.keys(fields).filter((key) => fields[key]?.oneof === oneof && Object.hasOwn(candidate, key));
      if (set.length === 1) continue;
      const params: OneofIssue = { kind: set.length === 0 ? 'oneof-none' : 'oneof-many', oneof };
      context.addIssue({ code: 'custom', message: params.kind, params });
    }
  }, always);
  return { name, fields, oneofs, blame, schema };
}

/** Blame of the data model's messages: representation to the envelope rows, the rest to the object's own row. */
export const dataModel =
  (row: string | null, exceptions: Partial<Record<ProblemKind, string>> = {}): Blame =>
  (kind) => {
    const exception = exceptions[kind];
    if (exception !== undefined) return exception;
    if (kind === 'name') return 'envelope/field-names';
    if (kind === 'enum-form') return 'envelope/enum-names';
    if (kind === 'timestamp') return 'envelope/timestamps';
    return row;
  };
