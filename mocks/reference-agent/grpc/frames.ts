import { StatusError } from './status.ts';

/** Length-prefixed messages of gRPC over HTTP/2: a flag for compression, four bytes of length, the message. */

const prefixBytes = 5;

export function frameOf(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The one message of a request; throws StatusError. No method here streams from the client. */
export function messageIn(body: Buffer): Buffer {
  if (body.length === 0) throw new StatusError('UNIMPLEMENTED', 'A request has exactly one message, got none');
  if (body.length < prefixBytes) throw new StatusError('INTERNAL', 'The request ends within the prefix of its message');
  if (body[0] !== 0) {
    throw new StatusError('UNIMPLEMENTED', "Compression is not supported; send 'grpc-encoding: identity'");
  }
  const end = prefixBytes + body.readUInt32BE(1);
  if (body.length < end) throw new StatusError('INTERNAL', 'The request ends within its message');
  if (body.length > end) throw new StatusError('UNIMPLEMENTED', 'A request has exactly one message, got more');
  return body.subarray(prefixBytes);
}

const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** `grpc-timeout` in ms, capped to what timers know; undefined where there is none, throws StatusError for another text. */
export function timeoutOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  if (digits === undefined) throw new StatusError('INTERNAL', `'${header}' is not a grpc-timeout`);
  return Math.min(Number(digits) * (units[unit] ?? 1), 2 ** 31 - 1);
}
