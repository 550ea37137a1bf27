import type { CallOptions, RawRequest } from '../../../core/wire/binding-client.ts';

/** One kind of bad input. None can start work: it names a task that does not exist, or is no request. */
export interface BadInput {
  readonly input: string;
  /** Whether the text leaves no doubt that it must be refused, or that it is valid; of the others silence is not told. */
  readonly invalid: boolean;
  readonly request: Pick<RawRequest, 'body' | 'bytes' | 'method' | 'path'>;
  readonly options?: CallOptions;
}

/** A text with the bytes of ISO 8859-1: beyond ASCII they are no UTF-8, which JSON has between systems (RFC 8259 §8.1). */
export const notUtf8 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A JSON object of so many levels. */
export const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
