import { fromJson, toBinary, toJson, fromBinary, type JsonValue } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { inspect } from '../../../protocol/schemas/validate.ts';
import { messages } from '../../../protocol/schemas/objects.ts';
import { descriptorOf } from '../../../protocol/wire/descriptors.ts';
import { decodeMessage, encodeMessage } from './protobuf.ts';

const task = {
  id: 't1',
  contextId: 'c1',
  status: {
    state: 'TASK_STATE_COMPLETED',
    message: {
      messageId: 'm1',
      role: 'ROLE_AGENT',
      parts: [{ text: 'bonjour — 你好' }],
      extensions: ['https://x.test/1'],
    },
    timestamp: '2025-10-28T10:30:00.120Z',
  },
  artifacts: [
    {
      artifactId: 'a1',
      parts: [
        { raw: 'AAECAw==', filename: 'f.bin', mediaType: 'application/octet-stream' },
        { url: 'https://x.test/f' },
        { data: { list: [1, 'two', null, true, { deep: [] }], zero: 0 } },
        { data: null },
        { data: [] },
        { data: 'text' },
        { text: '' },
      ],
      metadata: { a: { b: [1.5] } },
    },
  ],
  metadata: { empty: {} },
};

const decoded = (name: string, bytes: Uint8Array) => {
  const result = decodeMessage(name, bytes);
  if ('why' in result) throw new Error(result.why);
  return result;
};

test('what is encoded is decoded again, as the library would write it', () => {
  const bytes = encodeMessage('Task', task);
  expect(decoded('Task', bytes)).toEqual({ value: task, faults: [] });
  const descriptor = descriptorOf('lf.a2a.v1.Task');
  expect(toJson(descriptor, fromBinary(descriptor, bytes))).toEqual(task);
  expect(inspect(messages.get('Task')!, decoded('Task', bytes).value).problems).toEqual([]);
});

test('optional fields keep their zero; other zeros are not there', () => {
  const request = { id: 't1', historyLength: 0 };
  expect(decoded('GetTaskRequest', encodeMessage('GetTaskRequest', request)).value).toEqual(request);
  expect(decoded('GetTaskRequest', encodeMessage('GetTaskRequest', { id: '' })).value).toEqual({});
  const update = { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text: 'x' }] } };
  const bytes = encodeMessage('TaskArtifactUpdateEvent', { ...update, append: false, lastChunk: true });
  expect(decoded('TaskArtifactUpdateEvent', bytes).value).toEqual({ ...update, lastChunk: true });
});

test('zero is a value of REQUIRED numbers and of what may be empty; an empty id and an unspecified enum are unset', () => {
  expect(decoded('ListTasksResponse', new Uint8Array()).value).toEqual({
    tasks: [],
    nextPageToken: '',
    pageSize: 0,
    totalSize: 0,
  });
  expect(decoded('Message', new Uint8Array()).value).toEqual({ parts: [] });
  expect(decoded('TaskStatus', new Uint8Array()).value).toEqual({});
});

test('enums that no release has are numbers', () => {
  const descriptor = descriptorOf('lf.a2a.v1.TaskStatus');
  const bytes = toBinary(descriptor, fromJson(descriptor, { state: 99 } as JsonValue));
  expect(decoded('TaskStatus', bytes).value).toEqual({ state: 99 });
});

test('members that no message has go as unknown fields, and are seen as such', () => {
  const extended = { ...task, future: 1, status: { ...task.status, later: ['a'] } };
  const { value, faults } = decoded('Task', encodeMessage('Task', extended));
  expect(value['(unknown field 50000)']).toBeTypeOf('string');
  expect(value['status']).toHaveProperty('(unknown field 50000)');
  expect(faults).toEqual([]);
  expect(inspect(messages.get('Task')!, value).problems).toEqual([]);
});

test('the name of an enum value that there is not goes as a number that there is not', () => {
  const message = { messageId: 'm', role: 'ROLE_GAUNTLET', parts: [{ text: 'x' }] };
  expect(decoded('Message', encodeMessage('Message', message)).value).toEqual({ ...message, role: 99 });
  const bytes = encodeMessage('SendMessageRequest', { message });
  expect(decoded('SendMessageRequest', bytes).value).toEqual({ message: { ...message, role: 99 } });
});

test.for<[string, string, unknown]>([
  ['a word for a number', 'GetTaskRequest', { id: 't1', historyLength: 'many' }],
  ['a string for a message', 'SendMessageRequest', { message: 'hello' }],
  ['no object', 'SendMessageRequest', 'hello'],
])('%s cannot be said', ([, name, value]) => {
  expect(() => encodeMessage(name, value)).toThrow();
});

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

test.for<[string, string, string, string]>([
  ['a length beyond the end', 'Task', '0a 7f 61', 'the bytes are no Task: '],
  ['no UTF-8', 'Task', '0a 02 c3 28', 'the bytes are no Task: '],
])('%s is no message', ([, name, bytes, why]) => {
  expect(decodeMessage(name, hex(bytes))).toEqual({ why: expect.stringContaining(why) as string });
});

test.for<[string, string, string, string]>([
  [
    'a timestamp out of range',
    'TaskStatus',
    '08 03 1a 06 10 ff ff ff ff 07',
    'a google.protobuf.Timestamp of 0 seconds',
  ],
  ['a value without a kind', 'Part', '22 00', 'a google.protobuf.Value without a kind'],
  ['a number that JSON lacks', 'Part', '22 09 11 00 00 00 00 00 00 f8 7f', 'a google.protobuf.Value of NaN'],
])('%s is named as a fault', ([, name, bytes, fault]) => {
  expect(decoded(name, hex(bytes)).faults).toEqual([expect.stringContaining(fault) as string]);
});

test('details of a status are read by their type, others kept as bytes', () => {
  const status = {
    code: 5,
    message: 'gone',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'TASK_NOT_FOUND',
        domain: 'd',
        metadata: { a: 'b' },
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
    ],
  };
  const any = (typeUrl: string, name: string, value: unknown) => ({ typeUrl, value: encodeMessage(name, value) });
  const bytes = encodeStatus([
    any('type.googleapis.com/google.rpc.ErrorInfo', 'google.rpc.ErrorInfo', {
      reason: 'TASK_NOT_FOUND',
      domain: 'd',
      metadata: { a: 'b' },
    }),
    any('type.googleapis.com/google.rpc.RetryInfo', 'google.rpc.RetryInfo', { retryDelay: '1.5s' }),
    { typeUrl: 'type.googleapis.com/other.Thing', value: new Uint8Array([1]) },
  ]);
  expect(decoded('google.rpc.Status', bytes).value).toEqual({
    ...status,
    details: [...status.details, { '@type': 'type.googleapis.com/other.Thing', value: 'AQ==' }],
  });
});

const encodeStatus = (details: readonly { typeUrl: string; value: Uint8Array }[]): Uint8Array => {
  const descriptor = descriptorOf('google.rpc.Status');
  const message = fromJson(descriptor, { code: 5, message: 'gone' } as JsonValue) as unknown as Record<string, unknown>;
  message['details'] = details.map((detail) => ({ $typeName: 'google.protobuf.Any', ...detail }));
  return toBinary(descriptor, message as never);
};
