import { fromJson, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { a2aPackage, descriptorOf } from '../wire/descriptors.ts';
import type { MessageDefinition } from './define.ts';
import { messages } from './objects.ts';
import type { ProblemKind } from './problem.ts';
import { isObject, readProtoJson } from './read.ts';
import { anyMessage, type Json } from './testing/valid-messages.ts';
import { validate } from './validate.ts';

/**
 * Our reading of ProtoJSON against that of `@bufbuild/protobuf`, which was written by others from the same specification. A parser
 * accepts more than a writer may send (ProtoJSON says so of names, enums, numbers and offsets), and knows no REQUIRED: ours
 * judges what an agent sends. So everything that passes here has to be read by the parser; what the parser reads and is
 * named here is of these kinds.
 */
const strictnessOfOurs: ReadonlySet<ProblemKind> = new Set<ProblemKind>([
  // `google.api.field_behavior` and §5.7 are no matter of a parser.
  'missing',
  'empty-array',
  'empty-string',
  'enum-unspecified',
  'oneof-none',
  // Parsers read the names of the proto, enum numbers and offsets; §5.5 and §5.6.1 want one form of each.
  'name',
  'enum-form',
  'timestamp',
  // With unknown fields, unknown names of enums are ignored.
  'enum-value',
]);

const descriptor = (name: string): DescMessage => descriptorOf(`${a2aPackage}.${name}`);

const parse = (name: string, value: unknown): ReflectMessage =>
  reflect(descriptor(name), fromJson(descriptor(name), value as JsonValue, { ignoreUnknownFields: true }));

function parses(name: string, value: unknown): boolean {
  try {
    parse(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Names of fields that the parser took for set, and what is set inside them. */
function setByParser(message: ReflectMessage): Json {
  return Object.fromEntries(
    message.fields.flatMap((field): [string, unknown][] => {
      if (!message.isSet(field)) return [];
      if (field.fieldKind === 'message' && !field.message.typeName.startsWith('google.'))
        return [[field.jsonName, setByParser(message.get(field) as ReflectMessage)]];
      if (field.fieldKind === 'list' && field.listKind === 'message')
        return [[field.jsonName, [...(message.get(field) as Iterable<ReflectMessage>)].map(setByParser)]];
      return [[field.jsonName, true]];
    }),
  );
}

/** The same by our reading: where proto3 cannot tell a default value from an unset one it is not set. */
function setByUs({ name: message, fields }: MessageDefinition, value: unknown): Json {
  if (!isObject(value)) return {};
  const withPresence = new Set(
    descriptor(message).fields.flatMap(({ jsonName, presence }) =>
      presence === FeatureSet_FieldPresence.IMPLICIT ? [] : jsonName,
    ),
  );
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { type, label }]): [string, unknown][] => {
      if (!Object.hasOwn(value, name)) return [];
      const member = value[name];
      if (label !== 'single' && Object.keys(member as object).length === 0) return [];
      if (type.kind === 'message' && label === 'single') return [[name, setByUs(type.definition, member)]];
      if (type.kind === 'message' && label === 'repeated')
        return [[name, (member as unknown[]).map((item) => setByUs(type.definition, item))]];
      const isDefault = member === '' || member === false || member === 0;
      return isDefault && label === 'single' && !withPresence.has(name) ? [] : [[name, true]];
    }),
  );
}

