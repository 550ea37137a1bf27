import { expect, test } from 'vitest';
import { operations, type Operation } from '../../../protocol/operations.ts';
import { mapRequest, readRequest } from './request-mapping.ts';

const map = (operation: Operation, params: unknown, tenantPlace?: 'path' | 'field') => {
  const { method, path, query, body } = mapRequest(operations[operation].routes[0], params, tenantPlace);
  return [`${method} ${path}`, query, body];
};

const configOf = { taskId: 't1', id: 'c1' };

test.for<[Operation, unknown, string, unknown, unknown]>([
  ['SendMessage', { message: { a: 1 } }, 'POST /message:send', [], { message: { a: 1 } }],
  ['SendStreamingMessage', { message: {} }, 'POST /message:stream', [], { message: {} }],
  ['GetTask', { id: 't1', historyLength: 0 }, 'GET /tasks/t1', [['historyLength', '0']], undefined],
  ['CancelTask', { id: 't1', metadata: { a: 1 } }, 'POST /tasks/t1:cancel', [], { metadata: { a: 1 } }],
  ['CancelTask', { id: 't1' }, 'POST /tasks/t1:cancel', [], {}],
  ['SubscribeToTask', { id: 't1' }, 'POST /tasks/t1:subscribe', [], {}],
  [
    'CreateTaskPushNotificationConfig',
    { taskId: 't1', id: 'c1', url: 'http://a.test' },
    'POST /tasks/t1/pushNotificationConfigs',
    [],
    { id: 'c1', url: 'http://a.test' },
  ],
  ['GetTaskPushNotificationConfig', configOf, 'GET /tasks/t1/pushNotificationConfigs/c1', [], undefined],
  [
    'ListTaskPushNotificationConfigs',
    { taskId: 't1', pageSize: 5 },
    'GET /tasks/t1/pushNotificationConfigs',
    [['pageSize', '5']],
    undefined,
  ],
  ['DeleteTaskPushNotificationConfig', configOf, 'DELETE /tasks/t1/pushNotificationConfigs/c1', [], undefined],
  ['GetExtendedAgentCard', {}, 'GET /extendedAgentCard', [], undefined],
])('%s', ([operation, params, line, query, body]) => {
  expect(map(operation, params)).toEqual([line, query, body]);
});

test('query parameters: camelCase, texts as they are, other values in their JSON form, lists repeated', () => {
  const query = {
    contextId: 'a b',
    status: 'TASK_STATE_WORKING',
    pageSize: 50,
    includeArtifacts: false,
    statusTimestampAfter: '2025-11-09T10:30:00.000Z',
    pageToken: undefined,
    tag: ['x', 'y'],
  };
  expect(map('ListTasks', query)).toEqual([
    'GET /tasks',
    [
      ['contextId', 'a b'],
      ['status', 'TASK_STATE_WORKING'],
      ['pageSize', '50'],
      ['includeArtifacts', 'false'],
      ['statusTimestampAfter', '2025-11-09T10:30:00.000Z'],
      ['tag', 'x'],
      ['tag', 'y'],
    ],
    undefined,
  ]);
});

test('ids are percent-encoded in the path', () => {
  expect(map('CancelTask', { id: 'a/b:cancel?c d#ä' })[0]).toBe('POST /tasks/a%2Fb%3Acancel%3Fc%20d%23%C3%A4:cancel');
});

test('the tenant stands before the path, or beside the other fields', () => {
  const get = { tenant: 'a/b', id: 't1' };
  expect(map('GetTask', get, 'path')).toEqual(['GET /a%2Fb/tasks/t1', [], undefined]);
  expect(map('GetTask', get)).toEqual(['GET /tasks/t1', [['tenant', 'a/b']], undefined]);
  const send = { tenant: 'acme', message: {} };
  expect(map('SendMessage', send, 'path')).toEqual(['POST /acme/message:send', [], { message: {} }]);
  expect(map('SendMessage', send)).toEqual(['POST /message:send', [], send]);
  expect(map('SendMessage', { tenant: '', message: {} }, 'path')[0]).toBe('POST /message:send');
});

test('what is no object is the body as it is; what has no form in a path or query is its JSON', () => {
  expect(map('SendMessage', 'hello')).toEqual(['POST /message:send', [], 'hello']);
  expect(map('SendMessage', null)).toEqual(['POST /message:send', [], null]);
  expect(map('GetTask', { id: { a: 1 }, historyLength: 'many', x: null })).toEqual([
    'GET /tasks/%7B%22a%22%3A1%7D',
    [
      ['historyLength', 'many'],
      ['x', 'null'],
    ],
    undefined,
  ]);
});

test.for<[string, string, string | null, unknown]>([
  ['POST /message:send', '', '{"message":1}', { operation: 'SendMessage', params: { message: 1 } }],
  ['POST /message:send', '', 'no JSON', { operation: 'SendMessage', params: undefined }],
  ['POST /acme/message:stream', '', '{}', { operation: 'SendStreamingMessage', params: { tenant: 'acme' } }],
  ['GET /tasks/a%2Fb', '?historyLength=3', null, { operation: 'GetTask', params: { historyLength: '3', id: 'a/b' } }],
  ['GET /tasks', '?key=1&pageSize=2', null, { operation: 'ListTasks', params: { pageSize: '2' } }],
  ['GET /tasks/t1:subscribe', '', null, { operation: 'SubscribeToTask', params: { id: 't1' } }],
  ['POST /tasks/t1:subscribe', '', '{}', { operation: 'SubscribeToTask', params: { id: 't1' } }],
  ['POST /tasks/t1:cancel', '', '[]', { operation: 'CancelTask', params: { id: 't1' } }],
  [
    'DELETE /tasks/t1/pushNotificationConfigs/%',
    '',
    null,
    { operation: 'DeleteTaskPushNotificationConfig', params: { taskId: 't1', id: '%' } },
  ],
  ['PUT /tasks/t1', '', null, undefined],
  ['GET /nothing', '', null, undefined],
])('%s is read back', ([line, query, body, asked]) => {
  const [method = '', path = ''] = line.split(' ');
  const base = 'http://a.test/a2a/v1/';
  expect(readRequest({ method, url: `http://a.test/a2a/v1${path}${query}`, body }, `${base}?key=1`)).toEqual(asked);
  expect(readRequest({ method, url: `http://a.test/elsewhere${path}`, body }, base)).toBeUndefined();
});

test('every operation is read back as it was written, by each of its routes', () => {
  for (const { name, routes } of Object.values(operations)) {
    for (const route of routes) {
      const { method, path } = mapRequest(route, { id: 'a:b', taskId: 'c/d' });
      const read = readRequest({ method, url: `http://a.test${path}`, body: '{}' }, 'http://a.test');
      expect(read?.operation).toBe(name);
    }
  }
});
