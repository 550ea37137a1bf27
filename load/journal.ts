import { loadOutcomes, type LoadOutcome } from '../core/findings/load-section.ts';

/**
 * The journal of a run, as the scripts and the extension write it: one JSON value a line. Times are microseconds since the
 * Unix epoch on one clock.
 */

export type EventKind = 'task' | 'message' | 'status' | 'artifact' | 'error' | 'other';

/** Kind, microseconds after the invocation, state, emission stamp, digits of the stamp behind the second. */
export type JournalEvent = readonly [kind: EventKind, after: number, state?: string, stamp?: number, digits?: number];

/** The schedule: moment n is `start + n × period`. */
export interface RunLine {
  readonly k: 'run';
  readonly clock: string;
  readonly start: number;
  readonly period: number;
}

/** A moment of the schedule for which there was no virtual user. */
export interface DropLine {
  readonly k: 'drop';
  readonly at: number;
}

export type Outcome = LoadOutcome;

/** The task did what a task should, as far as a load run can ask. */
export const isSuccess = (outcome: Outcome): boolean =>
  outcome === 'completed' || outcome === 'message' || outcome === 'waiting' || outcome === 'accepted';

/** What was on the wire, for a sample. */
export interface RawExchange {
  readonly url: string;
  readonly req: string;
  readonly hdr: readonly (readonly [string, string])[] | null;
  readonly data: readonly string[];
  /** Names of the events that have one, by position. */
  readonly names?: Readonly<Record<string, string>>;
  /** Too much to be kept whole. */
  readonly cut?: boolean;
}

/** One send. */
export interface TaskLine {
  readonly k: 'task';
  /** Iterations before it; dropped ones are not counted. */
  readonly i: number;
  /** When it was due, if nothing was dropped before. */
  readonly sch: number;
  readonly inv: number;
  /** Head of the answer. */
  readonly hd?: number;
  readonly ret: number;
  readonly msg?: string;
  readonly out: Outcome;
  readonly code?: string;
  readonly err?: string;
  readonly http?: number;
  readonly id?: string;
  /** Where a stream named more than one task: all of them. */
  readonly ids?: readonly string[];
  readonly ctx?: string;
  /** The last state up to the end. */
  readonly st?: string;
  /** The server left the stream open after the terminal state. */
  readonly held?: boolean;
  readonly ev?: readonly JournalEvent[];
  readonly more?: number;
  readonly raw?: RawExchange;
}

export type JournalLine = RunLine | DropLine | TaskLine;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areNumbers = (...values: unknown[]): boolean => values.every((value) => Number.isFinite(value));

/** Undefined for what is no line of a journal, such as the half of one that a killed process left. */
export function parseLine(text: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { k } = value;
  const known =
    (k === 'run' && typeof value['clock'] === 'string' && areNumbers(value['start'], value['period'])) ||
    (k === 'drop' && areNumbers(value['at'])) ||
    (k === 'task' &&
      areNumbers(value['i'], value['sch'], value['inv'], value['ret']) &&
      loadOutcomes.includes(value['out'] as Outcome));
  return known ? (value as unknown as JournalLine) : undefined;
}
