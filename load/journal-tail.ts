import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { parseLine, type JournalLine } from './journal.ts';

const chunkBytes = 256 * 1024;

/** Reads a journal while it grows. Holds one chunk and one line at a time. */
export class JournalTail {
  readonly #path: string;
  readonly #each: (line: JournalLine) => void;
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';
  #unread = 0;

  constructor(path: string, each: (line: JournalLine) => void) {
    this.#path = path;
    this.#each = each;
  }

  /** Reads what has been written since the last time. A journal that does not exist yet is empty. */
  async catchUp(): Promise<void> {
    let file;
    try {
      file = await open(this.#path, 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw error;
    }
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, this.#position);
        if (bytesRead === 0) return;
        this.#position += bytesRead;
        this.#take(this.#decoder.write(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const parsed = parseLine(line);
      if (parsed !== undefined) this.#each(parsed);
      else if (line !== '') this.#unread += 1;
    }
  }

  /** Lines that are none, and the half of one that is left at the end. */
  get unread(): number {
    return this.#unread + (this.#rest === '' ? 0 : 1);
  }
}
