import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { describeStatus } from '../../../core/wire/answer-status.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { taskIn } from '../shared/task-parts.ts';
import { unrelated, wasServed } from './rejection-judges.ts';

/** Judges of what one principal gets of another's (§13.1). */

/** What somebody got who asked for a task (or what belongs to it) of somebody else. */
export interface Trespass {
  /** `GetTask of a task of the first principal` */
  readonly what: string;
  readonly answer: CallResult;
  /** The same of an id that no task has. */
  readonly unknown?: CallResult | undefined;
  /** Whether a result reaches what is another's; default: any does. */
  readonly reaches?: (answer: CallResult) => boolean;
}

/** What has to be true so that an answer proves anything. */
export interface Boundary {
  /** Why nothing can be said; undefined where both principals are served, each its own. */
  readonly unproven: string | undefined;
  /** What both principals send: the agent may know its caller by them. */
  readonly shares: readonly string[];
  readonly evidence: readonly Exchange[];
}

const hint = 'see the exchanges; give both tokens of principals that the agent serves: --bearer, --second-bearer';

const looked = [
  '§3.3.2: it was refused, and nothing was done',
  '§13.1: this error is about the state of the task: access was not checked before it was looked at',
] as const;

const aboutState: ReadonlySet<string | undefined> = new Set(['TaskNotCancelableError', 'UnsupportedOperationError']);

const nameOf = ({ reply }: CallResult): string | undefined => (reply.kind === 'error' ? reply.error.name : undefined);

/** §13.1: it is not served. */
export function judgeTrespass({ what, answer, unknown, reaches = wasServed }: Trespass, boundary: Boundary): Judgement {
  const { unproven, shares, evidence } = boundary;
  const { exchange, reply } = answer;
  if (wasServed(answer) && reaches(answer)) {
    if (unproven !== undefined) return untested(`${what} is served, but ${unproven}`, hint, exchange, ...evidence);
    if (shares.length > 0) {
      return untested(
        `${what} is served, but both principals send ${shares.join(', ')}: the agent may know its caller by that`,
        'leave it out, where it is no credential: --header, --cert',
        exchange,
        ...evidence,
      );
    }
    return violated(
      { reason: `${what} is served`, expected: 'TaskNotFoundError, or a refusal (HTTP 403)', actual: 'a result' },
      exchange,
      ...evidence,
    );
  }
  if (unproven !== undefined) return untested(`${what}: ${unproven}`, hint, exchange, ...evidence);
  const cause = unrelated(answer);
  if (cause !== undefined) return untested(`${what}: ${cause}`, 'run again; see --timeout', exchange);
  // Of an unknown task it says the same, so it says nothing of this one.
  const told = aboutState.has(nameOf(answer)) && unknown !== undefined && nameOf(unknown) !== nameOf(answer);
  if (told) return ambiguous(`${what}: ${describeReply(reply)}`, looked, exchange, unknown.exchange);
  return holds(`${what}: ${wasServed(answer) ? 'nothing of it is shown' : describeReply(reply)}`, exchange);
}

/** What can be told apart of two answers: error, status. */
const looks = (answer: CallResult): string => {
  const { reply, exchange } = answer;
  const said = reply.kind === 'error' ? `${reply.error.name ?? ''} (${reply.error.code})` : reply.kind;
  return `${said}, ${describeStatus(exchange)}`;
};

/** §3.3.2: what does not exist and what may not be seen are answered alike. */
export function judgeAlike({ what, answer, unknown }: Trespass, { unproven, evidence }: Boundary): Judgement {
  if (unknown === undefined) return untested(`${what}: there is nothing to compare it with`, hint, answer.exchange);
  if (unproven !== undefined) return untested(`${what}: ${unproven}`, hint, answer.exchange, ...evidence);
  if (wasServed(answer) || wasServed(unknown))
    return untested(`${what}: it is served`, 'see the rows of security about it', answer.exchange, unknown.exchange);
  const cause = unrelated(answer) ?? unrelated(unknown);
  if (cause !== undefined) return untested(`${what}: ${cause}`, 'run again; see --timeout', answer.exchange);
  if (looks(answer) === looks(unknown))
    return holds(`${what}, and of one that does not exist: ${looks(answer)}`, answer.exchange, unknown.exchange);
  return violated(
    {
      reason: `${what} is answered in another way than for one that does not exist`,
      expected: looks(unknown),
      actual: looks(answer),
    },
    answer.exchange,
    unknown.exchange,
  );
}

/** Whether an answer shows a task of that id. */
export const showsTask =
  (id: string) =>
  (answer: CallResult): boolean => {
    if (taskIn(answer)?.id === id) return true;
    const { reply } = answer;
    const value = reply.kind === 'result' ? (reply.value as Readonly<Record<string, unknown>> | null) : null;
    const events = [value?.['statusUpdate'], value?.['artifactUpdate'], value?.['message']];
    return events.some(
      (event) => typeof event === 'object' && event !== null && (event as { taskId?: unknown }).taskId === id,
    );
  };
