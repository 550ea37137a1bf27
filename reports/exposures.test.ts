import { expect, test } from 'vitest';
import { oneInOf, type Exposed, type Exposure } from '../core/history/exposures.ts';
import { renderExposures } from './exposures.ts';

const at = (binding: string, operation: Exposed, answers: number): Exposure => ({
  interface: { binding, version: '1.0', url: 'http://127.0.0.1:1/' },
  operation,
  results: { answers, oneIn: oneInOf(answers) },
  errors: { answers: 0, oneIn: null },
});

test('each interface says what was met, and what was never seen', () => {
  expect(
    renderExposures([
      at('JSONRPC', 'SendMessage', 212),
      at('JSONRPC', 'GetTask', 29),
      at('JSONRPC', 'Notification', 0),
      at('GRPC', 'GetTask', 1),
      at('HTTP+JSON', 'GetTask', 0),
    ]),
  ).toEqual([
    'JSONRPC 1.0: faults of one answer in 10 (GetTask) to one answer in 71 (SendMessage) were met with 95 % probability; no result of Notification',
    'GRPC 1.0: faults of every answer were met with 95 % probability',
    'HTTP+JSON 1.0: no operation was answered with a result',
  ]);
});
