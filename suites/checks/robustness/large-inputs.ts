import { encodeFrame } from '../../../core/wire/grpc/frames.ts';
import { encodeMessage } from '../../../core/wire/grpc/protobuf.ts';
import type { Binding } from '../../../protocol/operations.ts';
import { nested, type BadInput } from './bad-input-kind.ts';

const mebibyte = 1_048_576;

/** Metadata of a cancel: what it says is of no use to anybody, how much of it there is matters. */
const heavy: readonly { readonly input: string; readonly metadata: () => string }[] = [
  { input: 'a text of 5 MiB', metadata: () => `{"text":"${'x'.repeat(5 * mebibyte)}"}` },
  // Some parsers make an object of each, and serve nobody else meanwhile: enough to see it, and not to be the cause of it.
  { input: 'a list of 50,000 numbers', metadata: () => `{"list":[${'0,'.repeat(49_999)}0]}` },
];

type Write = (unknownId: string, metadata: string) => BadInput['request'];

const cancelTask = '/lf.a2a.v1.A2AService/CancelTask';

const writers: Readonly<Record<Binding, Write>> = {
  JSONRPC: (id, metadata) => ({
    body: `{"jsonrpc":"2.0","id":"robustness","method":"CancelTask","params":{"id":"${id}","metadata":${metadata}}}`,
  }),
  'HTTP+JSON': (id, metadata) => ({
    path: `/tasks/${encodeURIComponent(id)}:cancel`,
    body: `{"metadata":${metadata}}`,
  }),
  GRPC: (id, metadata) => ({
    body: null,
    bytes: encodeFrame(encodeMessage('CancelTaskRequest', { id, metadata: JSON.parse(metadata) as unknown })),
    path: cancelTask,
  }),
};

/** A cancel of a task, with metadata as it is written in JSON. */
export const cancelWith = (binding: Binding, id: string, metadata: string): BadInput['request'] =>
  writers[binding](id, metadata);

/** A field of a binary message whose value is bytes. */
function lengthDelimited(field: number, value: Uint8Array): Buffer {
  const prefix = [(field << 3) | 2];
  let { length } = value;
  for (; length > 127; length >>>= 7) prefix.push((length & 127) | 128);
  return Buffer.concat([Buffer.from([...prefix, length]), value]);
}

/** A google.protobuf.Struct of so many levels: encoders stop at a hundred. */
function nestedStruct(levels: number): Buffer {
  const key = Buffer.from('0a0161', 'hex');
  let struct: Buffer = Buffer.alloc(0);
  for (let level = 0; level < levels; level += 1) {
    const value = lengthDelimited(5, struct);
    struct = lengthDelimited(1, Buffer.concat([key, lengthDelimited(2, value)]));
  }
  return struct;
}

const deep: Readonly<Record<Binding, (unknownId: string) => Omit<BadInput, 'invalid'>>> = {
  JSONRPC: (id) => ({ input: '100,000 levels of nesting', request: writers.JSONRPC(id, nested(100_000)) }),
  'HTTP+JSON': (id) => ({ input: '100,000 levels of nesting', request: writers['HTTP+JSON'](id, nested(100_000)) }),
  GRPC(id) {
    const metadata = lengthDelimited(3, nestedStruct(3_000));
    const bytes = encodeFrame(Buffer.concat([encodeMessage('CancelTaskRequest', { id }), metadata]));
    return { input: '3,000 levels of nesting', request: { body: null, bytes, path: cancelTask } };
  },
};

/** Cancels of a task that does not exist, of a size that no client has a need for. No limit is named: they may be served. */
export function largeInputs(binding: Binding, unknownId: string): readonly BadInput[] {
  const large = heavy.map(({ input, metadata }) => ({ input, request: writers[binding](unknownId, metadata()) }));
  return [...large, deep[binding](unknownId)].map((one) => ({ ...one, invalid: false }));
}
