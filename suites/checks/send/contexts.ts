import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isSameMoment } from '../../../core/history/status-age.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { otherCause } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';
import { contextOf, messageIn, showsEnd, taskIn } from '../shared/task-parts.ts';

/** A send with a contextId, and the task by GetTask where there is one. */
interface InContext {
  readonly contextId: string;
  readonly sent: CallResult;
  readonly got: CallResult | undefined;
}

interface Observation {
  /** Without a contextId: the control. */
  readonly plain: CallResult;
  /** The same message again. */
  readonly again: CallResult;
  /** With an id that the client made up, of the form of the agent's own. */
  readonly own: InContext;
  /** With the id that the agent gave out; undefined where it gave none. */
  readonly given: InContext | undefined;
}

/** §3.4.1, §3.4.3: contextIds of the client and of the agent, without a taskId; §3.3.1: a messageId that comes twice. */
export const contexts = defineCheck({
  id: 'send/contexts',
  title: 'Ids in a message: a contextId is kept or refused, a messageId may be known',
  requirements: ['send/context-id-kept', 'send/context-id-accepted', 'send/context-continues', 'send/idempotent'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const sendIn = async (contextId: string): Promise<InContext> => {
      const sent = await context.send('completes', { message: { contextId } });
      const task = taskIn(sent);
      return { contextId, sent, got: task && (await context.client.call('GetTask', { id: task.id })) };
    };
    const request = { message: context.message('completes') };
    const timeoutMs = Math.max(context.deadlines.operationMs, context.deadlines.taskMs);
    const plain = await context.client.call('SendMessage', request, { timeoutMs });
    const again = await context.client.call('SendMessage', request, { timeoutMs });
    const contextId = contextIn(plain);
    const own = await sendIn(contextId === undefined ? context.id('context') : similarId(contextId, context.random));
    const given = contextId === undefined ? undefined : await sendIn(contextId);
    await cancelTaskIn(context, plain, again, own.sent, given?.sent);
    return { plain, again, own, given };
  },

  judge: ({ plain, again, own, given }) => ({
    'send/context-id-kept': kept(plain, own),
    'send/context-id-accepted': accepted(own),
    'send/context-continues': continues(plain, given),
    'send/idempotent': duplicate(plain, again),
  }),
});

function contextIn(answer: CallResult): string | undefined {
  const task = taskIn(answer);
  if (task !== undefined) return contextOf(task);
  const contextId = messageIn(answer)?.contextId;
  return typeof contextId === 'string' && contextId !== '' ? contextId : undefined;
}

const exchangesOf = ({ sent, got }: InContext) => [sent.exchange, ...(got ? [got.exchange] : [])];

/** The first contextId that is shown and is not the one that was sent. */
const otherContext = ({ contextId, sent, got }: InContext): string | undefined =>
  [contextIn(sent), got && contextIn(got)].find((shown) => shown !== undefined && shown !== contextId);

const noControl = (plain: CallResult): Judgement =>
  untested(
    `the control failed: without contextId the answer is ${describeReply(plain.reply)}`,
    'run again',
    plain.exchange,
  );

function kept(plain: CallResult, own: InContext): Judgement {
  const { contextId, sent } = own;
  if (plain.reply.kind !== 'result') return noControl(plain);
  const cause = otherCause(sent);
  if (cause !== undefined)
    return untested(`with a contextId of the client: ${cause}`, 'run again', ...exchangesOf(own));
  if (sent.reply.kind === 'error') {
    return holds(`a contextId of the client is rejected: ${describeReply(sent.reply)}`, plain.exchange, sent.exchange);
  }
  const other = otherContext(own);
  if (other !== undefined) {
    return violated(
      {
        reason: 'the answer has another contextId than the client’s',
        expected: `contextId ${contextId}, or an error`,
        actual: `contextId ${other}`,
      },
      plain.exchange,
      ...exchangesOf(own),
    );
  }
  if (contextIn(sent) === contextId) return holds('the contextId of the client is kept', ...exchangesOf(own));
  if (taskIn(sent) === undefined) {
    return untested('the direct Message shows no contextId', 'name a message that makes a task', ...exchangesOf(own));
  }
  if (own.got && contextIn(own.got) === contextId) {
    return holds('GetTask shows the contextId of the client', ...exchangesOf(own));
  }
  return ambiguous(
    'the task shows no contextId, although the client gave one',
    [
      '§3.4.1: the contextId is preserved, or the request is rejected',
      'Task.contextId is not a required field: the agent knows no contexts',
    ],
    ...exchangesOf(own),
  );
}

function accepted({ sent, contextId }: InContext): Judgement {
  return contextIn(sent) === contextId
    ? holds('the agent accepts a contextId of the client', sent.exchange)
    : holds('the agent does not use this freedom', sent.exchange);
}

function continues(plain: CallResult, given: InContext | undefined): Judgement {
  if (plain.reply.kind !== 'result') return noControl(plain);
  if (given === undefined) {
    return untested(
      'the agent shows no contextId that could be used again',
      'see send/context-id-included',
      plain.exchange,
    );
  }
  const evidence = [plain.exchange, ...exchangesOf(given)];
  const { sent, contextId } = given;
  const cause = otherCause(sent);
  if (cause !== undefined) return untested(`with the agent’s own contextId: ${cause}`, 'run again', ...evidence);
  if (sent.reply.kind === 'error') {
    return ambiguous(
      `the agent’s own contextId is refused: ${describeReply(sent.reply)}`,
      [
        '§3.4.3: a contextId without a taskId starts a new task within that context',
        '§3.4.1: what an agent cannot accept it rejects, and contexts may expire',
      ],
      ...evidence,
    );
  }
  const other = otherContext(given);
  if (other !== undefined) {
    return violated(
      {
        reason: 'the task is not in the context that the message names',
        expected: `contextId ${contextId}`,
        actual: `contextId ${other}`,
      },
      ...evidence,
    );
  }
  const first = taskIn(plain);
  const second = taskIn(sent);
  if (first && second && first.id === second.id && showsEnd(plain)) {
    if (isSameMoment(first.raw, second.raw)) {
      return ambiguous(
        `the ended task ${first.id} was the answer to a further message in its context`,
        [
          '§3.4.3: a contextId without a taskId starts a new task within that context',
          '§3.1.1, §3.3.1: a message MAY create a task, and one that repeats another may be answered with the task of that one',
        ],
        ...evidence,
      );
    }
    return violated(
      {
        reason: 'a message without a taskId did not start a new task, although the task of its context has ended',
        expected: 'a task with an id of its own',
        actual: `the ended task ${first.id} again`,
      },
      ...evidence,
    );
  }
  if (contextIn(sent) === contextId) return holds('the answer is in the context that the message names', ...evidence);
  return untested('the answer shows no contextId', 'name a message that makes a task', ...evidence);
}

/** Either way is right: the answers only say which. */
function duplicate(plain: CallResult, again: CallResult): Judgement {
  const evidence = [plain.exchange, again.exchange];
  const made = taskIn(plain);
  if (made === undefined || again.reply.kind === 'none') {
    const why = made === undefined ? 'the message made no task' : describeReply(again.reply);
    return untested(why, 'run again', ...evidence);
  }
  if (again.reply.kind === 'error') {
    return holds(`the duplicate is refused: ${describeReply(again.reply)}`, ...evidence);
  }
  return taskIn(again)?.id === made.id
    ? holds('the duplicate is recognised: both answers are about one task', ...evidence)
    : holds('the agent does not use this freedom: the same message makes two tasks', ...evidence);
}
