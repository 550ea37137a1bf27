import type { Exchange } from '../history/exchange.ts';
import type { Sighting } from './sightings.ts';
import type { JsonObject } from './json.ts';
import type { Instance } from './tally.ts';

export const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** For each task the largest size of a member that any answer showed. */
export function largest(all: readonly Sighting[], member: 'artifacts' | 'history'): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { taskId, raw } of all) {
    sizes.set(taskId, Math.max(sizes.get(taskId) ?? 0, lengthOf(raw[member])));
  }
  return sizes;
}

/** A task in an answer to `historyLength`. */
export interface Limited {
  readonly exchange: Exchange;
  readonly taskId: string;
  readonly raw: JsonObject;
  /** As it was asked for. */
  readonly limit: unknown;
}

/** §3.2.4: no more messages than the limit; one instance for each task that has more, as `full` shows. */
export const limitInstances = (answers: readonly Limited[], full: ReadonlyMap<string, number>): readonly Instance[] =>
  answers.flatMap(({ exchange, taskId, raw, limit }): Instance[] => {
    if (typeof limit !== 'number' || limit < 0 || (full.get(taskId) ?? 0) <= limit) return [];
    const size = lengthOf(raw['history']);
    const expected = `at most ${limit} messages in the history of task ${taskId}`;
    return [{ exchanges: [exchange], defect: size > limit ? { expected, actual: `${size} messages` } : undefined }];
  });
