import type { Millis } from '../core/history/exchange.ts';
import type { Pulse } from './client/pulse.ts';

const isWell = ({ alive, routed }: Pulse): boolean => alive && routed === true;

/** The end of the first look that found something wrong while faults were there; null where none did. */
export function noticedAt(pulses: readonly Pulse[], injectedAt: Millis, healedAt: Millis): Millis | null {
  return pulses.find((pulse) => pulse.endedAt > injectedAt && pulse.at < healedAt && !isWell(pulse))?.endedAt ?? null;
}

/** One good look among bad ones may be luck. */
const inARow = 3;

/**
 * The end of the first of three good looks in a row after the faults were over; the moment of the hypothesis where there were
 * fewer looks after it than that. Null where the looks stay bad.
 */
export function recoveredAt(pulses: readonly Pulse[], healedAt: Millis, hypothesisAt: Millis): Millis | null {
  const later = pulses.filter(({ at }) => at >= healedAt);
  const first = later.find((_, index) => {
    const next = later.slice(index, index + inARow);
    return next.length === inARow && next.every(isWell);
  });
  if (first !== undefined) return first.endedAt;
  return later.slice(-inARow).every(isWell) ? hypothesisAt : null;
}
