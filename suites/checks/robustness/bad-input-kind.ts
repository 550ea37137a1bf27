import type { CallOptions, RawRequest } from '../../../core/wire/binding-client.ts';

/** One kind of bad input. None can start work: it names a task that does not exist, or is no request. */
export interface BadInput {
  readonly input: string;
  /** Whether the text leaves no doubt that it must be refused; the others may be served. */
  readonly invalid: boolean;
  readonly request: Pick<RawRequest, 'body' | 'bytes' | 'method' | 'path'>;
  readonly options?: CallOptions;
}

/** A JSON object of so many levels. */
export const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
