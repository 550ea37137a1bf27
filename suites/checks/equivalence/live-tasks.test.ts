import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { errorOf, got, resultOf, task } from '../../testing/answers.ts';
import { httpError, httpNamed, httpResult } from '../../testing/http-answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { liveTasks, type Crossing } from './live-tasks.ts';

const ref = (binding: string) => ({ binding, version: '1.0', url: 'http://a.test' });
const working = got('WORKING');
const ended = got('CANCELED');
const withKey = (answer: CallResult, key: string): CallResult => ({
  ...answer,
  exchange: { ...answer.exchange, request: { ...answer.exchange.request, headers: [['X-Key', key]] } } as Exchange,
});

test.for<[string, Partial<Crossing>, string]>([
  ['canceled', {}, 'holds'],
  ['not cancelable', { canceled: httpNamed('TaskNotCancelableError'), own: [working, working, working] }, 'holds'],
  ['canceled a moment later', { canceled: httpResult(task('WORKING')), own: [working, working, working] }, 'holds'],
  ['unknown to the cancel', { canceled: httpNamed('TaskNotFoundError'), own: [working, working, working] }, 'violated'],
  ['unknown to the subscription', { subscribed: httpNamed('TaskNotFoundError') }, 'violated'],
  ['a subscription that is refused otherwise', { subscribed: httpNamed('UnsupportedOperationError') }, 'holds'],
  ['no streaming', { subscribed: null }, 'holds'],
  ['canceled there, and not here', { own: [working, working, working] }, 'violated'],
  [
    'it ended by itself',
    { subscribed: httpNamed('TaskNotFoundError'), own: [working, got('COMPLETED'), got('COMPLETED')] },
    'untested',
  ],
  ['an error without a name', { canceled: httpError(404), own: [working, working, working] }, 'untested'],
  ['a system error', { canceled: errorOf('InternalError'), own: [working, working, working] }, 'untested'],
  ['other credentials', { canceled: withKey(httpNamed('TaskNotFoundError'), 'b') }, 'untested'],
])('%s', ([, more, kind]) => {
  const crossing: Crossing = {
    id: 't1',
    by: ref('JSONRPC'),
    over: ref('HTTP+JSON'),
    subscribed: resultOf({ task: task('WORKING') }),
    canceled: httpResult(task('CANCELED')),
    own: [working, working, ended],
    ...more,
  };
  expect(liveTasks.judge([crossing], factsWith())['equivalence/live-tasks'].kind).toBe(kind);
});
