import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { otherCause } from '../shared/refusal.ts';
import { contextOf, stateIn, stateText, statusMessageOf, taskIn } from '../shared/task-parts.ts';

interface Observation {
  readonly sent: CallResult;
  readonly before: CallResult;
  readonly further: CallResult | undefined;
  readonly after: CallResult | undefined;
}

const authRequired = 'TASK_STATE_AUTH_REQUIRED';

/** §7.6.1: a task that waits for an authorization. */
export const authorization = defineCheck({
  id: 'send/auth-required',
  title: 'A task in AUTH_REQUIRED says why, and can be spoken to',
  requirements: ['send/auth-required-message', 'send/auth-required-further-messages'],
  needs: [needsStimulus('auth-required')],

  async probe(context: ProbeContext): Promise<Observation> {
    const sent = await context.send('auth-required');
    const { id } = context.taskOf(sent);
    const before = await context.poll(id, ({ state }) => state === authRequired, context.deadlines.graceMs);
    const waiting = before.task;
    if (waiting?.state !== authRequired) {
      await cancelTaskIn(context, before);
      return { sent, before, further: undefined, after: undefined };
    }
    // The message may end the wait or not: its answer is not waited for longer than for the message itself.
    const further = await sendFollowUp(context, {
      taskId: id,
      contextId: contextOf(waiting),
      configuration: { returnImmediately: true },
    });
    const after = await context.client.call('GetTask', { id });
    await cancelTaskIn(context, after);
    return { sent, before, further, after };
  },

  judge: (observation) => ({
    'send/auth-required-message': explained(observation),
    'send/auth-required-further-messages': received(observation),
  }),
});

const otherStimulus = 'name another message for "auth-required": --stimuli <file>';

function explained({ sent, before }: Observation): Judgement {
  const evidence = [sent.exchange, before.exchange];
  const waiting = [sent, before].map(taskIn).filter((task) => task?.state === authRequired);
  if (waiting.length === 0) {
    return untested(
      `the task is not in ${authRequired} but in ${stateText(stateIn(before))}`,
      otherStimulus,
      ...evidence,
    );
  }
  if (waiting.every((task) => task && statusMessageOf(task) !== undefined)) {
    return holds('the status message explains the authorization', ...evidence);
  }
  return ambiguous(
    'a task in TASK_STATE_AUTH_REQUIRED has no status message',
    [
      '§7.6.1: a status message explains the required authorization',
      'unless the details were negotiated out-of-band or by an extension, which cannot be seen',
    ],
    ...evidence,
  );
}

function received({ sent, before, further, after }: Observation): Judgement {
  if (further === undefined || after === undefined) {
    return untested(`the task is not in ${authRequired}`, otherStimulus, sent.exchange, before.exchange);
  }
  const evidence = [before.exchange, further.exchange, after.exchange];
  const cause = otherCause(further);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', ...evidence);
  if (further.reply.kind === 'result') return holds('the task receives a message while it waits', ...evidence);
  if (stateIn(after) !== authRequired) {
    return untested('the task went on by itself before the message came', 'run again', ...evidence);
  }
  return violated(
    {
      reason: 'a task that remains in AUTH_REQUIRED refuses a message',
      expected: 'the message is received: it may negotiate, correct or reject the request',
      actual: describeReply(further.reply),
    },
    ...evidence,
  );
}
