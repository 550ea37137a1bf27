import { describe, expect, test } from 'vitest';
import { judgeExecution } from './judge.ts';
import { draw } from './lanes.ts';
import {
  cancel,
  execution,
  get,
  list,
  refusedCancel,
  send,
  start,
  subscribe,
  unansweredCancel,
  unknown,
  words,
} from './testing/executions.ts';
import type { Done } from './run-program.ts';

const begun = start('SUBMITTED', { at: 0, ms: 2 });

const judged = (...done: readonly Done[]): readonly string[] =>
  judgeExecution(execution(...done)).map(({ kind, requirement }) => `${kind} ${requirement}`);

describe('an order', () => {
  test.for<[string, readonly Done[], readonly string[]]>([
    ['nothing', [], []],
    ['a task that ends', [begun, get('WORKING', { at: 3 }), get('COMPLETED', { at: 5 })], []],
    ['a cancel', [begun, cancel('CANCELED', { at: 3 }), get('CANCELED', { at: 5 })], []],
    ['a cancel that is refused', [begun, refusedCancel({ at: 3 }), get('COMPLETED', { at: 5 })], []],
    ['a cancel without an answer', [begun, unansweredCancel({ at: 3 }), get('CANCELED', { at: 9 })], []],
    [
      'a cancel that the end overwrites',
      [begun, cancel('CANCELED', { at: 3 }), get('COMPLETED', { at: 5 })],
      ['violated cancel/final'],
    ],
    [
      'an end and a cancel, each told while the other was',
      [begun, cancel('CANCELED', { at: 3, ms: 9 }), get('COMPLETED', { at: 4, ms: 9 })],
      ['violated cancel/final'],
    ],
    [
      'a cancel that overwrites the end',
      [begun, get('COMPLETED', { at: 3 }), cancel('CANCELED', { at: 5 })],
      ['violated get/terminal-stable'],
    ],
    ['two ends', [begun, get('COMPLETED', { at: 3 }), get('FAILED', { at: 5 })], ['violated get/terminal-stable']],
    [
      'an end of a stream, another one of a read',
      [
        begun,
        subscribe(
          [
            [4, 'WORKING'],
            [8, 'FAILED'],
          ],
          { at: 3, ms: 6 },
        ),
        get('COMPLETED', { at: 7, ms: 9 }),
      ],
      ['violated get/terminal-stable'],
    ],
    [
      'a read that lags',
      [begun, get('COMPLETED', { at: 3 }), get('WORKING', { at: 5 })],
      ['ambiguous get/current-state'],
    ],
    [
      'a task that is not there yet for a moment',
      [begun, unknown('get', { at: 3 }), get('WORKING', { at: 5 })],
      ['ambiguous get/current-state'],
    ],
    ['a task that is purged', [begun, get('COMPLETED', { at: 3 }), unknown('get', { at: 5 })], []],
    ['a list that lags', [begun, list(['t2'], { at: 3 }), get('WORKING', { at: 5 })], ['ambiguous get/current-state']],
    ['a list for strangers', [begun, list([], { at: 3 }), get('WORKING', { at: 5 })], []],
    ['a list that shows the end', [begun, list(['t2', 't1'], { at: 3 }), get('COMPLETED', { at: 5 })], []],
    ['a message that meets the end', [begun, send('COMPLETED', { at: 3, ms: 9 }), get('COMPLETED', { at: 4 })], []],
    [
      'a message that an ended task takes',
      [begun, get('COMPLETED', { at: 3 }), send('COMPLETED', { at: 5 })],
      ['ambiguous errors/send-terminal-task'],
    ],
    [
      'a subscription to an ended task',
      [begun, get('COMPLETED', { at: 3 }), subscribe([[6, 'COMPLETED']], { at: 5, ms: 2 })],
      ['ambiguous errors/subscribe-terminal-task'],
    ],
    [
      'a cancel of an unknown task',
      [begun, unknown('cancel', { at: 3 }), get('WORKING', { at: 5 })],
      ['ambiguous get/current-state'],
    ],
    [
      'a cancel of an ended task that is answered with the task',
      [begun, get('COMPLETED', { at: 3 }), cancel('COMPLETED', { at: 5 })],
      ['ambiguous cancel/terminal-refused'],
    ],
    [
      'a read that lags behind a cancel',
      [begun, cancel('CANCELED', { at: 3 }), get('WORKING', { at: 5 })],
      ['ambiguous get/current-state'],
    ],
    [
      'a message that is answered with a task of before',
      [begun, get('COMPLETED', { at: 3 }), start('COMPLETED', { at: 5 })],
      [],
    ],
    ['a task of another run', [get('COMPLETED', { at: 3 }), get('FAILED', { at: 5 })], []],
  ])('%s', ([, done, expected]) => {
    expect(judged(...done)).toEqual(expected);
  });

  test('a problem names what was said, and shows it', () => {
    const [problem] = judgeExecution(
      execution(begun, cancel('CANCELED', { at: 3 }), get('COMPLETED', { at: 5, client: 'B' })),
    );
    expect(problem).toMatchObject({
      check: 'concurrency/order',
      expected: 'one end of the task, not TASK_STATE_CANCELED and TASK_STATE_COMPLETED',
    });
    expect(problem!.actual).toMatch(
      /^main message makes the task → accepted \(x\d+\).*A cancel → CANCELED.*B get → COMPLETED/,
    );
    expect(problem!.evidence).toHaveLength(3);
  });
});

