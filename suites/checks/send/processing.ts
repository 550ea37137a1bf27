import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { stateIn, stateText, taskIn } from '../shared/task-parts.ts';
import { isSettled } from './blocking-send.ts';

interface Observation {
  readonly sent: CallResult;
  /** The last GetTask of a task that was returned before its end. */
  readonly last: CallResult | undefined;
  /** A blocking send of the same kind, where the task never came to an end. */
  readonly twin: CallResult | undefined;
  /** GetTask of that one: whether GetTask shows ends at all. */
  readonly control: CallResult | undefined;
}

const nothing = { last: undefined, twin: undefined, control: undefined } as const;

const elapsed = ({ exchange }: CallResult): number => exchange.endedAt - exchange.startedAt;

/** §3.3.3: a task that was returned before its end is worked on, and GetTask shows it. */
export const processing = defineCheck({
  id: 'send/processing',
  title: 'A task that was returned early goes on',
  requirements: ['send/processing-continues'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const early = (stimulus: StimulusName): Promise<CallResult> =>
      context.send(stimulus, { configuration: { returnImmediately: true } });
    const quick = await early('completes');
    // Done at once, it left nothing to see; longer work does, and is no measure for its like.
    const longer = isSettled(context.taskOf(quick).state) && context.behaviours.elicited['long-running'] !== undefined;
    const sent = longer ? await early('long-running') : quick;
    const task = context.taskOf(sent);
    if (isSettled(task.state)) return { sent, ...nothing };
    const last = await context.poll(task.id, ({ state }) => isSettled(state));
    if (last.task === undefined || isSettled(last.task.state)) return { sent, ...nothing, last };
    if (longer) {
      await cancelTaskIn(context, last);
      return { sent, ...nothing, last };
    }
    const twin = await context.send('completes');
    const like = taskIn(twin);
    const control = like && (await context.client.call('GetTask', { id: like.id }));
    await cancelTaskIn(context, last, twin);
    return { sent, last, twin, control };
  },

  judge({ sent, last, twin, control }, { deadlines }) {
    const evidence = [sent, last, twin, control].flatMap((answer) => (answer ? [answer.exchange] : []));
    const untold = (why: string) => ({
      'send/processing-continues': untested(
        why,
        'name a message for "completes" or "long-running" that takes the agent a moment',
        ...evidence,
      ),
    });
    if (last === undefined)
      return untold(`the task was returned in ${stateText(stateIn(sent))}: there was nothing left to do`);
    if (taskIn(last) === undefined) return untold('GetTask shows the task no more');
    if (isSettled(stateIn(last))) {
      const reason = `returned in ${stateText(stateIn(sent))}, the task came to ${stateText(stateIn(last))}`;
      return { 'send/processing-continues': holds(reason, ...evidence) };
    }
    if (twin !== undefined && (control === undefined || !isSettled(stateIn(control)))) {
      return untold('the control failed: GetTask does not show the end of a task that ended');
    }
    // Only against its like, which took a tenth of the time that this one had.
    if (twin === undefined || !isSettled(stateIn(twin)) || elapsed(twin) > deadlines.taskMs / 10) {
      return untold(`the task was still in ${stateText(stateIn(last))} at the end of the time for a task`);
    }
    return {
      'send/processing-continues': ambiguous(
        `the task is in ${stateText(stateIn(last))} after ${deadlines.taskMs} ms, its like ended after ${Math.round(elapsed(twin))} ms`,
        [
          '§3.3.3: processing continues in the background, so the task is forgotten',
          'no time is named: the task is slow',
        ],
        ...evidence,
      ),
    };
  },
});
