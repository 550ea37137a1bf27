import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { burst } from './burst.ts';

const alive = errorOf('TaskNotFoundError');
/** A message alone: 100 ms. */
const alone = sent('COMPLETED', {}, { ms: 100 });
const all = (answer: CallResult, but: readonly CallResult[] = []): readonly CallResult[] => [
  ...but,
  ...Array<CallResult>(50 - but.length).fill(answer),
];
const silent = noAnswer({ at: 1_000, ms: 4_000 });
const silences = (ms: number): readonly CallResult[] => [
  noAnswer({ at: 5_000, ms: 4_000 }),
  noAnswer({ at: 9_000, ms: ms - 8_000 }),
];

const farAway = ({ exchange, reply }: CallResult): CallResult => ({
  exchange: { ...exchange, request: { ...exchange.request, url: 'https://agent.example.com/' } },
  reply,
});

type Observation = Parameters<typeof burst.judge>[0];

test.for<[string, Partial<Observation>, string]>([
  ['all are served', {}, 'holds'],
  ['most are refused', { burst: all(errorOf('UnsupportedOperationError'), [alone]) }, 'holds'],
  ['none is answered in time, and then it goes on', { burst: all(silent) }, 'holds'],
  ['hung', { burst: all(silent), after: silences(11_000) }, 'violated'],
  ['silent far away', { burst: all(silent), after: silences(11_000).map(farAway) }, 'ambiguous'],
  [
    'hung after some answers',
    { burst: all(silent, [sent('COMPLETED', {}, { at: 1_000, ms: 50 })]), after: silences(11_000) },
    'violated',
  ],
  ['an agent that does one at a time may still be at work', { burst: all(silent), after: silences(8_500) }, 'untested'],
  ['silent once', { burst: all(silent), after: [noAnswer({ at: 5_000, ms: 40_000 })] }, 'untested'],
  ['overloaded', { burst: all(silent), after: [errorOf('InternalError')] }, 'untested'],
  ['dead before', { before: noAnswer() }, 'untested'],
  ['no answer to a message alone', { alone: noAnswer() }, 'untested'],
])('%s', ([, observation, kind]) => {
  const judged = burst.judge({ before: alive, alone, burst: all(alone), after: [alive], ...observation }, factsWith());
  expect(judged['robustness/answers-after-bad-input'].kind).toBe(kind);
});
