import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field, MessageDefinition } from './define.ts';
import { messages } from './objects.ts';
import { pointer, type Problem, type ProblemKind } from './problem.ts';
import { rows } from '../requirements/rows.ts';
import { fractionDigits, isBase64, isTimestamp } from './scalars.ts';
import { anyMessage, objectOf, type Json } from './testing/valid-messages.ts';
import { inspect, validate } from './validate.ts';

/** One object of a message inside a value, however deep. */
interface Site {
  readonly definition: MessageDefinition;
  readonly path: readonly PropertyKey[];
  readonly object: Json;
}

function sitesOf(definition: MessageDefinition, object: Json, path: readonly PropertyKey[] = []): Site[] {
  const inner = Object.entries(definition.fields).flatMap(([name, { type, label }]) => {
    const value = object[name];
    if (type.kind !== 'message' || value === undefined || value === null) return [];
    if (label === 'single') return sitesOf(type.definition, value as Json, [...path, name]);
    return Object.entries(value).flatMap(([key, item]) => sitesOf(type.definition, item as Json, [...path, name, key]));
  });
  return [{ definition, object, path }, ...inner];
}

interface Violation {
  readonly kind: ProblemKind;
  readonly row: string | null;
  readonly path: string;
  readonly apply: () => void;
}

const wrongType: Record<Exclude<Field['type']['kind'], 'timestamp' | 'value'>, unknown> = {
  string: 5,
  bool: 'true',
  int32: '5',
  bytes: 5,
  struct: [],
  enum: true,
  message: 'x',
};

/** Every way in which one field, or the whole of one site, may be wrong, each with what must be said of it. */
function violationsAt({ definition, object, path }: Site): Violation[] {
  const { fields, oneofs, blame } = definition;
  const at = (...more: PropertyKey[]): string => pointer([...path, ...more]);
  const fieldViolations = Object.entries(fields).flatMap(([name, field]): Violation[] => {
    const { type, label, required } = field;
    const set = Object.hasOwn(object, name) && object[name] !== null;
    const violation = (kind: ProblemKind, apply: () => void, where = at(name), row = blame(kind, name)): Violation => ({
      kind,
      row,
      path: where,
      apply,
    });
    const put = (kind: ProblemKind, value: unknown, row?: string | null): Violation =>
      violation(kind, () => (object[name] = value), at(name), row ?? blame(kind, name));
    const found: Violation[] = [];
    if (required)
      found.push(
        violation('missing', () => delete object[name]),
        put('missing', null),
      );
    if (required && label === 'repeated' && !field.mayBeEmpty) found.push(put('empty-array', []));
    if (!set) return found;
    for (const other of [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name.toUpperCase()]) {
      if (other === name) continue;
      const rename = (): void => {
        object[other] = object[name];
        delete object[name];
      };
      found.push(violation('name', rename, at(other)));
    }
    if (label !== 'single') return [...found, put('type', 'x'), ...(label === 'repeated' ? [put('type', {})] : [])];
    if (type.kind === 'timestamp')
      return [...found, put('timestamp', 5), put('timestamp', '2025-10-28T10:30:00+00:00')];
    if (type.kind === 'value') return found;
    found.push(put('type', wrongType[type.kind]));
    if (type.kind === 'bytes') found.push(put('base64', 'not base64!'));
    if (type.kind === 'enum') {
      const { values, row, unspecified } = type.definition;
      found.push(
        put('enum-form', 1),
        put('enum-form', values[1]!.toLowerCase()),
        put('enum-form', values[1]!.replace(/^TASK_STATE_|^ROLE_/, '').toLowerCase()),
        put('enum-value', 'PAUSED', blame('enum-value', name) && row),
      );
      if (required) found.push(put('enum-unspecified', unspecified, row));
    }
    if (type.kind === 'string' && required && !field.mayBeEmpty) found.push(put('empty-string', ''));
    return found;
  });
  const oneofViolations = Object.keys(oneofs).flatMap((oneof): Violation[] => {
    const members = Object.keys(fields).filter((name) => fields[name]!.oneof === oneof);
    const set = members.filter((name) => Object.hasOwn(object, name));
    const unset = members.filter((name) => !Object.hasOwn(object, name) && fields[name]!.type.kind === 'string');
    return [
      ...unset.slice(0, 1).map((name): Violation => ({
        kind: 'oneof-many',
        row: blame('oneof-many', undefined),
        path: at(),
        apply: () => (object[name] = 'x'),
      })),
      {
        kind: 'oneof-none',
        row: blame('oneof-none', undefined),
        path: at(),
        apply: () => set.forEach((name) => delete object[name]),
      },
    ];
  });
  return [...fieldViolations, ...oneofViolations];
}

const brief = ({ kind, row, path }: Problem | Violation) => ({ kind, row, path });

