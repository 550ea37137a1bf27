import type { CallResult } from '../../../core/wire/binding-client.ts';

/** The same answer in kind: both are results, or errors of one code. */
export const isSame = (a: CallResult, b: CallResult): boolean =>
  a.reply.kind === b.reply.kind &&
  (a.reply.kind !== 'error' || b.reply.kind !== 'error' || a.reply.error.code === b.reply.error.code);
