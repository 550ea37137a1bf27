import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, sent } from '../../testing/answers.ts';
import { processing } from './processing.ts';

type Observation = Parameters<typeof processing.judge>[0];

const stuck: Observation = {
  sent: sent('SUBMITTED'),
  last: got('SUBMITTED'),
  twin: sent('COMPLETED', { id: 't2' }, { ms: 10 }),
  control: got('COMPLETED', { id: 't2' }),
};

test.for<[string, Observation, string]>([
  ['it goes on', { ...stuck, last: got('COMPLETED'), twin: undefined, control: undefined }, 'holds'],
  ['it asks for input', { ...stuck, last: got('INPUT_REQUIRED') }, 'holds'],
  ['stuck, its like is quick', stuck, 'ambiguous'],
  ['its like is slow too', { ...stuck, twin: sent('COMPLETED', { id: 't2' }, { ms: 900 }) }, 'untested'],
  [
    'its like does not end either',
    { ...stuck, twin: sent('WORKING', { id: 't2' }), control: got('WORKING') },
    'untested',
  ],
  ['GetTask shows no ends', { ...stuck, control: got('WORKING', { id: 't2' }) }, 'untested'],
  [
    'longer work that has not ended, and no measure of it',
    { ...stuck, twin: undefined, control: undefined },
    'untested',
  ],
  ['purged', { ...stuck, last: errorOf('TaskNotFoundError') }, 'untested'],
  [
    'it had ended at once',
    { sent: sent('COMPLETED'), last: undefined, twin: undefined, control: undefined },
    'untested',
  ],
])('send/processing-continues: %s', ([, observed, kind]) => {
  expect(processing.judge(observed, factsWith())['send/processing-continues'].kind).toBe(kind);
});
