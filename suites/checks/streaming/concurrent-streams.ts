import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import type { StreamHandle } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { inTime } from '../shared/in-time.ts';
import {
  judgeIndependence,
  judgeMultiple,
  judgeSameEvents,
  isIncomplete,
  cameInTime,
  looksAffected,
  type ConcurrentStreams,
  type ThreeStreams,
} from './concurrent-judges.ts';
import { holdUp, judgeFeedback, measureLag, type Feedback } from './feedback.ts';
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
  lasting: true,

  async probe(context: ProbeContext): Promise<ConcurrentStreams> {
    const run = await inTime(() => threeStreams(context, true), cameInTime);
    const affected = looksAffected(run);
    if (!affected && holdUp(feedbackOf(run)) === undefined) return { run, control: undefined, again: undefined };
    const control = await threeStreams(context, false);
    const again =
      affected && !isIncomplete(control) ? await inTime(() => threeStreams(context, true), cameInTime) : undefined;
    return { run, control, again };
  },

  judge(observation) {
    const { run, control } = observation;
    return {
      'streaming/immediate-feedback': judgeFeedback(feedbackOf(run), control && feedbackOf(control)),
      'streaming/multiple-streams': judgeMultiple(run),
      'streaming/same-events': judgeSameEvents(run),
      'streaming/independent-streams': judgeIndependence(observation),
    };
  },
});

const feedbackOf = ({ sender, early, lagMs }: ThreeStreams): Feedback => ({ stream: sender, early, lagMs });

async function threeStreams(context: ProbeContext, closeOne: boolean): Promise<ThreeStreams> {
  const { client, deadlines } = context;
  const lag = measureLag();
  const sender = await context.sendStreaming('long-running', {}, { actor: 'sender' });
  const id = await firstTaskId(sender, deadlines.taskMs);
  if (id === undefined) {
    const { exchange } = await leave(sender);
    throw new Unelicited('the stream shows no task', 'name a stimulus "long-running" that makes a task', [exchange]);
  }
  const subscribe = async (actor: string): Promise<StreamHandle> => {
    const stream = await client.stream('SubscribeToTask', { id }, { actor });
    await firstTaskId(stream, deadlines.operationMs);
    return stream;
  };
  // All at once: each round trip is time in which the task may end.
  const [early, middle, stayed] = await Promise.all([
    client.call('GetTask', { id }),
    subscribe('subscriber-1'),
    subscribe('subscriber-2'),
  ]);
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
