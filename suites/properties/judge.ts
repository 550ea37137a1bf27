import { ambiguous, holds, untested, violated, type Judgement } from '../../core/findings/judgement.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { isObject } from '../../core/invariants/json.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../core/wire/reply.ts';
import type { Operation } from '../../protocol/operations.ts';
import { noCancel } from '../checks/cancel/ended-task.ts';
import { changed } from '../checks/envelope/text-kept.ts';
import { judgeMissing, judgeWrongType } from '../checks/errors/params.ts';
import { malformedId } from '../checks/errors/unknown-task.ts';
import {
  clamped,
  judgeIgnored,
  judgeServed,
  negative,
  noValue,
  openEnum,
  unknownToken,
} from '../checks/list/validation.ts';
import { tasksIn } from '../checks/list/page.ts';
import { isCutOff } from '../checks/robustness/survival.ts';
import { judgeRefusal, noSuchOperation, otherCause, type Control, type Refusal } from '../checks/shared/refusal.ts';
import { hasKnownForm } from '../checks/shared/similar-id.ts';
import { historyOf } from '../checks/shared/task-parts.ts';
import type { Case } from './cases.ts';
import type { Performed } from './perform.ts';
import { refs, type Json } from './requests.ts';
import type { Violation } from './violations.ts';

/** What a case says of one row. */
export interface RowJudgement {
  readonly row: string;
  readonly judgement: Judgement;
}

const of = (row: string, judgement: Judgement): RowJudgement => ({ row, judgement });

/** What the answer to a case says, on the interface that gave it. Pure. */
export function judgeCase(drawn: Case, performed: Performed, control: Control): readonly RowJudgement[] {
  const { violation } = drawn;
  return violation === undefined
    ? judgeValid(drawn, performed, control)
    : judgeFault(drawn, violation, performed, control);
}

/** An order in which an agent looks at a request is nowhere said: another error may come first. */
const otherReason: Readonly<Partial<Record<Operation, readonly Parameters<typeof mayBe>[1][]>>> = {
  CancelTask: ['TaskNotCancelableError', 'UnsupportedOperationError'],
  SubscribeToTask: ['UnsupportedOperationError'],
};

function judgeFault(
  { operation }: Case,
  violation: Violation,
  { answer, world }: Performed,
  control: Control,
): readonly RowJudgement[] {
  const { reply, exchange } = answer;
  const what = `${operation}: ${violation.name}`;
  const one = {
    violation: what,
    answer,
    ...(violation.servedBy === undefined ? {} : { servedBy: violation.servedBy }),
  };
  if (reply.kind === 'error' && (otherReason[operation] ?? []).some((name) => mayBe(reply.error, name))) {
    return [
      of(
        'errors/invalid-params',
        untested(`${what}: refused for the state of the task`, 'see the other operations', exchange),
      ),
    ];
  }
  const first = control.results[0]!;
  switch (violation.kind) {
    case 'type':
      return [of('errors/invalid-params', judgeWrongType(one, control))];
    case 'missing':
      return [of('errors/missing-required-field', judgeMissing(one, control))];
    case 'history':
      return [
        of(
          operation === 'ListTasks' ? 'list/history-length-validated' : 'errors/invalid-params',
          judgeServed(one, control, negative),
        ),
      ];
    case 'page-size':
      return [of('list/page-size-validated', judgeServed(one, control, clamped))];
    case 'page-token':
      return [of('list/page-token-validated', judgeIgnored(one, first, control, unknownToken))];
    case 'filter': {
      const open = world.door.interface.binding === 'GRPC' && violation.type === 'enum' ? { servedBy: openEnum } : {};
      return [of('list/filters-validated', judgeIgnored({ ...one, ...open }, first, control, noValue))];
    }
  }
}

const taskIdOf = ({ operation, params }: Case): unknown => {
  if (!operation.startsWith('Send')) return params['id'];
  return isObject(params['message']) ? params['message']['taskId'] : undefined;
};

