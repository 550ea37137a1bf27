import { expect, test } from 'vitest';
import {
  error,
  exchange,
  result,
  sampleFacts,
  sampleTask,
  type Shape,
} from '../../../core/invariants/testing/exchanges.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { decodeReply } from '../../../core/wire/jsonrpc/decode.ts';
import { ids } from './ids.ts';

const call = (shape: Shape): CallResult => {
  const made = exchange(1, shape);
  return { exchange: made, reply: decodeReply(made) };
};

const facts = {
  target: sampleFacts.target,
  interface: sampleFacts.interface,
  behaviours: null,
  deadlines: { operationMs: 1, taskMs: 1, graceMs: 1, pollMs: 1 },
};
const asked = (id: string | number, answer = call({ answer: error(id, -32001) })) => ({ id, answer });
const right = {
  control: call({ answer: error(1, -32001) }),
  strings: [asked('a'), asked('')],
  numbers: [asked(7), asked(0)],
  nullId: call({ answer: error(null, -32001) }),
  unreadable: call({ answer: error(null, -32700) }),
};
const kinds = (observation: Parameters<typeof ids.judge>[0]) =>
  Object.fromEntries(Object.entries(ids.judge(observation, facts)).map(([row, { kind }]) => [row, kind]));

const served = 'envelope/string-and-number-ids';
const answered = 'envelope/null-id-answered';
const unreadable = 'envelope/id-null';
const allHold = { [served]: 'holds', [answered]: 'holds', [unreadable]: 'holds' };
const cutOff = call({ answer: '', endedBy: 'broken' });

test.for<[string, Partial<typeof right>, object]>([
  ['all is well', {}, {}],
  [
    'small numbers are refused',
    { numbers: [asked(7), asked(0, call({ answer: error(null, -32600) }))] },
    { [served]: 'violated' },
  ],
  [
    'large numbers are refused',
    { numbers: [asked(7), asked(Number.MAX_SAFE_INTEGER, call({ answer: error(null, -32600) }))] },
    { [served]: 'ambiguous' },
  ],
  [
    'large numbers are answered with something else',
    { numbers: [asked(7), asked(Number.MAX_SAFE_INTEGER, call({ answer: error(null, -32004) }))] },
    { [served]: 'violated' },
  ],
  ['null is refused', { nullId: call({ answer: error(null, -32600) }) }, {}],
  [
    'the control finds a task',
    {
      control: call({ answer: result(1, sampleTask()) }),
      strings: [asked('a', call({ answer: result('a', sampleTask()) }))],
      numbers: [],
    },
    {},
  ],
  ['0 is refused', { numbers: [asked(0, call({ answer: error(null, -32600) }))] }, { [served]: 'violated' }],
  [
    'one is refused, one not answered',
    { strings: [asked('', cutOff)], numbers: [asked(0, call({ answer: error(0, -32600) }))] },
    { [served]: 'violated' },
  ],
  ['one is not answered', { numbers: [asked(0, cutOff)] }, { [served]: 'untested' }],
  ['overload', { numbers: [asked(0, call({ answer: '', status: 429 }))] }, { [served]: 'untested' }],
  ['nothing for null', { nullId: call({ answer: '', status: 204, type: null }) }, { [answered]: 'violated' }],
  ['an empty 200 for null', { nullId: call({ answer: '' }) }, { [answered]: 'violated' }],
  ['silence for null', { nullId: call({ answer: '', endedBy: 'deadline' }) }, { [answered]: 'untested' }],
  ['HTTP 500 for null', { nullId: call({ answer: 'oops', status: 500 }) }, { [answered]: 'untested' }],
  ['another id for broken JSON', { unreadable: call({ answer: error(0, -32700) }) }, { [unreadable]: 'violated' }],
  [
    'no id for broken JSON',
    { unreadable: call({ answer: { jsonrpc: '2.0', error: { code: -32700, message: '' } } }) },
    { [unreadable]: 'violated' },
  ],
  ['HTML for broken JSON', { unreadable: call({ answer: '<html>', status: 400 }) }, { [unreadable]: 'untested' }],
])('%s', ([, change, expected]) => {
  expect(kinds({ ...right, ...change })).toEqual({ ...allHold, ...expected });
});

test('without the control nothing is measured', () => {
  for (const control of [cutOff, call({ answer: 'no', status: 503 }), call({ answer: error(1, -32000), status: 401 })])
    expect(new Set(Object.values(kinds({ ...right, control })))).toEqual(new Set(['untested']));
});
