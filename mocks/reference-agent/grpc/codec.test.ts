import { describe, expect, test } from 'vitest';
import { requestTypes } from '../request-types.ts';
import { operationNames } from '../types.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { methods, rpcStatus } from './messages.ts';
import type { MessageShape } from './shapes.ts';
import { WireError } from './wire-format.ts';

/** Bytes that were put together by hand from the encoding's description. */

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/[^\da-f]/g, ''), 'hex');
/** A length-delimited field: tag, length (below 128), content. */
const within = (tag: string, ...content: readonly string[]): string => {
  const bytes = content.join('').replaceAll(/[^\da-f]/g, '');
  return `${tag}${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`;
};
const ascii = (text: string): string => Buffer.from(text).toString('hex');
const { GetTask, SendMessage, ListTasks, SendStreamingMessage, GetExtendedAgentCard, ListTaskPushNotificationConfigs } =
  methods;

describe.each([
  ['nothing', GetTask.request, {}, ''],
  ['strings', GetTask.request, { tenant: 't', id: 'ab' }, '0a0174 12026162'],
  ['an optional 0', GetTask.request, { historyLength: 0 }, '1800'],
  ['a negative int32', GetTask.request, { historyLength: -1 }, '18 ff ff ff ff ff ff ff ff ff 01'],
  ['two bytes of a varint', GetTask.request, { historyLength: 300 }, '18 ac 02'],
  [
    'fields out of order',
    ListTaskPushNotificationConfigs.request,
    { taskId: 'x', pageSize: 2, tenant: 't' },
    '0a0178 1002 220174',
  ],
  ['an enum', ListTasks.request, { status: 'TASK_STATE_WORKING', includeArtifacts: false }, '1802 4000'],
  [
    'a timestamp',
    ListTasks.request,
    { statusTimestampAfter: '1970-01-01T00:00:01.500Z' },
    // seconds 1, nanos 500,000,000
    within('3a', '08 01 10 80 ca b5 ee 01'),
  ],
  [
    'a timestamp before 1970, to the nanosecond',
    ListTasks.request,
    { statusTimestampAfter: '1969-12-31T23:59:59.000000001Z' },
    within('3a', '08 ff ff ff ff ff ff ff ff ff 01 10 01'),
  ],
  [
    'parts of each kind',
    SendMessage.request,
    {
      message: {
        role: 'ROLE_USER',
        parts: [{ text: '' }, { raw: 'AP8=' }, { url: 'u', filename: 'f', mediaType: 'm' }, { data: null }],
      },
    },
    // message { role, parts… }
    within('12', '20 01 2a 02 0a 00 2a 04 12 02 00 ff 2a 09 1a 01 75 32 01 66 3a 01 6d 2a 04 22 02 08 00'),
  ],
  [
    'values',
    SendMessage.request,
    { metadata: { n: 1.5, s: 'x', b: true, z: null, l: [{}] } },
    within(
      '22',
      '0a 0e 0a 01 6e 12 09 11 00 00 00 00 00 00 f8 3f',
      '0a 08 0a 01 73 12 03 1a 01 78',
      '0a 07 0a 01 62 12 02 20 01',
      '0a 07 0a 01 7a 12 02 08 00',
      '0a 0b 0a 01 6c 12 06 32 04 0a 02 2a 00',
    ),
  ],
  [
    'a oneof',
    SendStreamingMessage.response,
    { artifactUpdate: { taskId: 't', artifact: { parts: [{ text: 'x' }] }, append: true, lastChunk: true } },
    within('22', '0a 01 74', within('1a', within('22', '0a 01 78')), '20 01 28 01'),
  ],
  [
    'maps',
    GetExtendedAgentCard.response,
    { capabilities: { streaming: false }, securitySchemes: { b: { httpAuthSecurityScheme: { scheme: 'Bearer' } } } },
    `3a 02 08 00 ${within('42', '0a 01 62', within('12', within('12', within('12', ascii('Bearer')))))}`,
  ],
  [
    'a status with details',
    rpcStatus,
    {
      code: 5,
      message: 'no',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R', domain: 'd', metadata: { k: 'v' } },
      ],
    },
    `08 05 12 02 6e 6f ${within(
      '1a',
      within('0a', ascii('type.googleapis.com/google.rpc.ErrorInfo')),
      within('12', '0a 01 52 12 01 64', within('1a', '0a 01 6b 12 01 76')),
    )}`,
  ],
] as [string, MessageShape, object, string][])('%s', (_, shape, json, bytes) => {
  test('written', () => {
    expect(encodeMessage(shape, json).toString('hex')).toBe(hex(bytes).toString('hex'));
  });
  test('read', () => {
    expect(decodeMessage(shape, hex(bytes))).toEqual(json);
  });
});

