/** Collects the bytes of one answer and tells, at its end, what they are as text. */
export class BodyCollector {
  readonly #chunks: Uint8Array[] = [];
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #maxBytes: number;
  #bytes = 0;
  #valid = true;
  #truncated = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The chunk, or the part of it that is still below the limit; `full` once the limit was reached. */
  push(chunk: Uint8Array): { readonly kept: Uint8Array; readonly full: boolean } {
    const room = this.#maxBytes - this.#bytes;
    this.#truncated ||= chunk.length > room;
    const kept = this.#truncated ? chunk.subarray(0, room) : chunk;
    // A copy: Node may use the memory of a chunk again.
    this.#chunks.push(Buffer.from(kept));
    this.#bytes += kept.length;
    this.#valid &&= this.#decodes(kept, true);
    return { kept, full: this.#truncated };
  }

  /** @param whole the body ended as it should: a character that is cut at the end is then invalid. */
  text(whole: boolean): { readonly body: string; readonly validUtf8: boolean; readonly truncated: boolean } {
    const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(this.#chunks));
    const validUtf8 = this.#valid && (!whole || this.#decodes(new Uint8Array(), false));
    return { body, validUtf8, truncated: this.#truncated };
  }

  #decodes(bytes: Uint8Array, stream: boolean): boolean {
    try {
      this.#strict.decode(bytes, { stream });
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}
