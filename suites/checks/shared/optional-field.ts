import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, type Readings } from './refusal.ts';
import { isError } from './task-parts.ts';

/** A request with an optional field of the proto, and the same without it: each twice where the first was refused. */
export interface WithField {
  readonly field: string;
  readonly plain: readonly CallResult[];
  readonly filled: readonly CallResult[];
}

/** Makes both requests, and once more where the one with the field is refused: an accident hardly comes twice. */
export async function compareWithField(
  field: string,
  plain: () => Promise<CallResult>,
  filled: () => Promise<CallResult>,
): Promise<WithField> {
  const [without, first] = [await plain(), await filled()];
  if (first.reply.kind !== 'error') return { field, plain: [without], filled: [first] };
  return { field, filled: [first, await filled()], plain: [without, await plain()] };
}

/** Errors that call the request itself wrong. */
const malformed = ['InvalidParamsError', 'InvalidRequestError', 'JSONParseError'] as const;

/**
 * Whether a field that the proto defines may be set. Called malformed it is refused for a wrong reason; for any other reason an
 * agent may refuse what it likes.
 * @param readings where the agent may have a rule for the value, so that calling it wrong is a reading, too
 */
export function judgeOptionalField({ field, plain, filled }: WithField, readings?: Readings): Judgement {
  const [first] = filled;
  const evidence = [...filled, ...plain].map(({ exchange }) => exchange);
  const hint = 'run again; see --timeout';
  if (plain.some(({ reply }) => reply.kind !== 'result')) {
    return untested(
      `the control failed, the same without ${field}: ${describeReply(plain[0]!.reply)}`,
      hint,
      ...evidence,
    );
  }
  if (first!.reply.kind === 'result') return holds(`with ${field} the request is served`, first!.exchange);
  const cause = filled.map(otherCause).find((found) => found !== undefined);
  const served = filled.some(({ reply }) => reply.kind !== 'error');
  // Of work that went on meanwhile: each time it may have ended just before.
  const ended = filled.some((answer) => isError(answer, 'TaskNotCancelableError'));
  if (cause !== undefined || served || ended) {
    const why = cause ?? (served ? 'refused once only' : 'the task had ended, or cannot be canceled');
    return untested(`with ${field}: ${why}`, hint, ...evidence);
  }
  const expected = 'an answer as without it';
  const actual = describeReply(first!.reply);
  if (readings === undefined && filled.every((answer) => isError(answer, ...malformed))) {
    return violated(
      { reason: `with ${field} a valid request is called invalid, twice`, expected, actual },
      ...evidence,
    );
  }
  return ambiguous(
    `with ${field} the request is refused, twice: ${actual}`,
    readings ?? [
      `a2a.proto: ${field} is a field that any client may set`,
      '§3.3.2: all operations may return errors, and no section says that an agent has to take this field',
    ],
    ...evidence,
  );
}
