import { describe, expect, test } from 'vitest';
import type { WebhookDelivery } from '../../../core/history/exchange.ts';
import { errorOf, got, resultOf } from '../../testing/answers.ts';
import { listed, notified, registered, unreadable } from '../../testing/deliveries.ts';
import { factsWith } from '../../testing/facts.ts';
import { afterDelete } from './after-delete.ts';
import type { Observation } from './delivery-judges.ts';
import { delivery } from './delivery.ts';
import { failingWebhook } from './failing-webhook.ts';
import { inlineUndeclared } from './inline-undeclared.ts';
import { privateAddresses } from './private-addresses.ts';
import { untilNotified, type Scenario } from './scenario.ts';
import { unknown } from './unknown.ts';

const heard = [notified('WORKING'), notified('COMPLETED')];
const scenario = (
  taskId: string | undefined,
  deliveries: readonly WebhookDelivery[] = heard,
  end = 'COMPLETED',
): Scenario => ({
  registered: resultOf({}),
  taskId,
  end: got(end),
  deliveries,
});
const refused: Scenario = {
  registered: errorOf('InvalidParamsError'),
  taskId: undefined,
  end: undefined,
  deliveries: [],
};
const alive = got('INPUT_REQUIRED');

const clean: Observation = {
  blocking: scenario('t1'),
  immediate: scenario('t2'),
  streamed: scenario('t3'),
  created: { alive, first: scenario('t4'), second: scenario('t4') },
  interrupted: {
    url: 'http://w/a',
    list: listed(['a']),
    alive,
    scenario: scenario('t5', [notified('CANCELED')], 'CANCELED'),
  },
};
const silent = (taskId: string, end?: string): Scenario => scenario(taskId, [], end);
const nobody: Observation = {
  blocking: silent('t1'),
  immediate: silent('t2'),
  streamed: silent('t3'),
  created: { alive, first: silent('t4'), second: silent('t4') },
  interrupted: { ...clean.interrupted!, scenario: silent('t5') },
};
const create = (first: Scenario, second: Scenario, more = {}) => ({ created: { alive, first, second, ...more } });
const interrupt = (more: object) => ({ interrupted: { ...clean.interrupted!, ...more } });

type Case = readonly [string, keyof ReturnType<typeof delivery.judge>, string, Partial<Observation>];

test.for<Case>([
  ['one mode is heard', 'push/inline-config', 'holds', { blocking: silent('t1') }],
  ['no mode is heard', 'push/inline-config', 'violated', { blocking: silent('t1'), immediate: silent('t2') }],
  ['nobody is heard', 'push/inline-config', 'untested', nobody],
  ['refused', 'push/inline-config', 'untested', { blocking: refused, immediate: refused }],
  [
    'no task',
    'push/inline-config',
    'untested',
    { blocking: scenario(undefined, []), immediate: scenario(undefined, []) },
  ],
  ['answered from a cache', 'push/inline-config', 'untested', { blocking: silent('t1'), immediate: silent('t1') }],
  [
    'tasks that did not end',
    'push/inline-config',
    'untested',
    { blocking: silent('t1', 'WORKING'), immediate: silent('t2', 'WORKING') },
  ],
  ['a stream', 'push/inline-streaming', 'holds', {}],
  ['a stream is not heard', 'push/inline-streaming', 'violated', { streamed: silent('t3') }],
  ['no stream', 'push/inline-streaming', 'untested', { streamed: null }],
  ['listed', 'push/inline-listed', 'holds', {}],
  ['not listed', 'push/inline-listed', 'violated', interrupt({ list: listed(['b']) })],
  [
    'not listed, the task being over',
    'push/inline-listed',
    'untested',
    interrupt({ list: listed([]), alive: got('FAILED') }),
  ],
  ['no list', 'push/inline-listed', 'untested', interrupt({ list: { ...listed([]), complete: false } })],
  ['nothing waited', 'push/inline-listed', 'untested', { interrupted: null }],
  ['both modes', 'push/execution-mode', 'holds', {}],
  ['blocking alone', 'push/execution-mode', 'violated', { immediate: silent('t2') }],
  ['immediate alone', 'push/execution-mode', 'violated', { blocking: silent('t1') }],
  ['neither', 'push/execution-mode', 'untested', { blocking: silent('t1'), immediate: silent('t2') }],
  ['the silent one did not end', 'push/execution-mode', 'untested', { blocking: silent('t1', 'WORKING') }],
  ['one was answered with a Message', 'push/execution-mode', 'untested', { blocking: scenario(undefined, []) }],
  ['created', 'push/webhook-established', 'holds', {}],
  ['one of two', 'push/webhook-established', 'holds', create(silent('t4'), scenario('t4'))],
  ['created, not heard', 'push/webhook-established', 'violated', create(silent('t4'), silent('t4'))],
  ['nobody is heard', 'push/webhook-established', 'ambiguous', nobody],
  [
    'created too late',
    'push/webhook-established',
    'untested',
    create(silent('t4'), silent('t4'), { alive: got('COMPLETED') }),
  ],
  [
    'nothing was due',
    'push/webhook-established',
    'untested',
    { ...nobody, blocking: null, immediate: null, streamed: null, created: null, interrupted: null },
  ],
  ['both', 'push/each-webhook', 'holds', {}],
  ['the first alone', 'push/each-webhook', 'violated', create(scenario('t4'), silent('t4'))],
  ['neither', 'push/each-webhook', 'untested', create(silent('t4'), silent('t4'))],
  ['one refused', 'push/each-webhook', 'untested', create(scenario('t4'), refused)],
  ['ends', 'push/terminal-delivered', 'holds', {}],
  ['an end is missing', 'push/terminal-delivered', 'violated', { blocking: scenario('t1', [notified('WORKING')]) }],
  [
    'a cancellation is missing',
    'push/terminal-delivered',
    'violated',
    interrupt({ scenario: scenario('t5', [notified('INPUT_REQUIRED')], 'CANCELED') }),
  ],
  [
    'a task at work',
    'push/terminal-delivered',
    'holds',
    { blocking: scenario('t1', [notified('WORKING')], 'WORKING') },
  ],
  ['unreadable', 'push/terminal-delivered', 'untested', { blocking: scenario('t1', [unreadable]) }],
  ['nobody is heard', 'push/terminal-delivered', 'untested', nobody],
])('%s: %s %s', ([, row, kind, more]) => {
  expect(delivery.judge({ ...clean, ...more }, factsWith())[row].kind).toBe(kind);
});

