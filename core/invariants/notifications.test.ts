import { expect, test } from 'vitest';
import { notifications } from './notifications.ts';
import { pushConfigs } from './push-configs.ts';
import {
  artifactUpdate,
  created,
  pushHistory,
  sentInline,
  statusUpdate,
  type DeliveryShape,
} from './testing/deliveries.ts';
import { error, got, historyOf, result, sampleFacts, sampleTask, type Shape } from './testing/exchanges.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';

const bodies = (...all: readonly unknown[]): readonly DeliveryShape[] => all.map((body) => ({ body }));
const facts = {
  ...sampleFacts,
  target: { ...sampleFacts.target, capabilities: { ...sampleFacts.target.capabilities, pushNotifications: true } },
};
const [working, completed, failed] = [statusUpdate(), statusUpdate('COMPLETED'), statusUpdate('FAILED')];
const completedTask = sampleTask({ status: { state: 'TASK_STATE_COMPLETED' } });
const withTask = { task: sampleTask() };

type Case = readonly [string, keyof ReturnType<typeof notifications.judge>, string, readonly DeliveryShape[], Shape[]?];

test.for<Case>([
  ['updates', 'push/payload', 'holds', bodies(working, artifactUpdate(), completed)],
  ['a task', 'push/payload', 'holds', bodies(withTask)],
  ['a bare task', 'push/payload', 'violated', bodies(sampleTask())],
  ['two members', 'push/payload', 'violated', bodies({ ...working, ...withTask })],
  ['a JSON-RPC response', 'push/payload', 'violated', bodies(result(1, working))],
  ['no JSON', 'push/payload', 'violated', bodies('hello')],
  ['an unknown member beside the payload', 'push/payload', 'holds', bodies({ ...working, extra: 1 })],
  ['nothing', 'push/payload', 'untested', []],
  ['objects as defined', 'push/payload-objects', 'holds', bodies(working)],
  ['an artifact without id', 'push/payload-objects', 'violated', bodies(artifactUpdate({ parts: [{ text: 'x' }] }))],
  [
    'a state in other letters',
    'push/payload-objects',
    'violated',
    bodies(statusUpdate('WORKING', { status: { state: 'working' } })),
  ],
  ['names of the proto', 'push/payload-objects', 'violated', bodies({ status_update: working.statusUpdate })],
  ['of a bare task nothing is said', 'push/payload-objects', 'holds', bodies(sampleTask(), working)],
  ['the task of the configuration', 'push/delivery-task', 'holds', bodies(working)],
  ['another task', 'push/delivery-task', 'violated', bodies(statusUpdate('WORKING', { taskId: 't2' }))],
  ['the task that the message made', 'push/delivery-task', 'holds', bodies(withTask), [sentInline]],
  [
    'another than the message made',
    'push/delivery-task',
    'violated',
    bodies(statusUpdate('WORKING', { taskId: 't2' })),
    [sentInline],
  ],
  [
    'a task of a message that seemed to fail at first',
    'push/delivery-task',
    'untested',
    bodies(statusUpdate('WORKING', { taskId: 't2' })),
    [{ ...sentInline, answer: error(1, -32603) }, sentInline],
  ],
  [
    'another context',
    'push/delivery-task',
    'violated',
    bodies(statusUpdate('WORKING', { contextId: 'c2' })),
    [created, got(2, sampleTask())],
  ],
  ['a context that nobody else showed', 'push/delivery-task', 'holds', bodies(working), [created]],
  ['a webhook of which nothing is known', 'push/delivery-task', 'untested', bodies(working), []],
  ['a message without a task', 'push/delivery-task', 'untested', bodies({ message: { messageId: 'm' } })],
  ['in order', 'push/in-order', 'holds', bodies(working, artifactUpdate(), completed)],
  ['an update after the end', 'push/in-order', 'ambiguous', bodies(completed, working)],
  ['an artifact after the end', 'push/in-order', 'ambiguous', bodies(working, completed, artifactUpdate())],
  ['an update that comes again after the end', 'push/in-order', 'holds', bodies(working, completed, working)],
  ['the end twice', 'push/in-order', 'holds', bodies(completed, completed)],
  [
    'side by side',
    'push/in-order',
    'holds',
    [
      { body: completed, at: 1000 },
      { body: working, at: 1000.5 },
    ],
  ],
  ['no end', 'push/in-order', 'untested', bodies(working)],
  [
    'another webhook goes its own way',
    'push/in-order',
    'holds',
    [{ body: completed }, { body: working, webhook: 'http://w/2' }],
  ],
  ['one end', 'push/one-end', 'holds', bodies(working, completed, completed)],
  ['two ends', 'push/one-end', 'violated', bodies(completed, failed)],
  ['another end than GetTask shows', 'push/one-end', 'violated', bodies(failed), [created, got(2, completedTask)]],
  ['the end that GetTask shows', 'push/one-end', 'holds', bodies(completed), [created, got(2, completedTask)]],
  ['GetTask was earlier', 'push/one-end', 'holds', bodies(completed), [created, got(2, sampleTask())]],
])('%s: %s %s', ([, row, kind, deliveries, shapes = [created]]) => {
  expect(notifications.judge(pushHistory(shapes, deliveries), facts)[row].kind).toBe(kind);
});

