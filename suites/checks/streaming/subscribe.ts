import { defineCheck, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { inTime, TooLate } from '../shared/in-time.ts';
import { showsEnd, stateIn } from '../shared/task-parts.ts';
import { artifactsOf } from './artifact-sum.ts';
import { judgeCloses } from './closing.ts';
import { judgeGap, looksTorn, type Told } from './gap.ts';
import {
  judgeCurrent,
  judgeEstablished,
  judgeFollows,
  withSecondTry,
  type Subscription,
} from './subscription-judges.ts';
import { subscribeTo, watch } from './watch.ts';

/** §3.1.6, §9.4.6: a subscription to a task at work, from its snapshot to the end. */
export const subscribe = defineCheck({
  id: 'streaming/subscribe',
  title: 'A subscription to a task that was sent without a stream',
  requirements: [
    'streaming/subscribe-established',
    'streaming/subscribe-current',
    'streaming/subscribe-no-gap',
    'streaming/subscribe-follows',
    'streaming/subscribe-closes',
  ],
  needs: [needsCapability('streaming'), needsStimulus('long-running')],
  lasting: true,

  probe: (context) => withSecondTry(() => inTime(() => subscribeOnce(context), cameInTime)),

  judge(subscription) {
    return {
      'streaming/subscribe-established': judgeEstablished(subscription),
      'streaming/subscribe-current': judgeCurrent(subscription),
      'streaming/subscribe-no-gap': judgeGap(subscription, subscription.whole),
      'streaming/subscribe-follows': judgeFollows(subscription),
      'streaming/subscribe-closes': judgeCloses(subscription.stream),
    };
  },
});

/** Not where it was refused, and the task is over. */
const cameInTime = ({ stream, after }: Subscription): boolean => stream.refusal === undefined || !showsEnd(after);

async function subscribeOnce(context: ProbeContext): Promise<Subscription> {
  const { client, deadlines } = context;
  const sent = await context.send('long-running', { configuration: { returnImmediately: true } });
  const { id } = context.taskOf(sent);
  // Where artifacts are to be expected, with one of them: then it belongs to the state that the snapshot has to show.
  const expected = (context.behaviours.elicited['long-running']?.artifactEvents ?? 0) > 0;
  const ready = ({ state, raw }: TaskView): boolean => !expected || artifactsOf(raw).size > 0 || isTerminal(state);
  const before = await context.poll(id, ready, deadlines.graceMs);
  if (isTerminal(stateIn(before))) {
    throw new TooLate(
      'the task was over before it could be subscribed to',
      'name a stimulus "long-running" that runs for some seconds',
      [sent.exchange, before.exchange],
    );
  }
  const handle = await subscribeTo(context, id);
  const after = await client.call('GetTask', { id });
  const stream = await watch(context, handle);
  // A stream that was closed early says nothing of the end: the task is followed to it in another way.
  const left = await client.call('GetTask', { id });
  const final = await context.poll(id, ({ state }) => isTerminal(state));
  await cancelTaskIn(context, final);
  const silent = stream.items.length === 1 && stream.items[0]?.kind === 'task';
  const control = silent ? await watch(context, await context.sendStreaming('long-running')) : undefined;
  const whole = looksTorn({ stream, final }) ? await senders(context) : undefined;
  return { stream, before, after, left, final, control, whole };
}

/** The stream of the sender of such a task, and the task in the end. */
async function senders(context: ProbeContext): Promise<Told | undefined> {
  const stream = await watch(context, await context.sendStreaming('long-running'));
  const taskId = stream.items[0]?.taskId;
  return taskId === undefined ? undefined : { stream, final: await context.client.call('GetTask', { id: taskId }) };
}
