import type { Field, MessageDefinition } from './define.ts';
import { excerpt, pointer, type Problem } from './problem.ts';
import { isTimestamp } from './scalars.ts';

type Path = readonly PropertyKey[];

/** What a value holds, whether or not it is right: the instances that rows speak of. */
export interface Seen {
  /** Objects by message name, in the order of the value. */
  readonly objects: ReadonlyMap<string, readonly Located[]>;
  /** Values of enum fields by enum name. */
  readonly enums: ReadonlyMap<string, readonly unknown[]>;
  /** Valid timestamps of timestamp fields. */
  readonly timestamps: readonly string[];
  /** Values of timestamp fields, valid or not. */
  readonly timestampFields: number;
}

export interface Located {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A value as a ProtoJSON parser takes it, and what was noticed on the way. */
export interface ReadResult {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly seen: Seen;
  /** From the JSON pointer of a canonical member to its name as received, where that differs. */
  readonly aliases: ReadonlyMap<string, string>;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names compared without case and separators: `context_id`, `context-id` and `ContextId` are `contextId` written wrong. */
const squash = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const squashed = new WeakMap<MessageDefinition['fields'], ReadonlyMap<string, string>>();

/** The field that is meant by a name that is none. */
function fieldMeantBy(key: string, { fields }: MessageDefinition): string | undefined {
  let names = squashed.get(fields);
  if (names === undefined) {
    names = new Map(Object.keys(fields).map((name) => [squash(name), name]));
    squashed.set(fields, names);
  }
  return names.get(squash(key));
}

/** Whether null stands for the field's value: `google.protobuf.Value` alone has a null. */
const nullIsAbsence = (field: Field): boolean => field.type.kind !== 'value';

class Reader {
  readonly problems: Problem[] = [];
  readonly objects = new Map<string, Located[]>();
  readonly enums = new Map<string, unknown[]>();
  readonly timestamps: string[] = [];
  readonly aliases = new Map<string, string>();
  timestampFields = 0;

  /** `path` is the canonical path, `shown` the one with the names as received. */
  message(definition: MessageDefinition, value: unknown, path: Path, shown: Path): unknown {
    if (!isObject(value)) return value;
    this.#add(this.objects, definition.name, { path: pointer(shown), value });
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => {
        let name = key;
        if (!Object.hasOwn(definition.fields, key)) {
          const meant = fieldMeantBy(key, definition);
          // Beside the right name, or without a value, another spelling is an unknown field like any other (§5.7).
          if (meant === undefined || member === null || Object.hasOwn(value, meant)) return [[key, member]];
          name = meant;
          this.aliases.set(pointer([...path, name]), key);
          this.problems.push({
            path: pointer([...shown, key]),
            kind: 'name',
            object: definition.name,
            field: name,
            row: definition.blame('name', name),
            expected: `the field name ${name}`,
            actual: key,
          });
        }
        const field = definition.fields[name]!;
        if (member === null && nullIsAbsence(field)) return [];
        return [[name, this.#field(definition, name, field, member, [...path, name], [...shown, key])]];
      }),
    );
  }

  #field(owner: MessageDefinition, name: string, field: Field, value: unknown, path: Path, shown: Path): unknown {
    if (field.label === 'repeated') {
      if (!Array.isArray(value)) return value;
      return value.map((item, index) => this.#item(owner, name, field, item, [...path, index], [...shown, index]));
    }
    if (field.label === 'map') {
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          this.#item(owner, name, field, item, [...path, key], [...shown, key]),
        ]),
      );
    }
    return this.#item(owner, name, field, value, path, shown);
  }

  #item(owner: MessageDefinition, name: string, field: Field, value: unknown, path: Path, shown: Path): unknown {
    const { type } = field;
    if (type.kind === 'message') return this.message(type.definition, value, path, shown);
    const twoReadings = (kind: 'empty-string' | 'enum-unspecified', row: string | null, second: string): void => {
      this.problems.push({
        path: pointer(shown),
        kind,
        object: owner.name,
        field: name,
        row,
        expected: field.expected,
        actual: excerpt(value),
        readings: ['the field is in the JSON text, and so it is present', second],
      });
    };
    if (type.kind === 'timestamp') {
      this.timestampFields += 1;
      if (typeof value === 'string' && isTimestamp(value)) this.timestamps.push(value);
    } else if (type.kind === 'enum') {
      this.#add(this.enums, type.definition.name, value);
      if (field.required && value === type.definition.unspecified)
        twoReadings('enum-unspecified', type.definition.row, 'the zero value of an enum is an unset field in proto3');
    } else if (value === '' && field.required && !field.mayBeEmpty && field.label === 'single') {
      twoReadings('empty-string', owner.blame('empty-string', name), 'an empty string is an unset field in proto3');
    }
    return value;
  }

  #add<Value>(into: Map<string, Value[]>, key: string, value: Value): void {
    const list = into.get(key);
    if (list) list.push(value);
    else into.set(key, [value]);
  }
}

/**
 * Reads a value as ProtoJSON: null is absence (but in `google.protobuf.Value`), a known field under a wrong name is that
 * field and a problem. What has another type than expected is left as it is for the schema to name.
 */
export function readProtoJson(definition: MessageDefinition, value: unknown): ReadResult {
  const reader = new Reader();
  const read = reader.message(definition, value, [], []);
  const { problems, objects, enums, timestamps, timestampFields, aliases } = reader;
  return { value: read, problems, aliases, seen: { objects, enums, timestamps, timestampFields } };
}
