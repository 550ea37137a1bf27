import type { Deadlines } from './check.ts';

export const defaultTimeoutMs = 10_000;

/** The pause between two polls grows from `Deadlines.pollMs` to this. */
export const longestPollMs = 200;

/**
 * All deadlines of a run.
 * @param timeoutMs `--timeout`, in milliseconds
 * @param longestTaskMs the longest task that exploration saw end, in milliseconds: a slow agent gets three times that
 */
export function deadlinesFrom(timeoutMs: number = defaultTimeoutMs, longestTaskMs = 0): Deadlines {
  return {
    operationMs: timeoutMs,
    taskMs: Math.max(timeoutMs, Math.ceil(3 * longestTaskMs)),
    graceMs: Math.min(2_000, Math.ceil(timeoutMs / 4)),
    pollMs: 25,
  };
}

/** How long a check may take as a whole: several operations and tasks one after the other. */
export const checkMs = ({ operationMs, taskMs, graceMs }: Deadlines): number =>
  6 * Math.max(operationMs, taskMs) + graceMs;
