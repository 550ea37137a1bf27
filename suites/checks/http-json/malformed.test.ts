import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { noAnswer, resultOf, task } from '../../testing/answers.ts';
import { malformed } from './malformed.ts';

type Observation = Parameters<typeof malformed.judge>[0];

const page = (...tasks: readonly unknown[]) =>
  resultOf({ tasks, nextPageToken: '', pageSize: 1, totalSize: tasks.length });
const some = page(task('COMPLETED'));
const query = (answer: Observation['list'][number], filter = false): Observation['queries'] => [
  { violation: 'status=TASK_STATE_GAUNTLET', answer, filter },
];

test.for<[string, Partial<Observation>, string]>([
  ['a value that is ignored', { queries: query(some, true) }, 'violated'],
  ['a filter that nothing passes', { queries: query(page(), true) }, 'ambiguous'],
  ['a filter that nothing passes, as null', { queries: query(resultOf({ tasks: null }), true) }, 'ambiguous'],
  ['a filter where there is no task', { queries: query(page(), true), list: [page(), page()] }, 'untested'],
  ['a value that is no filter', { queries: query(page()) }, 'violated'],
  ['silence', { queries: query(noAnswer()) }, 'untested'],
  ['no control', { queries: query(some), list: [some, noAnswer()] }, 'untested'],
])('http-json/invalid-query: %s', ([, observed, kind]) => {
  const observation: Observation = { list: [some, some], bodies: [], queries: [], ...observed };
  expect(
    malformed.judge({ ...observation, bodies: observation.queries }, factsWith())['http-json/invalid-query'].kind,
  ).toBe(kind);
});
