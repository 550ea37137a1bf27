import { excerpt } from '../../protocol/schemas/problem.ts';
import { defineInvariant } from './invariant.ts';
import { listAnswers, type ListAnswer } from './list-answers.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** Largest page, and largest one where no size is asked for (a2a.proto ListTasksRequest.page_size). */
const maximum = 100;
const defaultMaximum = 50;

const isInt32 = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31;

/** Where a field that is absent would be empty or 0, ProtoJSON leaves it out. */
const defaultLeftOut: Defect['readings'] = [
  '§5.7: a REQUIRED field MUST be present and set',
  'ProtoJSON leaves out fields of their default value',
];

function fieldDefect({ value, tasks }: ListAnswer): Defect | undefined {
  const { tasks: list, pageSize, totalSize } = value;
  const defect = (field: string, expected: string, actual: unknown, mayBeDefault: boolean): Defect => ({
    expected,
    actual: `"${field}": ${excerpt(actual)}`,
    ...(actual === undefined && mayBeDefault ? { readings: defaultLeftOut } : {}),
  });
  const defects = [
    ...(Array.isArray(list) ? [] : [defect('tasks', '"tasks" is an array', list, true)]),
    ...(isInt32(pageSize) ? [] : [defect('pageSize', '"pageSize" is an integer', pageSize, tasks.length === 0)]),
    ...(isInt32(totalSize) ? [] : [defect('totalSize', '"totalSize" is an integer', totalSize, tasks.length === 0)]),
  ];
  return defects.find(({ readings }) => readings === undefined) ?? defects[0];
}

/** The page size that was asked for, where it is one that the proto allows. */
const askedSize = ({ asked: { pageSize } }: ListAnswer): number | undefined =>
  isInt32(pageSize) && pageSize >= 1 && pageSize <= maximum ? pageSize : undefined;

/** A page shows that a limit holds where there is more to show than it allows. */
function limitInstances(answers: readonly ListAnswer[], limitOf: (answer: ListAnswer) => number | undefined) {
  return answers.flatMap((answer): Instance[] => {
    const limit = limitOf(answer);
    const { exchange, tasks, nextToken, value } = answer;
    if (limit === undefined) return [];
    const size = Array.isArray(value['tasks']) ? value['tasks'].length : tasks.length;
    const more = Boolean(nextToken) || (isInt32(value['totalSize']) && value['totalSize'] > limit);
    if (size <= limit && !more) return [];
    const defect = size > limit ? { expected: `at most ${limit} tasks`, actual: `${size} tasks` } : undefined;
    return [{ exchanges: [exchange], defect }];
  });
}

function usedSizeInstance(answer: ListAnswer): Instance[] {
  const { exchange, tasks, value } = answer;
  const { pageSize } = value;
  if (!isInt32(pageSize)) return [];
  const asked = askedSize(answer);
  const actual = `"pageSize": ${pageSize} with ${tasks.length} tasks${asked === undefined ? '' : `, ${asked} asked for`}`;
  const isWrong = pageSize < tasks.length || (asked !== undefined && pageSize > asked);
  const defect = isWrong ? { expected: 'the page size that was used', actual } : undefined;
  return [{ exchanges: [exchange], defect }];
}

function totalInstance({ exchange, tasks, value: { totalSize } }: ListAnswer): Instance[] {
  if (!isInt32(totalSize)) return [];
  const actual = `"totalSize": ${totalSize} with ${tasks.length} tasks on the page`;
  const defect = totalSize < tasks.length ? { expected: 'the number of tasks over all pages', actual } : undefined;
  return [{ exchanges: [exchange], defect }];
}

const hint = 'the run saw no list that could show it: see the checks of the area list';

export const listResponse = defineInvariant({
  id: 'invariants/list-response',
  title: 'Every page of a list has its fields, and obeys the limits of its size',
  provenance: { kind: 'spec' },
  requirements: [
    'list/response-fields',
    'list/next-page-token',
    'list/page-size',
    'list/default-page-size',
    'list/page-size-used',
    'list/total-size',
  ],
  judge(history) {
    const answers = listAnswers(history);
    return {
      'list/response-fields': judgeInstances(
        answers.map((answer) => ({ exchanges: [answer.exchange], defect: fieldDefect(answer) })),
        { counted: 'answers of ListTasks', wrong: 'lack a field or have it in another type', hint },
      ),
      'list/next-page-token': judgeInstances(
        answers.map(({ exchange, nextToken, value }) => ({
          exchanges: [exchange],
          defect:
            nextToken === undefined
              ? {
                  expected: '"nextPageToken" is a string',
                  actual: `"nextPageToken": ${excerpt(value['nextPageToken'])}`,
                }
              : undefined,
        })),
        { counted: 'answers of ListTasks', wrong: 'have no nextPageToken', hint },
      ),
      'list/page-size': judgeInstances(
        limitInstances(answers, ({ asked: { pageSize }, ...answer }) =>
          pageSize === undefined ? undefined : (askedSize({ asked: { pageSize }, ...answer }) ?? maximum),
        ),
        { counted: 'pages of which more follows', wrong: 'have more tasks than asked for', hint },
      ),
      'list/default-page-size': judgeInstances(
        limitInstances(answers, ({ asked }) => (asked['pageSize'] === undefined ? defaultMaximum : undefined)),
        {
          counted: 'pages without a pageSize of which more follows',
          wrong: 'have more than 50 tasks',
          hint: 'the agent has to have more than 50 tasks to show',
        },
      ),
      'list/page-size-used': judgeInstances(answers.flatMap(usedSizeInstance), {
        counted: 'answers of ListTasks with a pageSize',
        wrong: 'say another page size than they used',
        hint,
      }),
      'list/total-size': judgeInstances(answers.flatMap(totalInstance), {
        counted: 'answers of ListTasks with a totalSize',
        wrong: 'count fewer tasks than they show',
        hint,
      }),
    };
  },
});
