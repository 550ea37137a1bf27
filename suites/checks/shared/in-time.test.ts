import { expect, test } from 'vitest';
import { Unelicited } from '../../../core/engine/check.ts';
import { inTime, TooLate } from './in-time.ts';

type Scene = 'in time' | 'late' | 'too late' | 'no budget' | 'broken';

const errors: Readonly<Partial<Record<Scene, Error>>> = {
  'too late': new TooLate('the task was over', 'name a longer one'),
  'no budget': new Unelicited('no more tasks', 'see --max-tasks'),
  broken: new TypeError('a fault of the harness'),
};

/** How often it was played, and with which end, where it goes like this. */
async function played(...scenes: readonly Scene[]): Promise<[number, string]> {
  let tries = 0;
  const play = async (): Promise<string> => {
    const scene = scenes[tries]!;
    tries += 1;
    const error = errors[scene];
    if (error !== undefined) throw error;
    return `${scene} ${tries}`;
  };
  try {
    const end = await inTime(play, (scene) => scene.startsWith('in time'));
    return [tries, end];
  } catch (error) {
    return [tries, (error as Error).message];
  }
}

test.for<[readonly Scene[], [number, string]]>([
  [['in time'], [1, 'in time 1']],
  [
    ['late', 'in time'],
    [2, 'in time 2'],
  ],
  [
    ['too late', 'in time'],
    [2, 'in time 2'],
  ],
  [
    ['late', 'too late', 'in time'],
    [3, 'in time 3'],
  ],
  [
    ['late', 'late', 'late', 'in time'],
    [3, 'late 3'],
  ],
  [
    ['too late', 'too late', 'too late', 'in time'],
    [3, 'the task was over'],
  ],
  [
    ['late', 'too late', 'too late', 'in time'],
    [3, 'late 1'],
  ],
  [
    ['late', 'no budget', 'in time'],
    [2, 'late 1'],
  ],
  [
    ['no budget', 'in time'],
    [1, 'no more tasks'],
  ],
  [
    ['late', 'broken', 'in time'],
    [2, 'a fault of the harness'],
  ],
])('%j', async ([scenes, expected]) => {
  expect(await played(...scenes)).toEqual(expected);
});
