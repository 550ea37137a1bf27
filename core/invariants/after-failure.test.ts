import { expect, test } from 'vitest';
import type { History } from '../history/exchange.ts';
import { afterFailure } from './after-failure.ts';
import { error, historyOf, result, sampleFacts, sampleTask, userMessage, type Shape } from './testing/exchanges.ts';

const send = (answer: Shape['answer']): Shape => ({
  operation: 'SendMessage',
  params: { message: userMessage() },
  answer,
});
const made = (state: string) => send(result(1, { task: sampleTask({ status: { state } }) }));
const [completes, fails] = [made('TASK_STATE_COMPLETED'), made('TASK_STATE_FAILED')];
const silent = send('');
const get: Shape = { operation: 'GetTask', answer: result(1, sampleTask()) };

const unanswered = (history: History): History => ({
  exchanges: history.exchanges.map((one) =>
    one.response?.body === ''
      ? { ...one, response: null, outcome: 'indefinite' }
      : { ...one, outcome: one.response?.body.includes('"error"') ? 'error' : 'ok' },
  ),
});

test.for<[string, string, readonly Shape[]]>([
  ['answered', 'holds', [completes, fails, completes]],
  ['refused', 'holds', [completes, fails, send(error(1, -32602))]],
  ['once', 'holds', [completes, fails, silent, silent, silent, completes]],
  ['never again', 'ambiguous', [completes, fails, silent, silent, get, silent]],
  [
    'never again, but for what is refused',
    'ambiguous',
    [completes, fails, silent, send(error(1, -32602)), silent, get, silent],
  ],
  ['too few to tell', 'untested', [completes, fails, silent, silent, get]],
  ['nothing else is answered either', 'untested', [completes, fails, silent, silent, silent]],
  ['never again after the first of all', 'ambiguous', [fails, silent, silent, silent, get]],
  ['no task failed', 'untested', [completes, silent, silent, silent, get]],
])('messages %s: %s', ([, kind, shapes]) => {
  const judged = afterFailure.judge(unanswered(historyOf(...shapes)), sampleFacts);
  expect(judged['send/task-or-message'].kind).toBe(kind);
});

test('what was broken on purpose is not judged', () => {
  const history = unanswered(historyOf(completes, fails, silent, silent, silent, get));
  const fault = {
    fault: 'kill',
    target: 'agent',
    description: 'killed',
    plannedAt: 0,
    injectedAt: 0,
    undoneAt: 1,
    clock: 'c',
  };
  const judged = afterFailure.judge({ ...history, faults: [fault] }, sampleFacts);
  expect(judged['send/task-or-message'].kind).toBe('untested');
});
