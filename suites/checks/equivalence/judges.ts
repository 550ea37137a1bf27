import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { lagReadings } from '../../../core/history/status-age.ts';
import type { InterfaceRef } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import { userFields } from '../security/credentials.ts';
import { mayStandFor, otherCause, worst, type Readings } from '../shared/refusal.ts';
import { differencesOf } from './same-task.ts';

/** The answers to one request, over each interface. */
export interface Answers {
  readonly what: string;
  readonly answers: readonly CallResult[];
  /** Asked once more, where the answers were not alike. */
  readonly again?: readonly CallResult[];
  /** What speaks for answers that differ, where something does. */
  readonly readings?: Readings;
}

/** One task, read over another interface than the one by which it was made. */
export interface Reading {
  readonly id: string;
  readonly by: InterfaceRef;
  readonly over: InterfaceRef;
  readonly first: CallResult;
  /** Read again, where the first was another. */
  readonly later: CallResult | undefined;
  /** Over its own interface, before and after. */
  readonly made: readonly CallResult[];
}

const bindingOf = ({ exchange }: CallResult): string => exchange.interface?.binding ?? 'an interface';

const hint = 'run again; see --timeout and --bearer';

const listed = (answers: readonly CallResult[]): string =>
  answers.map((answer) => `${bindingOf(answer)}: ${describeReply(answer.reply)}`).join('; ');

const kindOf = ({ reply }: CallResult): string => (reply.kind === 'error' ? String(reply.error.name) : reply.kind);

/** Whether each interface gave the same kind of answer twice. */
const sameKinds = (answers: readonly CallResult[], again: readonly CallResult[]): boolean =>
  answers.every((answer, index) => kindOf(answer) === kindOf(again[index]!));

/** Credentials go to the card's own origin and to owned hosts alone, so that interfaces may not know one caller. */
const sameCaller = (answers: readonly CallResult[]): boolean =>
  new Set(
    answers.map(({ exchange }) =>
      JSON.stringify(userFields(exchange).map(([name, value]) => [name.toLowerCase(), value])),
    ),
  ).size <= 1;

const otherCallers = (what: string, answers: readonly CallResult[]): Judgement =>
  untested(
    `${what}: the interfaces did not get the same credentials`,
    'see --i-own-this-target',
    ...exchangesOf(answers),
  );

const exchangesOf = (answers: readonly CallResult[]) => answers.map(({ exchange }) => exchange);

/** Whether an interface has an operation: undefined where the answer does not tell. */
function isThere(answer: CallResult): boolean | undefined {
  const { reply } = answer;
  if (otherCause(answer) !== undefined) return undefined;
  const denied = (
    ['MethodNotFoundError', 'UnsupportedOperationError', 'PushNotificationNotSupportedError'] as const
  ).some((name) => (reply.kind === 'error' ? reply.error.name === name : mayStandFor(answer, name)));
  if (denied) return false;
  if (reply.kind === 'result') return true;
  return reply.kind === 'error' && reply.error.name !== undefined && reply.error.name !== 'InternalError'
    ? true
    : undefined;
}

export function judgeOperations(asked: readonly Answers[]): Judgement {
  return worst(
    asked.map(({ what, answers }): Judgement => {
      const told = answers.map((answer) => isThere(answer));
      if (told.includes(undefined)) return untested(`${what}: ${listed(answers)}`, hint, ...exchangesOf(answers));
      // Which of the two is right is for other rows.
      if (new Set(told).size === 1) return holds(`${what} is the same over all interfaces`, ...exchangesOf(answers));
      if (!sameCaller(answers)) return otherCallers(what, answers);
      return violated(
        {
          reason: `${what} is there over some interfaces and not over others`,
          expected: 'the same operations over all interfaces',
          actual: listed(answers),
        },
        ...exchangesOf(answers),
      );
    }),
  );
}

/** The task as the interface that made it shows it; undefined where that is none, or changes. */
function steady({ made }: Reading): unknown {
  const [before, after] = made.map(({ reply }) => (reply.kind === 'result' ? reply.value : undefined));
  return before !== undefined && after !== undefined && differencesOf(before, after).length === 0 ? after : undefined;
}

