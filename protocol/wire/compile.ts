import { create } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/**
 * Compiles the proto files of this project, and no others: flat messages and enums, `oneof`, `optional`, `repeated` and maps
 * from strings. What it does not know it refuses. `descriptors.ts` is made with it.
 */

const scalars: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bool: Type.BOOL,
  int32: Type.INT32,
  bytes: Type.BYTES,
};

const camel = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

type FieldInit = Pick<FieldDescriptorProto, 'name' | 'number' | 'type' | 'typeName' | 'label'>;

const fieldLine =
  /^(?:(optional|repeated) )?(?:map<string, ?([\w.]+)>|([\w.]+)) (\w+) = (\d+)(?: ?\[\(google\.api\.field_behavior\) = REQUIRED\])?;$/;

class Body {
  readonly fields: object[] = [];
  readonly oneofs: { name: string }[] = [];
  readonly nested: object[] = [];
  readonly #scope: string;
  readonly #enums: ReadonlySet<string>;

  constructor(message: string, source: Source) {
    this.#scope = `.${source.package}`;
    this.#enums = source.enums;
    let oneof: number | undefined;
    for (const line of source.messages.get(message)!) {
      const opened = /^oneof (\w+) \{$/.exec(line)?.[1];
      if (opened !== undefined) oneof = this.oneofs.push({ name: opened }) - 1;
      else if (line === '}') oneof = undefined;
      else this.#field(message, line, oneof);
    }
    // Synthetic oneofs come after the written ones.
    for (const field of this.fields as { name: string; proto3Optional?: boolean; oneofIndex?: number }[])
      if (field.proto3Optional) field.oneofIndex = this.oneofs.push({ name: `_${field.name}` }) - 1;
  }

  #field(message: string, line: string, oneofIndex: number | undefined): void {
    const [, label, mapped, plain, name, number] = fieldLine.exec(line) ?? [];
    if (name === undefined) throw new SyntaxError(`${message}: ${JSON.stringify(line)} is not understood`);
    const base = { ...this.#type(mapped ?? plain!), name, number: Number(number), jsonName: camel(name) };
    if (mapped !== undefined) {
      const entry = `${camel(`_${name}`)}Entry`;
      const key = { name: 'key', number: 1, jsonName: 'key', type: Type.STRING, label: Label.OPTIONAL };
      const value = { ...base, name: 'value', number: 2, jsonName: 'value', label: Label.OPTIONAL };
      this.nested.push({ name: entry, field: [key, value], options: { mapEntry: true } });
      const typeName = `${this.#scope}.${message}.${entry}`;
      this.fields.push({ ...base, type: Type.MESSAGE, typeName, label: Label.REPEATED });
      return;
    }
    this.fields.push({
      ...base,
      label: label === 'repeated' ? Label.REPEATED : Label.OPTIONAL,
      ...(oneofIndex === undefined ? {} : { oneofIndex }),
      ...(label === 'optional' ? { proto3Optional: true } : {}),
    });
  }

  #type(name: string): Pick<FieldInit, 'type'> & { typeName?: string } {
    const scalar = scalars[name];
    if (scalar !== undefined) return { type: scalar };
    const typeName = name.includes('.') ? `.${name}` : `${this.#scope}.${name}`;
    return { type: this.#enums.has(name) ? Type.ENUM : Type.MESSAGE, typeName };
  }
}

interface Source {
  readonly package: string;
  readonly imports: readonly string[];
  readonly messages: ReadonlyMap<string, readonly string[]>;
  readonly enums: ReadonlySet<string>;
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** @throws {SyntaxError} for anything that it does not know */
export function compileProto(fileName: string, proto: string): FileDescriptorProto {
  const text = proto.replaceAll(/\/\/.*$/gm, '');
  const blocks = (kind: string): Map<string, readonly string[]> =>
    new Map(
      [...text.matchAll(new RegExp(`^${kind} (\\w+) \\{([\\s\\S]*?)^\\}`, 'gm'))].map(([, name, body]) => [
        name!,
        linesOf(body!),
      ]),
    );
  const enums = blocks('enum');
  const source: Source = {
    package: /^package ([\w.]+);$/m.exec(text)![1]!,
    // Annotations are not part of the wire.
    imports: [...text.matchAll(/^import "(google\/protobuf\/[^"]+)";$/gm)].map(([, name]) => name!),
    messages: blocks('message'),
    enums: new Set(enums.keys()),
  };
  return create(FileDescriptorProtoSchema, {
    name: fileName,
    package: source.package,
    syntax: 'proto3',
    dependency: [...source.imports],
    messageType: [...source.messages.keys()].map((name) => {
      const { fields, oneofs, nested } = new Body(name, source);
      return { name, field: fields, oneofDecl: oneofs, nestedType: nested };
    }),
    enumType: [...enums].map(([name, values]) => ({
      name,
      value: values.map((line) => {
        const [, value, number] = /^(\w+) = (\d+);$/.exec(line)!;
        return { name: value!, number: Number(number) };
      }),
    })),
  });
}