describe('reads of an ended task', () => {
  const ended = (at: number, ...artifacts: readonly object[]): Done => get('COMPLETED', { at }, artifacts);
  const [one, more, other] = [words('a', 'one'), words('a', 'one and more'), words('a', 'two')];

  test.for<[string, readonly Done[], readonly string[]]>([
    ['agree', [begun, ended(3, one), ended(5, one), ended(7, one)], []],
    [
      'show more: it may have been written late',
      [begun, ended(3), ended(5, one), ended(7, one)],
      ['ambiguous get/idempotent'],
    ],
    ['show more of an artifact', [begun, ended(3, one), ended(5, more), ended(7, more)], ['ambiguous get/idempotent']],
    ['lose an artifact', [begun, ended(3, one), ended(5), ended(7)], ['violated get/idempotent']],
    ['show another content', [begun, ended(3, one), ended(5, other), ended(7, other)], ['violated get/idempotent']],
    ['lose a part of an artifact', [begun, ended(3, more), ended(5, one), ended(7, one)], ['violated get/idempotent']],
    ['do not agree in the end either', [begun, ended(3, one), ended(5), ended(7, one)], []],
    [
      'cut the text into other parts',
      [begun, ended(3, { artifactId: 'a', parts: [{ text: 'on' }, { text: 'e' }] }), ended(5, one), ended(7, one)],
      [],
    ],
    ['before the end', [begun, get('WORKING', { at: 3 }, [one]), ended(5), ended(7)], []],
  ])('%s', ([, done, expected]) => {
    expect(judged(...done)).toEqual(expected);
  });
});

test('a drawing has a lane for each client, with the numbers of the steps', () => {
  const done = [
    begun,
    cancel('CANCELED', { at: 4, ms: 8 }),
    get('WORKING', { at: 6, client: 'B' }),
    get('COMPLETED', { at: 16 }),
  ];
  const { steps, lanes } = draw(
    done,
    done.map(({ exchange }) => exchange),
  );
  expect(steps.map((step) => step.replace(/ \(.*/, ''))).toEqual([
    'main start afterwards → SUBMITTED',
    'A cancel afterwards → CANCELED',
    'B get task 1 → WORKING',
    'A get task 1 → COMPLETED',
  ]);
  expect(lanes).toEqual([
    'main|[1-----]',
    'A...|...............[2---------------------------]...............[4-]',
    'B...|.......................[3]',
  ]);
});