describe('what is right is read by both, in the same way', () => {
  test('for any message', () => {
    fc.assert(
      fc.property(anyMessage, ({ name, value }) => {
        const definition = messages.get(name)!;
        expect(setByUs(definition, readProtoJson(definition, value).value)).toEqual(setByParser(parse(name, value)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever a member is', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      '5',
      '5.0',
      5.5,
      2 ** 31,
      -1,
      'true',
      0,
      '',
      'AQ',
      'AQ=',
      '-_8',
      '+/8=',
      '2025-10-28T10:30:00Z',
      null,
    ),
  );

  const changed = anyMessage.chain(({ name, value }) =>
    fc
      .tuple(fc.constantFrom(...Object.keys(messages.get(name)!.fields)), anything)
      .map(([member, other]) => ({ name, member, value: { ...value, [member]: other } as Json })),
  );

  test('nothing passes that the parser cannot read, and what it reads is refused for what it does not look at', () => {
    fc.assert(
      fc.property(changed, ({ name, value, member }) => {
        const kinds = validate(name, value).map(({ kind }) => kind);
        const { type, oneof } = messages.get(name)!.fields[member]!;
        // Of objects in a oneof this parser counts null as a member; ProtoJSON has it absent, as of any other field.
        fc.pre(value[member] !== null || oneof === undefined || type.kind !== 'message');
        if (!parses(name, value)) expect(kinds).not.toEqual([]);
        // ProtoJSON: "Either numbers or strings are accepted"; "JSON value will be a decimal number" is what is sent.
        else if (type.kind === 'int32') expect(['type', ...strictnessOfOurs]).toEqual(expect.arrayContaining(kinds));
        // "Either standard or URL-safe base64 encoding with/without paddings": the parser takes mixtures and half a padding, too.
        else if (type.kind === 'bytes')
          expect(['base64', 'type', ...strictnessOfOurs]).toEqual(expect.arrayContaining(kinds));
        else expect([...strictnessOfOurs]).toEqual(expect.arrayContaining(kinds));
      }),
      { numRuns: 3000 },
    );
  });
});

const part = { text: 'x' };
const message = { messageId: 'm', role: 'ROLE_USER', parts: [part] };
const status = (more: object) => ({ state: 'TASK_STATE_WORKING', ...more });
const at = (timestamp: unknown) => ['TaskStatus', status({ timestamp })] as const;
const raw = (text: unknown) => ['Part', { raw: text }] as const;

/** One case each: whether the parser reads it, what we say of it. */
describe('case by case', () => {
  test.for<[string, readonly [string, unknown], boolean, readonly ProblemKind[]]>([
    ['null is a value of a oneof', ['Part', { data: null }], true, []],
    ['null beside a member sets two', ['Part', { data: null, text: 'x' }], false, ['oneof-many']],
    ['null is absence of any other member', ['Part', { text: 'x', raw: null, url: null }], true, []],
    ['null of an object beside a member', ['SendMessageResponse', { message, task: null }], false, []],
    ['two members', ['Part', { text: 'x', url: 'y' }], false, ['oneof-many']],
    ['no member', ['Part', {}], true, ['oneof-none']],
    ['null is absence of a field', ['Message', { ...message, contextId: null }], true, []],
    ['null in a list', ['Message', { ...message, parts: [null] }], false, ['type']],
    ['null in a map', ['ImplicitOAuthFlow', { scopes: { a: null } }], false, ['type']],
    ['null in a struct', ['Message', { ...message, metadata: { a: null } }], true, []],
    ['an unknown field', ['Message', { ...message, more: { context_id: 1 } }], true, []],
    ['a name of the proto', ['Message', { ...message, context_id: 'c' }], true, ['name']],
    // "A parser should reject": which of two spellings counts is not said, and §5.7 lets the other one be unknown.
    ['both names', ['Message', { ...message, contextId: 'c', context_id: 'c' }], false, []],
    ['an enum as number', ['TaskStatus', { state: 2 }], true, ['enum-form']],
    ['an enum number of no name', ['TaskStatus', { state: 99 }], true, ['enum-form']],
    ['an unknown name', ['TaskStatus', { state: 'TASK_STATE_PAUSED' }], true, ['enum-value']],
    ['the zero value', ['TaskStatus', { state: 'TASK_STATE_UNSPECIFIED' }], true, ['enum-unspecified']],
    ['an enum as truth', ['TaskStatus', { state: true }], false, ['type']],
    ['an int32', ['GetTaskRequest', { id: 't', historyLength: 1 }], true, []],
    ['an int32 as text', ['GetTaskRequest', { id: 't', historyLength: '1' }], true, ['type']],
    ['an int32 with a fraction', ['GetTaskRequest', { id: 't', historyLength: 1.5 }], false, ['type']],
    ['too large an int32', ['GetTaskRequest', { id: 't', historyLength: 2 ** 31 }], false, ['type']],
    ['truth as text', ['SendMessageConfiguration', { returnImmediately: 'true' }], false, ['type']],
    ['base64', raw('+/8='), true, []],
    ['base64 for URLs', raw('-_8='), true, []],
    ['base64 without padding', raw('+/8'), true, []],
    ['bytes as empty text', raw(''), true, []],
    ['half a padding', raw('AQ='), true, ['base64']],
    ['two alphabets', raw('-/8='), true, ['base64']],
    ['one digit', raw('A'), false, ['base64']],
    ['bytes as list', raw([1]), false, ['type']],
    ['a time', at('2025-10-28T10:30:00.123Z'), true, []],
    ['nanoseconds', at('2025-10-28T10:30:00.123456789Z'), true, []],
    ['an offset', at('2025-10-28T10:30:00+01:00'), true, ['timestamp']],
    ['a time without a zone', at('2025-10-28T10:30:00'), false, ['timestamp']],
    ['seconds', at(1761647400), false, ['timestamp']],
    ['a day that there is not', at('2025-13-01T00:00:00Z'), false, ['timestamp']],
    // ISO 8601 and RFC 3339 have both; google.protobuf.Timestamp has neither, and §5.6.1 speaks of ISO 8601.
    ['a leap second', at('2016-12-31T23:59:60Z'), false, []],
    ['picoseconds', at('2025-10-28T10:30:00.123456789012Z'), false, []],
    ['a struct as list', ['Message', { ...message, metadata: [] }], false, ['type']],
    ['a message as text', ['Task', { id: 't', status: 'working' }], false, ['type']],
    ['a message as null', ['Task', null], false, ['type']],
    ['REQUIRED fields that are not there', ['Message', {}], true, ['missing', 'missing', 'missing']],
  ])('%s', ([, [name, value], read, kinds]) => {
    expect(parses(name, value)).toBe(read);
    expect(validate(name, value).map(({ kind }) => kind)).toEqual(kinds);
  });
});
