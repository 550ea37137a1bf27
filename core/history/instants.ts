import { fractionDigits, isTimestamp } from '../../protocol/schemas/scalars.ts';

/** A moment as a timestamp tells it: it lies between `ms` (inclusive) and `ms + unit` (exclusive). */
export interface Instant {
  /** Milliseconds since the epoch. */
  readonly ms: number;
  /** Precision in milliseconds: 1000 where there is no fraction, or one of zeros (§5.6.1: zero-filled). */
  readonly unit: number;
}

/** An offset in place of Z is against §5.6.1 (`envelope/timestamps` speaks of it), and yet its moment is clear. */
const offset = /[+-]\d\d:\d\d$/;

/** The moment of a timestamp; undefined for anything else. What is finer than a millisecond is cut off. */
export function instantOf(timestamp: unknown): Instant | undefined {
  if (typeof timestamp !== 'string') return undefined;
  const local = timestamp.replace(offset, 'Z');
  const ms = isTimestamp(local) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  const digits = fractionDigits(local);
  return { ms, unit: ms % 1_000 === 0 ? 1_000 : 10 ** Math.max(0, 3 - digits) };
}

/** Whether one moment is certainly before another, whatever is beyond their precision. */
export const isBefore = (one: Instant, other: Instant): boolean => one.ms + one.unit <= other.ms;
