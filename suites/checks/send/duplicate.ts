import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { taskIn } from '../shared/task-parts.ts';

/** §3.3.1: what an agent makes of a message that comes twice; either way is right. */
export const duplicate = defineCheck({
  id: 'send/duplicate',
  title: 'The same message twice',
  requirements: ['send/idempotent'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<readonly [CallResult, CallResult]> {
    const request = { message: context.message('completes') };
    const timeoutMs = Math.max(context.deadlines.operationMs, context.deadlines.taskMs);
    const first = await context.client.call('SendMessage', request, { timeoutMs });
    const second = await context.client.call('SendMessage', request, { timeoutMs });
    await cancelTaskIn(context, first, second);
    return [first, second];
  },

  judge([first, second]) {
    const evidence = [first.exchange, second.exchange];
    const [made, again] = [taskIn(first), taskIn(second)];
    if (made === undefined || second.reply.kind === 'none') {
      const why = made === undefined ? 'the message made no task' : describeReply(second.reply);
      return { 'send/idempotent': untested(why, 'run again', ...evidence) };
    }
    if (second.reply.kind === 'error') {
      const reason = `the second message is refused: ${describeReply(second.reply)}`;
      return { 'send/idempotent': holds(reason, ...evidence) };
    }
    return {
      'send/idempotent':
        again?.id === made.id
          ? holds('the duplicate is recognised: both answers are about one task', ...evidence)
          : holds('the agent does not use this freedom: the same message makes two tasks', ...evidence),
    };
  },
});
