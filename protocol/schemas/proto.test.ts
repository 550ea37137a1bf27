import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Field } from './define.ts';
import { messages } from './objects.ts';

/** The tables of this folder against the proto they were written from (tag v1.0.1). */
const proto = readFileSync(join(import.meta.dirname, '../a2a.proto'), 'utf8').replaceAll(/\/\/.*$/gm, '');

interface ProtoField {
  readonly type: string;
  readonly label: 'single' | 'repeated' | 'map';
  readonly required: boolean;
  readonly oneof: string | undefined;
}

const camel = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function fieldsOf(body: string): Record<string, ProtoField> {
  const oneofs = [...body.matchAll(/oneof (\w+) \{([^}]*)\}/g)].map(([, name, members]) => ({ name, members }));
  const line = /^\s*(?:optional )?(repeated )?(map<string, ?([\w.]+)>|[\w.]+) (\w+) = \d+\s*(\[[^\]]*\])?;/gm;
  return Object.fromEntries(
    [...body.matchAll(line)].map(([text, repeated, type, mapped, name, options]) => [
      camel(name!),
      {
        type: mapped ?? type!,
        label: mapped ? 'map' : repeated ? 'repeated' : 'single',
        required: options?.includes('REQUIRED') ?? false,
        oneof: oneofs.find(({ members }) => members!.includes(text.trim()))?.name,
      },
    ]),
  );
}

const protoMessages = Object.fromEntries(
  [...proto.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)].map(([, name, body]) => [name!, fieldsOf(body!)]),
);

const typeName: Record<Exclude<Field['type']['kind'], 'enum' | 'message'>, string> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  bytes: 'bytes',
  timestamp: 'google.protobuf.Timestamp',
  struct: 'google.protobuf.Struct',
  value: 'google.protobuf.Value',
};

const described = ({ type, label, required, oneof }: Field): ProtoField => ({
  type: type.kind === 'enum' || type.kind === 'message' ? type.definition.name : typeName[type.kind],
  label,
  required,
  oneof,
});

test('every message of the proto has a table with its fields, types, labels, oneofs and REQUIRED marks', () => {
  const tables = Object.fromEntries(
    [...messages].map(([name, { fields }]) => [
      name,
      Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, described(field)])),
    ]),
  );
  expect(Object.keys(protoMessages).length).toBeGreaterThan(40);
  expect(tables).toEqual(protoMessages);
});

test('every oneof of a table says what none of its members means', () => {
  for (const { name, fields, oneofs } of messages.values()) {
    const used = new Set(Object.values(fields).flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof])));
    expect([...used], name).toEqual(Object.keys(oneofs));
  }
});

test('enums have the values of the proto, the zero value first', () => {
  const enums = Object.fromEntries(
    [...proto.matchAll(/^enum (\w+) \{([\s\S]*?)^\}/gm)].map(([, name, body]) => [
      name!,
      [...body!.matchAll(/(\w+) = \d+;/g)].map(([, value]) => value!),
    ]),
  );
  const tables = Object.fromEntries(
    [...messages.values()]
      .flatMap(({ fields }) => Object.values(fields))
      .flatMap(({ type }) => (type.kind === 'enum' ? [[type.definition.name, type.definition] as const] : [])),
  );
  expect(Object.fromEntries(Object.entries(tables).map(([name, { values }]) => [name, [...values]]))).toEqual(enums);
  for (const { values, unspecified } of Object.values(tables)) expect(unspecified).toBe(values[0]);
});
