import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got as gotTask, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { pushConfigs, type ConfigCrossing } from './push-configs.ts';

const ref = (binding: string) => ({ binding, version: '1.0', url: 'http://a.test' });
const config = (id = 'p1'): CallResult => resultOf({ id, taskId: 't1', url: 'https://example.com/hook' });
const working = gotTask('WORKING');
const refused = errorOf('InvalidParamsError');
const missing = errorOf('TaskNotFoundError');
const withKey = (answer: CallResult): CallResult => ({
  ...answer,
  exchange: { ...answer.exchange, request: { ...answer.exchange.request, headers: [['X-Key', 'b']] } },
});

test.for<[string, Partial<ConfigCrossing>, string]>([
  ['made, and there over both', {}, 'holds'],
  ['refused at first', { theirs: [refused, config()] }, 'holds'],
  ['refused twice', { theirs: [refused, refused], got: null }, 'violated'],
  ['not there at all', { theirs: [errorOf('MethodNotFoundError')], got: null }, 'violated'],
  ['the task unknown to it alone', { theirs: [missing, missing], got: null }, 'violated'],
  ['made, and not there over the other', { got: [missing, config()] }, 'violated'],
  ['refused over both', { own: [refused, refused], theirs: [refused, refused], got: null }, 'untested'],
  ['refused over its own in the end', { own: [config(), refused], theirs: [refused, refused], got: null }, 'untested'],
  ['a system error', { theirs: [errorOf('InternalError'), errorOf('InternalError')], got: null }, 'untested'],
  ['silence', { theirs: [noAnswer(), noAnswer()], got: null }, 'untested'],
  ['other credentials', { theirs: [withKey(refused), withKey(refused)], got: null }, 'untested'],
  ['the task is not shown there', { known: [missing, missing], theirs: [missing, missing], got: null }, 'untested'],
  ['the task has ended', { known: [working, gotTask('COMPLETED')], theirs: [refused, refused] }, 'untested'],
  ['no id', { got: null }, 'untested'],
  ['gone over both', { got: [missing, missing] }, 'untested'],
  ['another answer to the read', { got: [errorOf('InternalError'), config()] }, 'untested'],
])('%s', ([, more, kind]) => {
  const crossing: ConfigCrossing = {
    by: ref('JSONRPC'),
    over: ref('HTTP+JSON'),
    own: [config('p0'), config('p2')],
    theirs: [config()],
    got: [config(), config()],
    known: [working, working],
    ...more,
  };
  expect(pushConfigs.judge([crossing], factsWith())['equivalence/push-configs'].kind).toBe(kind);
});
