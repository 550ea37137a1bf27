import { encodeFrame } from '../../../core/wire/grpc/frames.ts';
import { encodeMessage } from '../../../core/wire/grpc/protobuf.ts';
import { nested, type BadInput } from './bad-input-kind.ts';

/** Milliseconds that an unfinished message has: what a server says of it is not judged, whether it goes on is. */
const unfinishedMs = 250;

/**
 * What breaks the framing may be answered by a reset of its stream, which is how HTTP/2 says so (RFC 9113 §5.4.2): there only
 * what comes after it is judged.
 */
export function grpcBadInputs(unknownId: string): readonly BadInput[] {
  const get = encodeMessage('GetTaskRequest', { id: unknownId });
  const framed = (bytes: Uint8Array, invalid: boolean, input: string, path?: string): BadInput => ({
    input,
    invalid,
    request: { body: null, bytes, path: path ?? '/lf.a2a.v1.A2AService/GetTask' },
  });
  const cancel = (metadata: string): Uint8Array =>
    encodeFrame(encodeMessage('CancelTaskRequest', { id: unknownId, metadata: JSON.parse(metadata) as unknown }));
  const cancelPath = '/lf.a2a.v1.A2AService/CancelTask';
  const good = (headers: Record<string, string | null>, input: string): BadInput => ({
    ...framed(encodeFrame(get), false, input),
    options: { headers },
  });
  /** Servers may wait for the rest: nobody has to know that it does not come. */
  const unfinished = (bytes: Uint8Array, input: string): BadInput => ({
    ...framed(bytes, false, input),
    options: { timeoutMs: unfinishedMs },
  });
  return [
    framed(encodeFrame(Buffer.from('127f61', 'hex')), true, 'a message that is cut off'),
    framed(encodeFrame(Buffer.from('12ffffffffffffffffffff', 'hex')), true, 'a number that does not end'),
    framed(encodeFrame(new Uint8Array()), true, 'a method that there is not', '/lf.a2a.v1.A2AService/Gauntlet'),
    framed(encodeFrame(new Uint8Array()), true, 'a service that there is not', '/gauntlet.NoService/Get'),
    framed(encodeFrame(Buffer.from('1202c328', 'hex')), false, 'a string that is no UTF-8'),
    unfinished(encodeFrame(get, 0, get.length + 9), 'a length beyond the end of the body'),
    unfinished(encodeFrame(get).subarray(0, 3), 'a length that is cut off'),
    unfinished(encodeFrame(get, 0, 0xffff_ffff).subarray(0, 9), 'a length of 4 GiB'),
    framed(encodeFrame(get, 1), false, 'a message that is called compressed and is not'),
    framed(encodeFrame(get, 9), false, 'a flag that there is not'),
    unfinished(new Uint8Array(), 'no message at all'),
    framed(Buffer.concat([encodeFrame(get), encodeFrame(get)]), false, 'two messages for one call'),
    unfinished(Buffer.from('{"id":"gauntlet"}'), 'JSON in place of a message'),
    framed(cancel(nested(40)), false, '40 levels of nesting', cancelPath),
    framed(cancel('{"s":"\\u0000"}'), false, 'NUL in a string', cancelPath),
    framed(cancel('{"__proto__":{"id":"polluted"}}'), false, 'a member named __proto__', cancelPath),
    // A longer one does not fit into the header block of an error that repeats it.
    framed(encodeFrame(encodeMessage('GetTaskRequest', { id: 'x'.repeat(4_096) })), false, 'an id of 4 KiB'),
    good({ te: null }, 'no te: trailers'),
    good({ 'content-type': 'text/plain' }, 'content-type: text/plain'),
    good({ 'grpc-encoding': 'gauntlet' }, 'an encoding that there is not'),
    good({ 'grpc-timeout': 'soon' }, 'a grpc-timeout that is none'),
  ];
}
