/** One message as gRPC sends it: a flag for compression, its length in four bytes (big endian), and its bytes. */
export interface Frame {
  readonly flag: number;
  readonly message: Uint8Array;
}

const prefixBytes = 5;

/** @param length written instead of the right one, for malformed requests */
export function encodeFrame(message: Uint8Array, flag = 0, length = message.length): Uint8Array {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** Takes bytes cut anywhere, and gives the messages that they complete. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): readonly Frame[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    while (this.#pending.length >= prefixBytes) {
      const end = prefixBytes + this.#pending.readUInt32BE(1);
      if (this.#pending.length < end) break;
      frames.push({ flag: this.#pending.readUInt8(0), message: this.#pending.subarray(prefixBytes, end) });
      this.#pending = this.#pending.subarray(end);
    }
    return frames;
  }

  /** Bytes that are part of no whole message. */
  get rest(): number {
    return this.#pending.length;
  }
}

/** The messages of a whole body, and how many bytes belong to none. */
export function readFrames(body: Uint8Array): { readonly frames: readonly Frame[]; readonly rest: number } {
  const reader = new FrameReader();
  const frames = reader.push(body);
  return { frames, rest: reader.rest };
}
