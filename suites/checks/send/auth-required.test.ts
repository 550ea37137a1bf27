import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { agentMessage, errorOf, got, noAnswer, sent } from '../../testing/answers.ts';
import { authorization } from './auth-required.ts';

type Observation = Parameters<typeof authorization.judge>[0];

const status = { status: { state: 'TASK_STATE_AUTH_REQUIRED', message: agentMessage() } };
const fine: Observation = {
  sent: sent('AUTH_REQUIRED', status),
  before: got('AUTH_REQUIRED', status),
  further: sent('AUTH_REQUIRED', status),
  after: got('AUTH_REQUIRED', status),
};
const refused = errorOf('UnsupportedOperationError');

test.for<[string, Observation, string, string]>([
  ['explained, and goes on', fine, 'holds', 'holds'],
  ['unexplained', { ...fine, sent: sent('AUTH_REQUIRED'), before: got('AUTH_REQUIRED') }, 'ambiguous', 'holds'],
  ['deaf', { ...fine, further: refused }, 'holds', 'violated'],
  ['went on by itself', { ...fine, further: refused, after: got('COMPLETED') }, 'holds', 'untested'],
  ['silence', { ...fine, further: noAnswer() }, 'holds', 'untested'],
  [
    'no such state',
    { sent: sent('COMPLETED'), before: got('COMPLETED'), further: undefined, after: undefined },
    'untested',
    'untested',
  ],
])('%s', ([, observed, explained, received]) => {
  const judged = authorization.judge(observed, factsWith());
  expect(judged['send/auth-required-message'].kind).toBe(explained);
  expect(judged['send/auth-required-further-messages'].kind).toBe(received);
});