describe('validate', () => {
  test('passes every valid object', () => {
    fc.assert(
      fc.property(anyMessage, ({ name, value }) => {
        expect(validate(name, value)).toEqual([]);
      }),
    );
  });

  test('names exactly one problem, on its row and place, for one violation', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat(), ({ name, value }, whichSite, whichViolation) => {
        const broken = structuredClone(value);
        const sites = sitesOf(messages.get(name)!, broken);
        const violations = violationsAt(sites[whichSite % sites.length]!);
        fc.pre(violations.length > 0);
        const violation = violations[whichViolation % violations.length]!;
        violation.apply();
        expect(validate(name, broken).map(brief)).toEqual([brief(violation)]);
      }),
      { numRuns: 2000 },
    );
  });

  test('blames rows that exist', () => {
    const blamed = [...messages.values()].flatMap((definition) => {
      const [value] = fc.sample(objectOf(definition), { seed: 1, numRuns: 1 });
      return violationsAt({ definition, object: value!, path: [] }).flatMap(({ row }) => row ?? []);
    });
    expect([...new Set(blamed)].filter((row) => !rows.has(row))).toEqual([]);
  });

  test('an unknown message is a mistake of the caller', () => {
    expect(() => validate('Tsak', {})).toThrow(RangeError);
  });

  test.for([null, [], 'x', 5, undefined])('a whole that is no object is one problem: %j', (value) => {
    expect(validate('Task', value).map(brief)).toEqual([{ kind: 'type', row: 'schema/task', path: '' }]);
  });
});

describe('cases of two readings carry both', () => {
  const readingsOf = (name: string, value: unknown) =>
    validate(name, value).map(({ kind, readings }) => [kind, readings?.length]);

  test.for([
    ['Part', { text: 'x', data: null }, 'oneof-many'],
    ['OAuthFlows', {}, 'oneof-none'],
    ['Artifact', { artifactId: '', parts: [{ text: '' }] }, 'empty-string'],
    ['TaskStatus', { state: 'TASK_STATE_UNSPECIFIED' }, 'enum-unspecified'],
  ] as const)('%s %j', ([name, value, kind]) => {
    expect(readingsOf(name, value)).toEqual([[kind, 2]]);
  });

  test('an empty skills array, and no other array of the card', () => {
    const card = {
      name: 'n',
      description: 'd',
      supportedInterfaces: [],
      version: '1',
      capabilities: {},
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: [],
    };
    expect(readingsOf('AgentCard', card)).toEqual([
      ['empty-array', undefined],
      ['empty-array', 2],
    ]);
  });
});

describe('what is unusual but right', () => {
  test.for([
    ['Part', { data: null }],
    ['Part', { text: '' }],
    ['Part', { kind: 'text', text: 'x', raw: null, url: null }],
    ['Part', { raw: 'AQ' }],
    ['Message', { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'x' }], contextId: null, context_id: null }],
    [
      'Task',
      { id: 't', status: { state: 'TASK_STATE_WORKING', timestamp: null }, artifacts: [], history: null, context: 5 },
    ],
    ['TaskStatus', { state: 'TASK_STATE_WORKING', timestamp: '2025-10-28T10:30:00Z' }],
    ['ListTasksResponse', { tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 }],
    ['AgentCapabilities', {}],
  ] as [string, unknown][])('%s %j', ([name, value]) => {
    expect(validate(name, value)).toEqual([]);
  });

  test('a wrong spelling beside the right name is an unknown field', () => {
    expect(
      validate('Task', { id: 't', status: { state: 'TASK_STATE_WORKING' }, contextId: 'c', context_id: 'd' }),
    ).toEqual([]);
  });
});

test('inspect counts the instances that rows speak of', () => {
  const { seen } = inspect(messages.get('Task')!, {
    id: 't',
    status: { state: 'TASK_STATE_WORKING', timestamp: '2025-10-28T10:30:00.123Z' },
    artifacts: [{ artifactId: 'a', parts: [{ text: '1' }, { text: '2' }] }],
    history: [{ messageId: 'm', role: 'ROLE_USER', parts: [{ text: '3' }], metadata: { parts: [{}] } }],
  });
  expect([...seen.objects].map(([name, list]) => [name, list.length])).toEqual([
    ['Task', 1],
    ['TaskStatus', 1],
    ['Artifact', 1],
    ['Part', 3],
    ['Message', 1],
  ]);
  expect(seen.objects.get('Part')!.map(({ path }) => path)).toEqual([
    '/artifacts/0/parts/0',
    '/artifacts/0/parts/1',
    '/history/0/parts/0',
  ]);
  expect([...seen.enums]).toEqual([
    ['TaskState', ['TASK_STATE_WORKING']],
    ['Role', ['ROLE_USER']],
  ]);
  expect(seen.timestamps).toEqual(['2025-10-28T10:30:00.123Z']);
});

describe('scalars', () => {
  test.for([
    '2025-10-28T10:30:00Z',
    '2024-02-29T23:59:60.5Z',
    '0001-01-01T00:00:00.000Z',
    '2000-02-29T00:00:00.123456789Z',
  ])('%s is a timestamp', (text) => expect(isTimestamp(text)).toBe(true));
  test.for([
    '2025-10-28T10:30:00+00:00',
    '2025-10-28T10:30:00.000',
    '2025-10-28 10:30:00Z',
    '2025-10-28T10:30:00z',
    '2025-10-28T10:30Z',
    '2025-10-28T24:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-10-28',
    '1761647400',
    '',
  ])('%s is none', (text) => expect(isTimestamp(text)).toBe(false));

  test('fraction digits', () => {
    expect(
      ['2025-10-28T10:30:00Z', '2025-10-28T10:30:00.5Z', '2025-10-28T10:30:00.123456Z'].map(fractionDigits),
    ).toEqual([0, 1, 6]);
  });

  test.for(['', 'AQ==', 'AQ', 'AQI=', '-_8', '+/8='])('%j is base64', (text) => expect(isBase64(text)).toBe(true));
  test.for(['A', 'AQ=', 'A=Q=', 'not base64!', '-+8=', 'AQ==='])('%j is not', (text) =>
    expect(isBase64(text)).toBe(false),
  );
});
