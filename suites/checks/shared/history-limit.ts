import type { TaskView } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { historyOf } from './task-parts.ts';

/** A task as an answer to `historyLength` shows it, and what it really has. */
export interface Limited {
  readonly limit: number;
  /** The task of the limited answer; undefined where the answer had none. */
  readonly shown: TaskView | undefined;
  /** Messages that GetTask without a limit shows. */
  readonly fullLength: number;
  readonly evidence: readonly Exchange[];
}

const moreHistory = 'name a message for "input-required" whose task keeps its messages in the history';

const lengthOf = ({ shown }: Limited): number => (shown && historyOf(shown)?.length) ?? 0;

/** §3.2.4: no more messages than the limit; measured where there are more to leave out. */
export function judgeLimit(answers: readonly Limited[]): Judgement {
  const evidence = answers.flatMap((answer) => answer.evidence);
  const over = answers.find((answer) => lengthOf(answer) > answer.limit);
  if (over !== undefined) {
    return violated(
      {
        reason: `historyLength ${over.limit} is not obeyed`,
        expected: over.limit === 0 ? 'no message in the history' : `at most ${over.limit} messages in the history`,
        actual: `${lengthOf(over)} messages`,
      },
      ...over.evidence,
    );
  }
  const measured = answers.filter(({ shown, fullLength, limit }) => shown !== undefined && fullLength > limit);
  if (measured.length === 0) {
    return untested('no task has a history that a limit could cut', moreHistory, ...evidence);
  }
  const limits = measured.map(({ limit, fullLength }) => `${limit} of ${fullLength}`).join(', ');
  return holds(`the limit is obeyed: at most ${limits}`, ...measured.flatMap((answer) => answer.evidence));
}

/** §3.2.4: with 0 the field is omitted; measured where there is a history to omit and no message is shown. */
export function judgeZeroOmitted(answers: readonly Limited[]): Judgement {
  const zero = answers.find(({ limit, shown }) => limit === 0 && shown !== undefined);
  if (zero?.shown === undefined || zero.fullLength === 0) {
    return untested('no task has a history to omit', moreHistory, ...answers.flatMap(({ evidence }) => evidence));
  }
  const history = historyOf(zero.shown);
  if (history === undefined) return holds('the history is omitted', ...zero.evidence);
  if (history.length > 0)
    return untested('the limit itself is not obeyed', 'see the row of the limit', ...zero.evidence);
  return violated(
    { reason: 'with historyLength 0 the history is there', expected: 'no field "history"', actual: '"history": []' },
    ...zero.evidence,
  );
}

/** Which end of a history holds the newest message: no section says it. */
export type Direction = 'oldest first' | 'newest first' | 'unknown';

/** Told by the messages that the harness sent, in their order; unknown where the history does not hold two of them. */
export function directionOf(ids: readonly string[], sent: readonly string[]): Direction {
  const places = sent.map((id) => ids.indexOf(id)).filter((place) => place >= 0);
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined || places.length < 2) return 'unknown';
  return first < last ? 'oldest first' : 'newest first';
}
