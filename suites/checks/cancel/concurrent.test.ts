import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, noAnswer, sent } from '../../testing/answers.ts';
import { cancelConcurrently } from './concurrent.ts';

type Observation = Parameters<typeof cancelConcurrently.judge>[0];

const canceled = got('CANCELED');
const refused = errorOf('TaskNotCancelableError');
const unknown = errorOf('TaskNotFoundError');
const observation = (
  answers: Observation['answers'],
  after: Observation['after'] = canceled,
  single?: Observation['single'],
): Observation => ({ task: { id: 't1', sent: sent('WORKING'), before: got('WORKING') }, answers, after, single });

test.for<[string, Observation, string]>([
  ['one success', observation([canceled, refused, refused]), 'holds'],
  ['all successes', observation([canceled, canceled]), 'holds'],
  ['an earlier snapshot', observation([got('WORKING'), canceled]), 'holds'],
  ['purged', observation([canceled, unknown], unknown), 'holds'],
  ['unknown, though GetTask shows it', observation([canceled, unknown]), 'ambiguous'],
  ['another error', observation([canceled, errorOf('UnsupportedOperationError')]), 'violated'],
  ['a system error', observation([canceled, errorOf('InternalError')]), 'ambiguous'],
  ['not canceled in the end', observation([canceled, refused], got('FAILED'), canceled), 'violated'],
  ['not canceled by one either', observation([canceled, refused], got('WORKING'), got('WORKING')), 'untested'],
  ['never canceled', observation([refused, refused], got('COMPLETED')), 'untested'],
  ['silence', observation([canceled, noAnswer()]), 'untested'],
])('cancel/idempotent: %s', ([, observed, kind]) => {
  expect(cancelConcurrently.judge(observed, factsWith())['cancel/idempotent'].kind).toBe(kind);
});
