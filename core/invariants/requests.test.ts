import { expect, test } from 'vitest';
import { operations, type Operation } from '../../protocol/operations.ts';
import { faultsOfOwnRequest, ownFaults } from './requests.ts';
import { exchange, historyOf, userMessage, type Shape } from './testing/exchanges.ts';

const faults = (shape: Shape) => faultsOfOwnRequest(exchange(1, shape));

test.for<[string, Shape]>([
  ['GetTask', { operation: 'GetTask', params: { id: 't', historyLength: 2 } }],
  [
    'SendMessage',
    { operation: 'SendMessage', params: { message: userMessage(), configuration: { returnImmediately: true } } },
  ],
  ['ListTasks', { operation: 'ListTasks', params: {} }],
  ['SubscribeToTask', { operation: 'SubscribeToTask', params: { id: 't' } }],
  ['GetExtendedAgentCard', { operation: 'GetExtendedAgentCard', params: {} }],
  ['an unknown field', { operation: 'SendMessage', params: { message: userMessage({ xNew: 1 }) } }],
  [
    'a push config',
    { operation: 'CreateTaskPushNotificationConfig', params: { taskId: 't', url: 'https://x.example/' } },
  ],
  ['a request that is wrong on purpose', { malformed: 'no id', params: {}, requestBody: '{' }],
])('%s is well-formed', ([, shape]) => {
  expect(faults(shape)).toEqual([]);
});

test.for<[string, Shape, string]>([
  ['no id', { operation: 'GetTask', params: {} }, 'params/id: absent instead of a string'],
  [
    'a number as text',
    { params: { id: 't', historyLength: '2' } },
    'params/historyLength: "2" instead of a 32-bit integer',
  ],
  [
    'no parts',
    { operation: 'SendMessage', params: { message: userMessage({ parts: [] }) } },
    'params/message/parts: []',
  ],
  ['snake_case', { params: { id: 't', history_length: 1 } }, 'params/history_length: history_length'],
  ['no JSON', { requestBody: '{' }, 'the body is no JSON object'],
  ['no version', { requestBody: '{"id":1,"method":"GetTask"}' }, 'jsonrpc is not "2.0"'],
  ['no id of the call', { requestBody: '{"jsonrpc":"2.0","method":"GetTask"}' }, 'id is no string and no number'],
  ['another method', { requestBody: '{"jsonrpc":"2.0","id":1,"method":"tasks/get"}' }, 'method is not GetTask'],
  ['another type', { requestType: 'text/plain' }, 'Content-Type is not application/json'],
])('%s is the harness’s fault', ([, shape, fault]) => {
  expect(faults(shape)).toEqual([expect.stringContaining(fault)]);
});

test('ownFaults names the exchanges of a history', () => {
  expect(ownFaults(historyOf({}, { params: {} }, {}))).toMatchObject([{ exchange: { id: 'x2' }, faults: [/id/] }]);
});

test('the request of every operation can be judged', () => {
  for (const operation of Object.keys(operations) as Operation[])
    expect(faults({ operation, params: { id: 5 } }).length, operation).toBeLessThan(9);
});
