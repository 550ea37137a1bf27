import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { messages } from '../schemas/objects.ts';
import { compileProto } from './compile.ts';
import { a2aPackage, descriptorOf, descriptors } from './descriptors.ts';

const sources = {
  a2a: ['lf/a2a/v1/a2a.proto', '../a2a.proto'],
  googleRpc: ['google/rpc/status.proto', 'google-rpc.proto'],
} as const;

/** `UPDATE_DESCRIPTORS=1` writes them anew. */
test.for(Object.entries(sources))('the descriptor of %s is that of its proto file', ([name, [fileName, path]]) => {
  const proto = readFileSync(join(import.meta.dirname, path), 'utf8');
  const bytes = Buffer.from(toBinary(FileDescriptorProtoSchema, compileProto(fileName, proto))).toString('base64');
  if (process.env['UPDATE_DESCRIPTORS'] === '1') update(name, bytes);
  else expect(descriptors[name as keyof typeof sources]).toBe(bytes);
});

function update(name: string, bytes: string): void {
  const path = join(import.meta.dirname, 'descriptors.ts');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(new RegExp(`(  ${name}:\\s*)'[^']*'`), `$1'${bytes}'`));
}

test('every message of the data model has a descriptor with the same fields', () => {
  for (const [name, { fields }] of messages) {
    const descriptor = descriptorOf(`${a2aPackage}.${name}`);
    const names = descriptor.fields.map(({ jsonName }) => jsonName);
    expect(names.toSorted(), name).toEqual(Object.keys(fields).toSorted());
  }
});

test('a line that the compiler does not know is refused', () => {
  const proto = 'package a;\nmessage B {\n  fixed64 c d = 1;\n}\n';
  expect(() => compileProto('a.proto', proto)).toThrow('"fixed64 c d = 1;" is not understood');
});
