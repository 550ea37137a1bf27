import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, page, resultOf, task, history } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { authentication } from './authentication.ts';
import type { Stranger } from './rejection-judges.ts';

type Observation = Parameters<typeof authentication.judge>[0];

const served = resultOf({});
const rejected = (status: number, headers: readonly (readonly [string, string])[] = []): CallResult => ({
  exchange: { ...served.exchange, response: { ...served.exchange.response!, status, headers } },
  reply: { kind: 'malformed', why: 'no JSON', status },
});
const withCookie: CallResult = {
  ...served,
  exchange: { ...served.exchange, request: { ...served.exchange.request, headers: [['Cookie', 'session=1']] } },
};
const confirmed: CallResult = {
  exchange: {
    ...served.exchange,
    intent: { kind: 'operation', operation: 'DeleteTaskPushNotificationConfig', params: {} },
    response: { ...served.exchange.response!, status: 204, body: '' },
  },
  reply: { kind: 'malformed', why: 'no body', status: 204 },
};
const challenge = rejected(401, [['www-authenticate', 'Bearer']]);
const custom: CallResult = {
  exchange: {
    ...served.exchange,
    interface: { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' },
    response: { ...served.exchange.response!, body: '{"error":{"code":-32000,"message":"Bearer token wanted"}}' },
  },
  reply: {
    kind: 'error',
    error: { name: undefined, code: -32000, message: 'Bearer token wanted', details: undefined },
  },
};

const as = (answer: CallResult, bare: CallResult | null = null): Stranger => ({
  what: 'GetTask',
  answer,
  control: served,
  others: bare === null ? [] : ['Cookie'],
  bare,
});
const observed = (more: Partial<Observation> = {}): Observation => ({
  missing: [as(challenge)],
  invalid: [as(challenge)],
  forged: [as(challenge)],
  otherScheme: [as(challenge)],
  known: [served, served, served],
  stopped: undefined,
  rejectedIds: ['m9'],
  listed: page([task('COMPLETED', { history: history('m1') })]),
  ownId: 'm1',
  ...more,
});

const rowsOf = ['missing', 'invalid', 'challenge', 'forged', 'scheme', 'code', 'processed'] as const;
const good = Object.fromEntries(rowsOf.map((row) => [row, 'holds']));

test.for<[string, Partial<Observation>, Partial<Record<(typeof rowsOf)[number], string>>]>([
  ['rejected with a challenge', {}, {}],
  ['rejected by a JSON-RPC error of its own, with HTTP 200', { missing: [as(custom)] }, {}],
  ['403 without a challenge', { missing: [as(rejected(403))] }, { challenge: 'violated' }],
  [
    'as if the task were unknown',
    { missing: [as(errorOf('TaskNotFoundError'))] },
    { challenge: 'violated', code: 'violated' },
  ],
  ['a page of HTTP 200', { missing: [as(rejected(200))] }, { challenge: 'violated', code: 'violated' }],
  ['served without', { missing: [as(challenge), as(served)] }, { missing: 'violated', code: 'untested' }],
  [
    'a deletion confirmed without a body',
    { missing: [as(challenge), as(confirmed)] },
    { missing: 'violated', code: 'untested' },
  ],
  [
    'served with a cookie',
    { missing: [as(withCookie, challenge)] },
    { missing: 'untested', challenge: 'untested', code: 'untested' },
  ],
  [
    'served with a cookie and without',
    { missing: [as(withCookie, served)] },
    { missing: 'violated', challenge: 'untested', code: 'untested' },
  ],
  ['served with wrong ones', { invalid: [as(served)] }, { invalid: 'violated', code: 'untested' }],
  ['a forged token is served', { forged: [as(challenge), as(served)] }, { forged: 'violated', code: 'untested' }],
  ['no scheme of tokens', { forged: null }, { forged: 'skip' }],
  ['another scheme is served', { otherScheme: [as(served)] }, { scheme: 'violated', code: 'untested' }],
  [
    'an error about the task',
    { missing: [as(errorOf('TaskNotCancelableError'))] },
    { missing: 'ambiguous', challenge: 'violated', code: 'violated' },
  ],
  [
    'not served with right ones',
    { known: [challenge, challenge, challenge] },
    {
      missing: 'untested',
      invalid: 'untested',
      forged: 'untested',
      scheme: 'untested',
      challenge: 'untested',
      code: 'untested',
    },
  ],
  [
    'locked out in the end',
    { known: [served, served, challenge] },
    { invalid: 'untested', forged: 'untested', scheme: 'untested' },
  ],
  [
    'overload',
    { missing: [as(rejected(503))], invalid: [as(noAnswer())] },
    { missing: 'untested', invalid: 'untested', challenge: 'untested' },
  ],
  [
    'limited after the first',
    { invalid: [as(rejected(429))], forged: [], otherScheme: [], stopped: 'HTTP 429' },
    { invalid: 'untested', forged: 'untested', scheme: 'untested' },
  ],
  ['a rejected message made a task', { rejectedIds: ['m1'] }, { processed: 'violated' }],
  ['lists without histories', { listed: page([task('COMPLETED')]) }, { processed: 'untested' }],
  ['no list', { listed: errorOf('MethodNotFoundError') }, { processed: 'untested' }],
])('%s', ([, more, kinds]) => {
  const judged = Object.values(authentication.judge(observed(more), factsWith())).map(({ kind }) => kind);
  expect(Object.fromEntries(rowsOf.map((row, index) => [row, judged[index]]))).toEqual({ ...good, ...kinds });
});