const unknownRows: Readonly<Partial<Record<Operation, string>>> = {
  GetTask: 'errors/get-unknown-task',
  CancelTask: 'errors/cancel-unknown-task',
  SubscribeToTask: 'errors/subscribe-unknown-task',
  SendMessage: 'errors/send-unknown-task',
  SendStreamingMessage: 'errors/stream-unknown-task',
};

const terminalRows: Readonly<Partial<Record<Operation, string>>> = {
  SendMessage: 'errors/send-terminal-task',
  SendStreamingMessage: 'errors/stream-terminal-task',
  SubscribeToTask: 'errors/subscribe-terminal-task',
};

/** The refusal that a valid request of this kind gets by the text; undefined where it is to be served. */
function refusalOf(
  drawn: Case,
  { world }: Performed,
): { readonly row: string; readonly refusal: Partial<Refusal> & Pick<Refusal, 'expected'> } | undefined {
  const { operation, params } = drawn;
  const id = taskIdOf(drawn);
  const formOf = (ref: string) => (hasKnownForm(world.values.get(ref) ?? '') ? [] : malformedId);
  const noSubscribe = operation === 'SubscribeToTask' ? noSuchOperation(operation, '§3.1.6') : [];
  if (id === refs.unknownTask) {
    const row = unknownRows[operation];
    const noOperation = operation === 'CancelTask' ? noCancel : noSubscribe;
    const tolerated = [...formOf(refs.unknownTask), ...noOperation];
    return row === undefined ? undefined : { row, refusal: { expected: 'TaskNotFoundError', tolerated } };
  }
  if (id === refs.endedTask) {
    if (operation === 'CancelTask')
      return { row: 'cancel/terminal-refused', refusal: { expected: 'TaskNotCancelableError', tolerated: noCancel } };
    const row = terminalRows[operation];
    return row === undefined
      ? undefined
      : { row, refusal: { expected: 'UnsupportedOperationError', tolerated: noSubscribe } };
  }
  if (operation === 'GetTaskPushNotificationConfig' && params['id'] === refs.unknownConfig)
    return {
      row: 'push/get-unknown-config',
      refusal: {
        expected: 'TaskNotFoundError',
        tolerated: [...formOf(refs.unknownConfig), ...noSuchOperation(operation, '§3.1.8')],
      },
    };
  return undefined;
}

/** Errors about what a request holds beside the task that it names: nowhere is said which of two reasons comes first. */
const aboutContents = [
  'ContentTypeNotSupportedError',
  'ExtensionSupportRequiredError',
  'InvalidParamsError',
  'InvalidRequestError',
  'PushNotificationNotSupportedError',
] as const;

/** Whether a request that has to be refused for the task that it names is refused for what was drawn beside it. */
function isForAnotherReason({ params }: Case, { reply }: CallResult): boolean {
  if (reply.kind !== 'error' || reply.error.name === 'InternalError') return false;
  const { id: _, taskId: __, message, ...others } = params;
  const { messageId: ___, role: ____, taskId: _____, parts, ...beside } = isObject(message) ? (message as Json) : {};
  // An agent may take exception to any content.
  if (Object.keys(beside).length > 0 || (Array.isArray(parts) && parts.length > 1)) return true;
  const isAboutContents = aboutContents.some((name) => mayBe(reply.error, name));
  return isAboutContents && Object.keys(others).length > 0;
}

function judgeValid(drawn: Case, performed: Performed, control: Control): readonly RowJudgement[] {
  const { operation } = drawn;
  const { answer } = performed;
  const refused = refusalOf(drawn, performed);
  if (refused !== undefined) {
    const { row, refusal } = refused;
    const isExpected = answer.reply.kind === 'error' && answer.reply.error.name === refusal.expected;
    if (!isExpected && isForAnotherReason(drawn, answer)) {
      const reason = `${operation}: refused for something else that was drawn: ${describeReply(answer.reply)}`;
      return [of(row, untested(reason, 'see the row of that error', answer.exchange))];
    }
    return [of(row, judgeRefusal({ what: `${operation}, as drawn`, answer, control, ...refusal }))];
  }
  return [
    ...judgeServing(drawn, performed, control),
    ...judgeHistory(drawn, performed),
    ...judgeText(drawn, performed),
  ];
}