type AfterDelete = Parameters<typeof afterDelete.judge>[0];
const deleted: AfterDelete = {
  removed: registered('a'),
  kept: registered('b'),
  deletion: resultOf({}),
  alive,
  end: got('COMPLETED'),
  toKept: heard,
  toRemoved: [],
};

test.for<readonly [string, Partial<AfterDelete>, string]>([
  ['silent', {}, 'holds'],
  ['what was on its way', { toRemoved: [notified('INPUT_REQUIRED')] }, 'holds'],
  ['the end', { toRemoved: heard }, 'violated'],
  ['the end, to it alone', { toRemoved: heard, toKept: [] }, 'violated'],
  ['nobody is told', { toKept: [] }, 'untested'],
  ['not deleted', { deletion: errorOf('InvalidParamsError'), toRemoved: heard }, 'untested'],
  ['over before', { alive: got('COMPLETED'), toRemoved: heard }, 'untested'],
])('after deletion: %s', ([, more, kind]) => {
  expect(afterDelete.judge({ ...deleted, ...more }, factsWith())['push/delete-silences'].kind).toBe(kind);
});

type Failing = Parameters<typeof failingWebhook.judge>[0];
const refusedDelivery = notified('WORKING', { response: { ...resultOf({}).exchange.response!, status: 503 } });
const failing: Failing = {
  failing: registered('a'),
  sound: registered('b'),
  alive,
  end: got('COMPLETED'),
  twin: got('COMPLETED'),
  toFailing: [refusedDelivery, notified('WORKING'), notified('COMPLETED')],
  toSound: heard,
};

test.for<readonly [string, keyof ReturnType<typeof failingWebhook.judge>, string, Partial<Failing>]>([
  ['harmless', 'push/failing-webhook', 'holds', {}],
  ['the other is silent', 'push/failing-webhook', 'violated', { toSound: [] }],
  ['the task fails', 'push/failing-webhook', 'violated', { end: got('FAILED') }],
  ['the task does not end', 'push/failing-webhook', 'violated', { end: got('WORKING') }],
  ['such tasks fail', 'push/failing-webhook', 'holds', { end: got('FAILED'), twin: got('FAILED') }],
  ['such tasks do not end', 'push/failing-webhook', 'untested', { end: got('WORKING'), twin: got('WORKING') }],
  ['nobody is told', 'push/failing-webhook', 'untested', { toFailing: [], toSound: [] }],
  ['again', 'push/retry', 'holds', {}],
  ['not again', 'push/retry', 'untested', { toFailing: [refusedDelivery, notified('COMPLETED')] }],
  ['nothing refused', 'push/retry', 'untested', { toFailing: [] }],
])('a failing webhook: %s: %s %s', ([, row, kind, more]) => {
  expect(failingWebhook.judge({ ...failing, ...more }, factsWith())[row].kind).toBe(kind);
});

const at = (host: string, answer = errorOf('InvalidParamsError')) => ({
  ...registered('p', answer),
  url: `https://${host}:9/`,
});
const threeRefused = ['10.0.0.1', '172.16.0.1', '192.168.0.1'].map((host) => at(host));

