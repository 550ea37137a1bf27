/** The wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding): tags, varints, fixed, length-delimited. */

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, group: 3, groupEnd: 4, fixed32: 5 } as const;

/** Bytes that are no message of the type that is expected. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/** One field of a message as it lies on the wire. */
export type WireField = { readonly number: number } & (
  | { readonly wireType: 0; readonly value: bigint }
  /** Little-endian, eight bytes or four. */
  | { readonly wireType: 1 | 5; readonly value: Buffer }
  | { readonly wireType: 2; readonly value: Buffer }
);

/** Groups are skipped; deeper ones than this are an attack. */
const maxGroupDepth = 100;

/** The fields of a message in the order in which they lie there; throws WireError. */
export function readFields(bytes: Uint8Array): WireField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;

  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = buffer[position];
      if (byte === undefined) throw new WireError('The message ends within a varint');
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('A varint is longer than ten bytes');
  };
  const take = (length: number): Buffer => {
    if (position + length > buffer.length) throw new WireError('The message ends within a field');
    position += length;
    return buffer.subarray(position - length, position);
  };
  const field = (depth: number): WireField | 'skipped' | { readonly groupEnd: number } => {
    const tag = varint();
    const number = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    if (number === 0 || number > 0x1fff_ffff) throw new WireError(`${number} is not the number of a field`);
    switch (wireType) {
      case wireTypes.varint:
        return { number, wireType, value: varint() };
      case wireTypes.fixed64:
        return { number, wireType, value: take(8) };
      case wireTypes.fixed32:
        return { number, wireType, value: take(4) };
      case wireTypes.bytes: {
        const length = varint();
        if (length > BigInt(buffer.length)) throw new WireError('The message ends within a field');
        return { number, wireType, value: take(Number(length)) };
      }
      case wireTypes.group:
        if (depth === maxGroupDepth) throw new WireError('Groups are nested too deeply');
        for (;;) {
          const inner = field(depth + 1);
          if (typeof inner !== 'object' || !('groupEnd' in inner)) continue;
          if (inner.groupEnd === number) return 'skipped';
          throw new WireError('A group ends that has not begun');
        }
      case wireTypes.groupEnd:
        return { groupEnd: number };
      default:
        throw new WireError(`${wireType} is not a wire type`);
    }
  };

  const fields: WireField[] = [];
  while (position < buffer.length) {
    const next = field(0);
    if (next === 'skipped') continue;
    if ('groupEnd' in next) throw new WireError('A group ends that has not begun');
    fields.push(next);
  }
  return fields;
}

/** Ten bytes for negative numbers, as int32 and enums have them. */
export function varintOf(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const tag = (number: number, wireType: number): Buffer => varintOf(number * 8 + wireType);

export const varintField = (number: number, value: number | bigint): Buffer =>
  Buffer.concat([tag(number, wireTypes.varint), varintOf(value)]);

export const bytesField = (number: number, value: Uint8Array): Buffer =>
  Buffer.concat([tag(number, wireTypes.bytes), varintOf(value.length), value]);

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, wireTypes.fixed64), bytes]);
}
