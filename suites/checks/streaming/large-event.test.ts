import { expect, test } from 'vitest';
import { errorOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { largeEvent } from './large-event.ts';
import type { WatchedStream } from './watch.ts';

const large = taskEvent('SUBMITTED', { metadata: { text: 'x'.repeat(70_000) } });
const withEvents = (...all: readonly object[]): WatchedStream => {
  const stream = watched(all as Parameters<typeof watched>[0]);
  const events = all.map((event) => ({ at: 0, data: JSON.stringify(event) }));
  return { ...stream, exchange: { ...stream.exchange, events } };
};

test.for<[string, string, WatchedStream]>([
  ['to the end', 'holds', withEvents(large, statusEvent('COMPLETED'))],
  ['ended with it', 'ambiguous', withEvents(large)],
  ['nothing large', 'untested', withEvents(taskEvent('SUBMITTED'))],
  ['refused', 'untested', watched([], { refusal: errorOf('InvalidParamsError').reply })],
])('%s: %s', ([, kind, stream]) => {
  expect(largeEvent.judge(stream, factsWith())['streaming/end-delivered'].kind).toBe(kind);
});
