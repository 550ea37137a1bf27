import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import {
  judgeIndependence,
  judgeMultiple,
  judgeSameEvents,
  isIncomplete,
  looksAffected,
  type ConcurrentStreams,
  type ThreeStreams,
} from './concurrent-judges.ts';
import { judgeFeedback, measureLag } from './feedback.ts';
import { firstTaskId, leave, oneMoreEvent, watch } from './watch.ts';

/** §3.5.2: several streams of one task. */
export const concurrentStreams = defineCheck({
  id: 'streaming/concurrent-streams',
  title: 'Three streams of one task, one of them closed on the way',
  requirements: [
    'streaming/immediate-feedback',
    'streaming/multiple-streams',
    'streaming/same-events',
    'streaming/independent-streams',
  ],
  needs: [needsCapability('streaming'), needsStimulus('long-running')],

  async probe(context: ProbeContext): Promise<ConcurrentStreams> {
    const run = await threeStreams(context, true);
    if (!looksAffected(run)) return { run, control: undefined, again: undefined };
    const control = await threeStreams(context, false);
    return { run, control, again: isIncomplete(control) ? undefined : await threeStreams(context, true) };
  },

  judge(observation) {
    return {
      'streaming/immediate-feedback': judgeFeedback({ stream: observation.run.sender, ...observation.run }),
      'streaming/multiple-streams': judgeMultiple(observation.run),
      'streaming/same-events': judgeSameEvents(observation.run),
      'streaming/independent-streams': judgeIndependence(observation),
    };
  },
});

async function threeStreams(context: ProbeContext, closeOne: boolean): Promise<ThreeStreams> {
  const { client, deadlines } = context;
  const lag = measureLag();
  const sender = await context.sendStreaming('long-running', {}, { actor: 'sender' });
  const id = await firstTaskId(sender, deadlines.taskMs);
  if (id === undefined) {
    const { exchange } = await leave(sender);
    throw new Unelicited('the stream shows no task', 'name a stimulus "long-running" that makes a task', [exchange]);
  }
  const early = await client.call('GetTask', { id });
  const subscribe = (actor: string) => client.stream('SubscribeToTask', { id }, { actor });
  const middle = await subscribe('subscriber-1');
  const stayed = await subscribe('subscriber-2');
  await Promise.all([middle, stayed].map((stream) => firstTaskId(stream, deadlines.operationMs)));
  // Better closed after an event that all three were there for; an agent that shows nothing is not waited for.
  await Promise.race([sender, stayed].map((stream) => oneMoreEvent(stream, deadlines.graceMs)));
  const leaving = closeOne ? await leave(middle) : undefined;
  const [watchedSender, watchedStayed, left] = await Promise.all([
    watch(context, sender),
    watch(context, stayed),
    leaving ?? watch(context, middle),
  ]);
  const lagMs = lag();
  const final = await client.call('GetTask', { id });
  await cancelTaskIn(context, final);
  return { sender: watchedSender, early, left, stayed: watchedStayed, final, lagMs };
}
