import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { lagReadings } from '../../../core/history/status-age.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { judgeRefusal, worst, type Refusal } from '../shared/refusal.ts';
import { departureIn, mayBeError, showsEnd, stateIn, stateText, taskIn } from '../shared/task-parts.ts';

/** A cancel of a task that has ended by itself, between two GetTask. */
export interface CanceledEnd {
  readonly stimulus: StimulusName;
  readonly before: CallResult;
  readonly answer: CallResult;
  readonly after: CallResult;
}

const ends: readonly [StimulusName, ...StimulusName[]] = ['completes', 'fails', 'rejects'];

/** §3.1.5: what has ended cannot be canceled, and is not changed by the attempt. */
export const cancelEndedTask = defineCheck({
  id: 'cancel/ended-task',
  title: 'CancelTask of a task that has ended',
  requirements: ['cancel/terminal-refused', 'get/terminal-stable'],
  needs: [needsAnyStimulus(...ends)],

  async probe(context: ProbeContext): Promise<readonly CanceledEnd[]> {
    const { client, behaviours } = context;
    const observed: CanceledEnd[] = [];
    for (const stimulus of ends.filter((name) => behaviours.elicited[name])) {
      const task = taskIn(await context.send(stimulus));
      if (task === undefined) continue;
      const before = await context.poll(task.id, ({ state }) => isTerminal(state));
      const answer = await client.call('CancelTask', { id: task.id });
      observed.push({ stimulus, before, answer, after: await client.call('GetTask', { id: task.id }) });
    }
    return observed;
  },

  judge(observed) {
    const [first, ...rest] = observed;
    if (first === undefined) {
      const none = untested('no task ended', 'name messages that the agent answers with a task: --stimuli <file>');
      return { 'cancel/terminal-refused': none, 'get/terminal-stable': none };
    }
    return {
      'cancel/terminal-refused': worst([refused(first), ...rest.map(refused)]),
      'get/terminal-stable': worst([unchanged(first), ...rest.map(unchanged)]),
    };
  },
});

export const noCancel: NonNullable<Refusal['tolerated']> = [
  {
    errors: ['UnsupportedOperationError', 'MethodNotFoundError'],
    readings: [
      '§3.1.5: a task that has ended is answered with TaskNotCancelableError',
      '§3.3.2: the agent supports no CancelTask at all',
    ],
  },
];

function refused({ before, answer, after }: CanceledEnd): Judgement {
  const state = stateText(stateIn(before));
  return judgeRefusal({
    what: `CancelTask of a task in ${state}`,
    answer,
    expected: 'TaskNotCancelableError',
    control: {
      what: 'GetTask shows the task ended before, and known after',
      // A task that was purged meanwhile may be answered with TaskNotFoundError; one that is shown may not.
      ok: showsEnd(before) && taskIn(after) !== undefined,
      results: [before, after],
    },
    tolerated: noCancel,
  });
}

function unchanged({ before, answer, after }: CanceledEnd): Judgement {
  const evidence = [before, answer, after].map(({ exchange }) => exchange);
  const [was, is] = [stateIn(before), stateIn(after)];
  if (!isTerminal(was) || is === undefined) {
    const why = mayBeError(after, 'TaskNotFoundError') ? 'the task was purged' : 'the task was not seen ended';
    return untested(why, 'run again', ...evidence);
  }
  if (is === was) return holds(`a cancel leaves the task in ${was}`, ...evidence);
  if (departureIn(before, after) !== 'left') {
    return ambiguous(`after a cancel the task, which was in ${was}, is shown in ${is}`, lagReadings, ...evidence);
  }
  return violated(
    { reason: 'a cancel took the task out of its terminal state', expected: stateText(was), actual: is },
    ...evidence,
  );
}