/** Errors that say of a valid request what the agent may say of it: what it does not take, or has not. */
function judgeServing({ operation }: Case, { answer }: Performed, control: Control): readonly RowJudgement[] {
  const { reply, exchange } = answer;
  const row = 'robustness/valid-request-answered';
  const evidence = [exchange, ...control.results.map((result) => result.exchange)];
  if (reply.kind === 'result') return [of(row, holds(`${operation} as drawn is served`, exchange))];
  if (!control.ok) return [of(row, untested(`the control failed: ${control.what}`, 'see its exchange', ...evidence))];
  const what = `${operation} as drawn, which is valid: ${describeReply(reply)}`;
  if (reply.kind === 'none') {
    return [
      of(
        row,
        isCutOff(answer)
          ? violated({ reason: what, expected: 'an answer of the binding', actual: describeReply(reply) }, ...evidence)
          : untested(what, 'run again; see --timeout', ...evidence),
      ),
    ];
  }
  const cause = otherCause(answer);
  if (cause !== undefined) return [of(row, untested(`${operation}: ${cause}`, 'run again', ...evidence))];
  const isSystem = reply.kind === 'error' ? mayBe(reply.error, 'InternalError') : reply.status >= 500;
  return [of(row, isSystem ? ambiguous(what, systemError, ...evidence) : holds(what, exchange))];
}

const systemError = [
  '§3.3.2: what an agent cannot take is a validation error, which names what is wrong',
  '§3.3.2: a system error is the server’s own failure, whatever the request',
] as const;

/** A result in spite of a field that nobody knows. */
export const servedWithUnknown = ({ operation }: Case, { exchange }: CallResult): RowJudgement =>
  of('envelope/unknown-fields', holds(`${operation} with a field that nobody knows is served`, exchange));

/** The request with nothing that its message does not know, asked again: the answer is to be the same. */
export function judgeUnknownFields(
  { operation }: Case,
  answer: CallResult,
  without: CallResult,
): RowJudgement | undefined {
  const [one, other] = [classOf(answer), classOf(without)];
  if (one === undefined || other === undefined || otherCause(answer) !== undefined) return undefined;
  const row = 'envelope/unknown-fields';
  const { exchange } = answer;
  if (one === other)
    return of(row, holds(`${operation} with a field that nobody knows: ${one}, as without it`, exchange));
  return of(
    row,
    violated(
      {
        reason: `${operation} with a field that nobody knows is answered otherwise than without it`,
        expected: `${other}: the field is ignored`,
        actual: describeReply(answer.reply),
      },
      exchange,
      without.exchange,
    ),
  );
}

/** The message of the client, where the history shows it, has the texts that were sent. */
function judgeText({ operation }: Case, { params, answer }: Performed): readonly RowJudgement[] {
  const task = operation === 'SendMessage' ? taskViewOf(answer.reply) : undefined;
  const { messageId, parts } = params['message'] === undefined ? {} : (params['message'] as Json);
  const kept = (task && historyOf(task))?.find((message) => message['messageId'] === messageId)?.['parts'];
  if (!Array.isArray(parts) || !Array.isArray(kept) || kept.length !== parts.length) return [];
  const row = 'envelope/text-kept';
  for (const [index, part] of (parts as readonly Json[]).entries()) {
    const [sent, got] = [part['text'], (kept[index] as Json | null)?.['text']];
    if (typeof sent !== 'string' || typeof got !== 'string' || sent === got) continue;
    return [of(row, changed(`the text of part ${index + 1}`, sent, got, answer.exchange))];
  }
  return [of(row, holds('the texts of the message stand in the history', answer.exchange))];
}