export function judgeResults(readings: readonly Reading[]): Judgement {
  return worst(readings.map(judgeReading));
}

function judgeReading(reading: Reading): Judgement {
  const { id, by, over, first, later, made } = reading;
  const what = `task ${id}, made over ${by.binding}, read over ${over.binding}`;
  const evidence = exchangesOf([first, ...(later ? [later] : []), ...made]);
  const task = steady(reading);
  if (task === undefined)
    return untested(`${what}: the control failed, GetTask over ${by.binding}`, 'see its exchanges', ...evidence);
  if (later === undefined) return holds(`${what} is the same`, ...evidence);
  if (!sameCaller([made[0]!, later])) return otherCallers(what, [...made, first, later]);
  const found = later.reply.kind === 'result' ? differencesOf(task, later.reply.value) : undefined;
  if (found?.length === 0) return ambiguous(`${what} is the same, but only a moment later`, lagReadings, ...evidence);
  const unknown = later.reply.kind === 'error' && mayBe(later.reply.error, 'TaskNotFoundError');
  const cause = otherCause(later);
  if (cause !== undefined || (found === undefined && !unknown))
    return untested(`${what}: ${cause ?? describeReply(later.reply)}`, hint, ...evidence);
  return violated(
    {
      reason: found === undefined ? `${what}: it is not known there` : `${what}: another ${found.join(', ')}`,
      expected: `the task as over ${by.binding}`,
      actual: found === undefined ? describeReply(later.reply) : `it differs in ${found.join(', ')}`,
    },
    ...evidence,
  );
}

export function judgeErrors(asked: readonly Answers[]): Judgement {
  return worst(
    asked.map(({ what, answers, again = answers, readings }): Judgement => {
      const evidence = exchangesOf([...answers, ...(again === answers ? [] : again)]);
      const causes = answers.flatMap((answer) => otherCause(answer) ?? []);
      const plain = answers.every(({ reply }) => reply.kind === 'result' || reply.kind === 'error');
      if (causes.length > 0 || !plain) return untested(`${what}: ${causes[0] ?? listed(answers)}`, hint, ...evidence);
      const names = answers.flatMap(({ reply }) => (reply.kind === 'error' ? [reply.error.name] : []));
      const [name] = names;
      if (names.length === 0)
        return untested(`${what}: no interface has an error`, 'see the rows of errors', ...evidence);
      if (names.length === answers.length && names.includes(undefined))
        return untested(`${what}: an error does not name itself: ${listed(answers)}`, hint, ...evidence);
      if (names.length === answers.length && names.every((other) => other === name))
        return holds(`${what}: ${name} over all interfaces`, ...evidence);
      if (!sameKinds(answers, again))
        return untested(`${what}: answered in one way, then in another`, hint, ...evidence);
      if (!sameCaller(answers)) return otherCallers(what, answers);
      if (readings !== undefined) return ambiguous(`${what}: ${listed(answers)}`, readings, ...evidence);
      return violated(
        {
          reason: `${what} is answered in another way by interface`,
          expected: 'the same error over all interfaces',
          actual: listed(answers),
        },
        ...evidence,
      );
    }),
  );
}

export function judgeAuthentication(asked: Answers | null): Judgement {
  if (asked === null) return skip('the card demands no authentication in a header field');
  const { what, answers } = asked;
  const evidence = exchangesOf(answers);
  const silent = answers.find(
    ({ reply, exchange }) => reply.kind === 'none' || (exchange.response?.status ?? 0) >= 500,
  );
  if (silent !== undefined) return untested(`${what}: ${describeReply(silent.reply)}`, hint, ...evidence);
  const served = answers.filter(({ reply }) => reply.kind === 'result').length;
  if (served === answers.length)
    return untested(`${what} is served over all interfaces`, 'see errors/authentication-missing', ...evidence);
  if (served === 0) return holds(`${what} is rejected over all interfaces`, ...evidence);
  // What else the user sends may be how one of them knows its caller.
  if (!sameCaller(answers)) return otherCallers(what, answers);
  return violated(
    {
      reason: `${what} is rejected over some interfaces and served over others`,
      expected: 'a rejection over all interfaces',
      actual: listed(answers),
    },
    ...evidence,
  );
}
