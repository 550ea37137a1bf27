/** The longest stretch that is timed at once, in milliseconds. */
const stretchMs = 250;

/**
 * Calls back once so much time has passed, of which only that counts in which the harness could look: where it is held up itself (a
 * busy machine, one that slept), its timers come late, and before all that came meanwhile was read.
 *
 * @returns what ends it
 */
export function countDown(milliseconds: number, then: () => void): () => void {
  let left = milliseconds;
  let timer: NodeJS.Timeout | undefined;
  let last: NodeJS.Immediate | undefined;
  const go = (): void => {
    const stretch = Math.min(left, stretchMs);
    timer = setTimeout(() => {
      left -= stretch;
      if (left > 0) go();
      // What stands ready is read before.
      else last = setImmediate(then);
    }, stretch);
  };
  go();
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
