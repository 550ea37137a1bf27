import { expect, test } from 'vitest';
import type { Operation } from '../../protocol/operations.ts';
import type { Exchange, Headers } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';
import { encodeFrame } from '../wire/grpc/frames.ts';
import { decodeMessage, encodeMessage } from '../wire/grpc/protobuf.ts';
import { grpcAnswers } from './grpc-answers.ts';
import { sampleFacts, sampleTask } from './testing/exchanges.ts';

const ref: InterfaceRef = { binding: 'GRPC', version: '1.0', url: 'http://127.0.0.1:9' };
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

interface Shape {
  readonly operation?: Operation;
  readonly malformed?: boolean;
  readonly version?: string;
  readonly http?: number;
  readonly type?: string;
  readonly trailers?: Headers;
  /** Message of a plain answer, or of each event. */
  readonly message?: Uint8Array;
  readonly events?: readonly Uint8Array[];
}

const ok: Headers = [['grpc-status', '0']];
const task = encodeMessage('Task', sampleTask());
const event = encodeMessage('StreamResponse', { task: sampleTask() });

const textOf = (name: string, bytes: Uint8Array): string => {
  const decoded = decodeMessage(name, bytes);
  return 'why' in decoded ? '' : JSON.stringify(decoded.value);
};

function call(shape: Shape): Exchange {
  const { operation = 'GetTask', trailers = ok, message, events = [] } = shape;
  const params = { id: 't1' };
  const isOk = trailers.some(([, value]) => value === '0');
  return {
    id: 'x1',
    actor: 'main',
    interface: ref,
    intent: shape.malformed
      ? { kind: 'malformed', violation: 'x', operation }
      : { kind: 'operation', operation, params },
    request: {
      method: 'POST',
      url: `${ref.url}/lf.a2a.v1.A2AService/${operation}`,
      headers: [
        ['content-type', 'application/grpc+proto'],
        ['te', 'trailers'],
        ['a2a-version', shape.version ?? '1.0'],
      ],
      body: JSON.stringify(params),
    },
    response: {
      status: shape.http ?? 200,
      headers: [['content-type', shape.type ?? 'application/grpc']],
      trailers,
      body: message === undefined ? '' : textOf('Task', message),
      ...(message === undefined ? {} : { bytes: base64(encodeFrame(message)) }),
      validUtf8: true,
      truncated: false,
      headAt: 1,
    },
    events: events.map((bytes) => ({ at: 2, data: textOf('StreamResponse', bytes), bytes: base64(bytes) })),
    endedBy: 'server',
    startedAt: 0,
    endedAt: 3,
    clock: 'c',
    outcome: isOk ? 'ok' : 'error',
  };
}

const good: Shape = { message: task };
const stream: Shape = { operation: 'SendStreamingMessage', events: [event, event] };
const status = (code: string, ...more: Headers): Shape => ({ trailers: [['grpc-status', code], ...more] });
const details = (code: number): readonly [string, string] => [
  'grpc-status-details-bin',
  base64(encodeMessage('google.rpc.Status', { code, message: 'x' })),
];

const judge = (...shapes: readonly Shape[]) =>
  grpcAnswers.judge({ exchanges: shapes.map(call) }, { ...sampleFacts, interface: ref });
type Row = keyof ReturnType<typeof judge>;

test.for<[string, Row, readonly Shape[], string]>([
  ['a good call', 'grpc/messages', [good], 'holds'],
  ['a good stream', 'grpc/messages', [stream], 'holds'],
  ['status OK alone', 'grpc/messages', [{}], 'violated'],
  ['bytes that are no Task', 'grpc/messages', [{ message: hex('0a7f61') }], 'violated'],
  ['a timestamp out of range', 'grpc/messages', [{ message: hex('0a0174 1a0a 0803 1a06 10ffffffff07') }], 'violated'],
  ['an event that is no StreamResponse', 'grpc/messages', [{ ...stream, events: [event, hex('0a7f61')] }], 'violated'],
  ['an error has no message', 'grpc/messages', [good, status('5')], 'holds'],
  ['unknown fields', 'grpc/messages', [{ message: encodeMessage('Task', { ...sampleTask(), later: 1 }) }], 'holds'],
  ['the type with its encoding', 'grpc/content-type', [{ ...good, type: 'application/grpc+proto' }], 'holds'],
  ['another type', 'grpc/content-type', [{ ...good, type: 'application/json' }], 'violated'],
  ['another HTTP status', 'grpc/content-type', [{ ...good, http: 500 }], 'violated'],
  ['415 for what is malformed', 'grpc/content-type', [good, { ...status('3'), http: 415, malformed: true }], 'holds'],
  ['no status', 'grpc/status', [{ ...good, trailers: [] }], 'violated'],
  ['a word for a status', 'grpc/status', [good, status('fine')], 'violated'],
  ['a status that there is not', 'grpc/status', [good, status('17')], 'violated'],
  ['a page of a gateway', 'grpc/status', [{ trailers: [], http: 502, type: 'text/html' }], 'untested'],
  ['details of the status', 'grpc/status-details', [status('5', details(5))], 'holds'],
  ['details of another', 'grpc/status-details', [status('5', details(3))], 'violated'],
  ['details without a code', 'grpc/status-details', [status('5', details(0))], 'ambiguous'],
  ['details that are none', 'grpc/status-details', [status('5', ['grpc-status-details-bin', 'Cn9h'])], 'violated'],
  ['no details', 'grpc/status-details', [status('5')], 'untested'],
  ['a method that is served', 'grpc/methods', [good], 'holds'],
  ['a method that is not', 'grpc/methods', [good, { operation: 'ListTasks', ...status('12') }], 'violated'],
  ['one that once was', 'grpc/methods', [good, status('12')], 'holds'],
  ['a server of nothing at all', 'grpc/methods', [status('12')], 'untested'],
  [
    'a capability that the card does not declare',
    'grpc/methods',
    [good, { operation: 'GetExtendedAgentCard', ...status('12') }],
    'holds',
  ],
  ['another version', 'grpc/methods', [good, { operation: 'ListTasks', version: '99.0', ...status('12') }], 'holds'],
])('%s: %s', ([, row, shapes, kind]) => {
  expect(judge(...shapes)[row].kind).toBe(kind);
});