test.for<readonly [string, Parameters<typeof privateAddresses.judge>[0], string]>([
  ['rejected', { acceptable: registered('a'), inPrivateRanges: threeRefused, local: [] }, 'holds'],
  [
    'accepted',
    { acceptable: registered('a'), inPrivateRanges: [at('10.0.0.1', resultOf({ id: 'p' }))], local: [] },
    'violated',
  ],
  ['nothing is accepted', { acceptable: at('example.com'), inPrivateRanges: threeRefused, local: [] }, 'untested'],
  ['not all tried', { acceptable: registered('a'), inPrivateRanges: threeRefused.slice(1), local: [] }, 'untested'],
  [
    'no such operation',
    {
      acceptable: registered('a'),
      inPrivateRanges: threeRefused.map(() => at('10.0.0.1', errorOf('MethodNotFoundError'))),
      local: [],
    },
    'untested',
  ],
])('private addresses: %s', ([, observed, kind]) => {
  expect(privateAddresses.judge(observed, factsWith())['push/private-addresses'].kind).toBe(kind);
});

test.for<readonly [string, Parameters<typeof inlineUndeclared.judge>[0], string]>([
  ['refused', { plain: resultOf({}), configured: errorOf('PushNotificationNotSupportedError') }, 'holds'],
  ['accepted', { plain: resultOf({}), configured: resultOf({}) }, 'ambiguous'],
  ['another good error', { plain: resultOf({}), configured: errorOf('UnsupportedOperationError') }, 'ambiguous'],
  ['a wrong error', { plain: resultOf({}), configured: errorOf('TaskNotFoundError') }, 'violated'],
  ['no control', { plain: errorOf('InternalError'), configured: resultOf({}) }, 'untested'],
])('undeclared: %s', ([, observed, kind]) => {
  expect(inlineUndeclared.judge(observed, factsWith())['push/inline-undeclared'].kind).toBe(kind);
});

describe('what does not exist', () => {
  const notFound = errorOf('TaskNotFoundError');
  const [fine, invalid] = [resultOf({ id: 'a' }), errorOf('InvalidParamsError')];
  type Unknown = Parameters<typeof unknown.judge>[0];
  const right: Unknown = {
    wellFormed: { task: true, config: true },
    created: registered('a'),
    get: fine,
    list: fine,
    getUnknownConfig: notFound,
    unknown: { create: notFound, get: notFound, list: notFound, remove: notFound },
    remove: fine,
  };
  const with_ = (more: Partial<Unknown['unknown']>) => ({ unknown: { ...right.unknown, ...more } });
  const ownForm = { wellFormed: { task: false, config: false } };
  test.for<readonly [string, keyof ReturnType<typeof unknown.judge>, string, Partial<Unknown>]>([
    ['not found', 'push/create-unknown-task', 'holds', {}],
    ['created anyway', 'push/create-unknown-task', 'violated', with_({ create: fine })],
    ['an invalid UUID', 'push/create-unknown-task', 'violated', with_({ create: invalid })],
    [
      'an invalid id of its own form',
      'push/create-unknown-task',
      'ambiguous',
      { ...with_({ create: invalid }), ...ownForm },
    ],
    ['no control', 'push/create-unknown-task', 'untested', { created: registered('a', invalid) }],
    ['made up', 'push/get-unknown-config', 'violated', { getUnknownConfig: fine }],
    ['an empty list', 'push/list-unknown-task', 'violated', with_({ list: resultOf({ configs: [] }) })],
    ['no such operation', 'push/list-unknown-task', 'untested', { list: errorOf('MethodNotFoundError') }],
    ['deleted anyway', 'push/delete-unknown-task', 'ambiguous', with_({ remove: fine })],
    ['not got', 'push/get-unknown-task', 'holds', {}],
  ])('%s: %s %s', ([, row, kind, more]) => {
    expect(unknown.judge({ ...right, ...more }, factsWith())[row].kind).toBe(kind);
  });
});

describe('the end of a task is waited for', () => {
  /** A webhook that gets one notification each time that it is waited for, in this order; then none. */
  const webhookWith = (...coming: readonly WebhookDelivery[]) => {
    const deliveries: WebhookDelivery[] = [];
    const waits: number[] = [];
    const queue = [...coming];
    return {
      waits,
      url: 'http://w/1',
      deliveries,
      until: (condition: (deliveries: readonly WebhookDelivery[]) => boolean, milliseconds: number) => {
        waits.push(milliseconds);
        if (!condition(deliveries)) deliveries.push(...queue.splice(0, 1));
        return Promise.resolve(condition(deliveries));
      },
    };
  };
  const context = {
    deadlines: { operationMs: 100, taskMs: 100, graceMs: 10, pollMs: 1 },
    signal: new AbortController().signal,
  };

  test.for<[string, readonly WebhookDelivery[], number]>([
    ['it comes after slow ones', [notified('SUBMITTED'), notified('WORKING'), notified('COMPLETED')], 3],
    ['nothing comes', [], 1],
    ['it never comes', [notified('SUBMITTED'), notified('WORKING')], 3],
    ['others come for ever', Array.from({ length: 20 }, () => notified('WORKING')), 5],
  ])('%s', async ([, coming, waits]) => {
    const webhook = webhookWith(...coming);
    expect(await untilNotified(context, webhook, got('COMPLETED'))).toEqual(coming.slice(0, waits));
    expect(webhook.waits).toEqual(Array.from({ length: waits }, () => 100));
  });
});
