import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { stateIn } from '../shared/task-parts.ts';
import { judgeCloses } from './closing.ts';
import {
  judgeCurrent,
  judgeEstablished,
  judgeFollows,
  withSecondTry,
  type Subscription,
} from './subscription-judges.ts';
import { subscribeTo, watch } from './watch.ts';

/**
 * §3.1.6: a task that waits for its client is not terminal: it can be subscribed to, and the subscription shows what
 * the next message does to it. The message comes as a stream of its own, so that the follow-up stream is seen too.
 */
export const subscribeInterrupted = defineCheck({
  id: 'streaming/subscribe-interrupted',
  title: 'A subscription to a task that waits for input, and the message that continues it',
  requirements: [
    'streaming/subscribe-established',
    'streaming/subscribe-current',
    'streaming/subscribe-follows',
    'streaming/subscribe-closes',
  ],
  needs: [needsCapability('streaming'), needsStimulus('input-required')],
  // Where the stream stays open, it waits for its end.
  lasting: true,

  probe: (context) => withSecondTry(() => subscribeOnce(context)),

  judge(subscription) {
    return {
      'streaming/subscribe-established': judgeEstablished(subscription),
      'streaming/subscribe-current': judgeCurrent(subscription),
      'streaming/subscribe-follows': judgeFollows(subscription),
      'streaming/subscribe-closes': judgeCloses(subscription.stream),
    };
  },
});

async function subscribeOnce(context: ProbeContext): Promise<Subscription> {
  const { client } = context;
  const sent = await context.send('input-required');
  const { id, contextId } = context.taskOf(sent);
  const before = await context.poll(id, ({ state }) => isInterrupted(state) || isTerminal(state));
  if (!isInterrupted(stateIn(before))) {
    throw new Unelicited('the task asked for no input', 'name a stimulus "input-required"', [before.exchange]);
  }
  const handle = await subscribeTo(context, id, { actor: 'subscriber' });
  const after = await client.call('GetTask', { id });
  const named = contextId === undefined ? { taskId: id } : { taskId: id, contextId };
  // Without the stimulus, which may ask for more input each time.
  const answer = { messageId: context.id('message'), role: 'ROLE_USER', parts: [{ text: 'done' }], ...named };
  const followUp = await client.stream('SendStreamingMessage', { message: answer }, { actor: 'sender' });
  const [stream, control] = await Promise.all([watch(context, handle), watch(context, followUp)]);
  const final = await client.call('GetTask', { id });
  await cancelTaskIn(context, final);
  return { stream, before, after, final, control };
}