const withScheme = (scheme: string): Shape => ({
  ...created,
  params: { ...(created.params as object), authentication: { scheme, credentials: 'abc' } },
});

const a2a = ['Content-Type', 'application/a2a+json'] as const;
const http = (...headers: readonly (readonly [string, string])[]): readonly DeliveryShape[] => [{ headers }];

test.for<
  readonly [string, keyof ReturnType<typeof webhookDeliveries.judge>, string, readonly DeliveryShape[], Shape[]?]
>([
  ['POST', 'push/http-post', 'holds', [{}]],
  ['PUT', 'push/http-post', 'violated', [{}, { method: 'PUT' }]],
  ['the media type', 'push/content-type', 'holds', http(a2a)],
  [
    'in other letters, with a charset',
    'push/content-type',
    'holds',
    http(['content-type', 'Application/A2A+JSON; charset=utf-8']),
  ],
  ['plain JSON', 'push/content-type', 'violated', http(['Content-Type', 'application/json'])],
  ['none', 'push/content-type', 'violated', http()],
  ['the credentials', 'push/authentication', 'holds', http(['Authorization', 'Bearer abc'])],
  ['names in other letters', 'push/authentication', 'holds', http(['authorization', 'bearer  abc'])],
  ['none', 'push/authentication', 'violated', http(a2a)],
  ['others', 'push/authentication', 'violated', http(['Authorization', 'Bearer abd'])],
  ['another scheme', 'push/authentication', 'violated', http(['Authorization', 'Basic abc'])],
  ['no scheme', 'push/authentication', 'violated', http(['Authorization', 'abc'])],
  ['a scheme that nobody knows', 'push/authentication', 'ambiguous', http(a2a), [withScheme('x-unknown')]],
  ['a scheme whose credentials are made', 'push/authentication', 'ambiguous', http(a2a), [withScheme('Digest')]],
  ['Basic', 'push/authentication', 'violated', http(a2a), [withScheme('Basic')]],
  ['a configuration without', 'push/authentication', 'untested', http(a2a), [sentInline]],
  [
    'credentials that cannot be sent',
    'push/authentication',
    'untested',
    http(['Authorization', 'Bearer abc']),
    [{ ...created, params: { ...created.params, authentication: { scheme: 'Bearer', credentials: 'ab\r\nc' } } }],
  ],
  ['a token, sent or not', 'push/token', 'holds', http(a2a)],
])('%s: %s %s', ([, row, kind, deliveries, shapes = [created]]) => {
  expect(webhookDeliveries.judge(pushHistory(shapes, deliveries), facts)[row].kind).toBe(kind);
});

test('a judgement never tells a secret', () => {
  const secret = 'abc';
  const judged = webhookDeliveries.judge(pushHistory([created], http(['Authorization', 'Basic zyx'])), sampleFacts);
  const { evidence: _, ...said } = judged['push/authentication'] as { evidence: unknown };
  expect(JSON.stringify(said)).not.toMatch(new RegExp(`${secret}|zyx`));
});

test('without notifications a card that declares none has nothing to show', () => {
  const { target } = sampleFacts;
  expect(target.capabilities.pushNotifications).toBe(false);
  expect(notifications.judge(pushHistory([], []), sampleFacts)['push/payload'].kind).toBe('skip');
  expect(pushConfigs.judge(historyOf(), sampleFacts)['push/config-object'].kind).toBe('skip');
});

test.for<[string, object, string]>([
  ['as defined', { id: 'p', url: 'http://w', authentication: { scheme: 'Bearer' } }, 'holds'],
  ['without url', { id: 'p' }, 'violated'],
  ['authentication without scheme', { url: 'http://w', authentication: {} }, 'violated'],
  ['authentication as text', { url: 'http://w', authentication: 'Bearer' }, 'violated'],
  ['null for absence', { url: 'http://w', token: null }, 'holds'],
])('a configuration: %s', ([, config, kind]) => {
  const operation = 'GetTaskPushNotificationConfig';
  const history = historyOf({ operation, params: { taskId: 't', id: 'p' }, answer: result(1, config) });
  expect(pushConfigs.judge(history, sampleFacts)['push/config-object'].kind).toBe(kind);
});