const historyRows: Readonly<Partial<Record<Operation, string>>> = {
  SendMessage: 'send/history-length',
  GetTask: 'get/history-length',
  ListTasks: 'list/history-length',
};

/** §3.2.4: no more messages than were asked for. */
function judgeHistory({ operation, params }: Case, { answer }: Performed): readonly RowJudgement[] {
  const row = historyRows[operation];
  const holder = operation === 'SendMessage' ? params['configuration'] : params;
  const limit = isObject(holder) ? (holder as Json)['historyLength'] : undefined;
  if (row === undefined || typeof limit !== 'number') return [];
  const task = taskViewOf(answer.reply);
  const tasks = operation === 'ListTasks' ? tasksIn(answer) : task === undefined ? [] : [task];
  const longest = Math.max(0, ...tasks.map((one) => historyOf(one)?.length ?? 0));
  if (longest <= limit) return [of(row, holds(`at most ${limit} messages of history`, answer.exchange))];
  return [
    of(
      row,
      violated(
        {
          reason: `${operation} with historyLength ${limit}`,
          expected: `at most ${limit} messages in the history`,
          actual: `${longest} messages`,
        },
        answer.exchange,
      ),
    ),
  ];
}

/** What a drawn request is answered with: whether served, else by which error. */
const classOf = ({ reply }: CallResult): string | undefined => {
  if (reply.kind === 'result') return 'a result';
  return reply.kind === 'error' && reply.error.name !== 'InternalError' ? reply.error.name : undefined;
};

const sameCause = [
  '§5.1: all bindings have the same functionality and error handling',
  'the text lets an agent serve such a request or refuse it, and names no one error for it',
] as const;

const severalCauses = [
  '§5.1: all bindings have the same functionality and error handling',
  'there is more than one thing in the request to object to, and nowhere is said which comes first',
] as const;

const emptyValues = [
  '§5.1: an empty value is one that is not set (proto3), over every binding',
  'a binary message does not say an empty value at all: the text of JSON is another request',
] as const;

/** Whether a request holds what a binary message leaves out, or writes in another way: an empty string, null. */
const hasEmpty = (value: unknown): boolean =>
  value === '' || value === null || (typeof value === 'object' && Object.values(value).some(hasEmpty));

/**
 * §5.1: the same request has the same class of answer everywhere. Where one interface is accused of its answer already, the
 * comparison says nothing new.
 */
export function compareAnswers(drawn: Case, all: readonly Performed[]): Judgement | undefined {
  const classes = all.map(({ answer }) => (otherCause(answer) === undefined ? classOf(answer) : undefined));
  if (all.length < 2 || classes.includes(undefined)) return undefined;
  const evidence = all.map(({ answer }) => answer.exchange);
  if (new Set(classes).size === 1) return holds(`${drawn.operation}: ${classes[0]} over all interfaces`, ...evidence);
  const told = all
    .map(({ answer, world }) => `${world.door.interface.binding}: ${describeReply(answer.reply)}`)
    .join('; ');
  if (drawn.violation !== undefined)
    return ambiguous(`${drawn.operation}, where ${drawn.violation.name}: ${told}`, sameCause, ...evidence);
  if (!classes.includes('a result') && all.some(({ answer }) => isForAnotherReason(drawn, answer)))
    return ambiguous(`${drawn.operation} as drawn: ${told}`, severalCauses, ...evidence);
  const bindings = all.map(({ world }) => world.door.interface.binding);
  if (bindings.includes('GRPC') && hasEmpty(drawn.params))
    return ambiguous(`${drawn.operation} as drawn: ${told}`, emptyValues, ...evidence);
  return violated(
    {
      reason: `${drawn.operation} as drawn, which is valid, is answered in another way by interface`,
      expected: 'the same class of answer over all interfaces',
      actual: told,
    },
    ...evidence,
  );
}