describe('reading', () => {
  const read = (bytes: string) => decodeMessage(SendMessage.request, hex(bytes));

  test('defaults are unset, but in a oneof or where they are optional', () => {
    expect(read('0a 00 12 04 2a 02 0a 00')).toEqual({ message: { parts: [{ text: '' }] } });
    expect(decodeMessage(ListTaskPushNotificationConfigs.request, hex('10 00'))).toEqual({});
  });

  test('what is unknown is left out: fields, groups, known ones of another type', () => {
    expect(read('0a 01 74  a0 06 01  a3 06 08 01 a4 06  08 01  a5 06 00 00 00 00')).toEqual({ tenant: 't' });
  });

  test('an unknown enum stays a number', () => {
    expect(decodeMessage(ListTasks.request, hex('18 63'))).toEqual({ status: 99 });
    expect(encodeMessage(ListTasks.request, { status: 99 }).toString('hex')).toBe('1863');
  });

  test('the last of a oneof counts, a message given twice is merged', () => {
    expect(read('12 08 2a 06 0a 01 61 1a 01 62')).toEqual({ message: { parts: [{ url: 'b' }] } });
    expect(read('12 03 0a 01 61 12 03 12 01 62')).toEqual({ message: { messageId: 'a', contextId: 'b' } });
  });

  test.for([
    '0a',
    '0a 05 61',
    '0a 02 c3 28',
    '00 01',
    '0f',
    'a3 06 08 01',
    'a4 06',
    'ff ff ff ff ff ff ff ff ff ff 01',
  ])('%s is no message', (bytes) => {
    expect(() => read(bytes)).toThrow(WireError);
  });

  test('neither infinite numbers nor endless nesting', () => {
    expect(() => read(within('22', within('0a', '0a 01 6e', within('12', '11 00 00 00 00 00 00 f0 7f'))))).toThrow(
      'Invalid parameters',
    );
    const deep = (levels: number): Buffer => encodeMessage(SendMessage.request, { metadata: nested(levels) });
    expect(decodeMessage(SendMessage.request, deep(99))).toEqual({ metadata: nested(99) });
    expect(() => decodeMessage(SendMessage.request, deep(1000))).toThrow('validation');
  });
});

const nested = (levels: number): object => {
  let value: unknown = null;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value as object;
};

describe('writing', () => {
  test('what a message cannot hold is left out', () => {
    const json = {
      id: {},
      contextId: 7,
      status: { state: 'working', timestamp: 'now' },
      artifacts: 'none',
      kind: 'task',
    };
    expect(encodeMessage(GetTask.response, json).toString('hex')).toBe('1201371a00');
  });

  test('bytes stand for themselves', () => {
    const bytes = Uint8Array.of(0xc3, 0x28);
    expect(encodeMessage(GetTask.response, { id: bytes, status: bytes }).toString('hex')).toBe('0a02c3281a02c328');
  });
});

test('requests have the fields that are validated', () => {
  const fieldsOf = (fields: object): string[] => Object.keys(fields).sort();
  for (const operation of operationNames) {
    const { name, fields } = methods[operation].request;
    const validated = requestTypes[operation];
    expect([name, fieldsOf(fields())]).toEqual([validated.name, fieldsOf(validated.fields)]);
  }
});
