import { expect, test } from 'vitest';
import type { Exchange } from '../../core/history/exchange.ts';
import type { HistoryRecorder } from '../../core/history/recorder.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../testing/answers.ts';
import { CaseHistory } from './case-history.ts';

function unservedOf(...answers: readonly CallResult[]): string | undefined {
  let say: (exchange: Exchange) => void = () => undefined;
  const recorder = { onExchange: (listener: typeof say) => void (say = listener) } as unknown as HistoryRecorder;
  const history = new CaseHistory(recorder);
  history.begin();
  const intent = { kind: 'operation', operation: 'GetTask', params: {} } as const;
  const spoken = { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' };
  for (const { exchange } of answers) say({ ...exchange, intent, interface: spoken });
  return history.unserved();
}

const withStatus = (status: number): CallResult => {
  const { exchange, reply } = resultOf({});
  return { reply, exchange: { ...exchange, response: { ...exchange.response!, status, body: 'slow down' } } };
};

test.for<[string, readonly CallResult[], RegExp | undefined]>([
  ['all were served', [resultOf({}), errorOf('TaskNotFoundError')], undefined],
  ['somebody is refused', [resultOf({}), withStatus(401)], undefined],
  ['a limit', [resultOf({}), withStatus(429)], /^1 of 2 requests of the case were not taken up: HTTP 429/],
  ['a gateway', [withStatus(503), withStatus(503)], /^2 of 2 /],
  ['no answer', [noAnswer()], /^1 of 1 /],
  ['nothing was asked', [], undefined],
])('%s', ([, answers, expected]) => {
  const reason = unservedOf(...answers);
  if (expected === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(expected);
});
