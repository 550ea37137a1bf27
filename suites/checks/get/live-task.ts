import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { sendLive } from '../shared/live-task.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { isError, stateText, taskIn } from '../shared/task-parts.ts';

interface Read {
  readonly sent: CallResult;
  /** GetTask; the last one, where the task was not found for a while. */
  readonly got: CallResult;
}

interface Observation {
  /** One task; a second where the first could not be read. */
  readonly reads: readonly Read[];
}

/** §3.1.3: a task that has not ended cannot have been purged, so GetTask has to show it. */
export const liveTask = defineCheck({
  id: 'get/live-task',
  title: 'GetTask of a task that goes on',
  requirements: ['get/returns-task'],
  needs: [needsAnyStimulus('input-required', 'long-running')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines } = context;
    const readOne = async (): Promise<Read> => {
      const sent = (await sendLive(context))!;
      const { id } = context.taskOf(sent);
      const got = await context.poll(id, () => true, deadlines.graceMs);
      await client.call('CancelTask', { id });
      return { sent, got };
    };
    const first = await readOne();
    return { reads: showsIt(first) ? [first] : [first, await readOne()] };
  },

  judge({ reads }) {
    const evidence = reads.flatMap(({ sent, got }) => [sent.exchange, got.exchange]);
    const untold = (why: string) => ({
      'get/returns-task': untested(why, 'name a message for "input-required": --stimuli <file>', ...evidence),
    });
    const ended = reads.find(({ sent }) => isTerminal(taskIn(sent)?.state));
    if (ended !== undefined) return untold(`the task had ended: ${stateText(taskIn(ended.sent)?.state)}`);
    const wrong = reads.find((read) => taskIn(read.got) !== undefined && !showsIt(read));
    if (wrong !== undefined) {
      return {
        'get/returns-task': violated(
          {
            reason: 'GetTask returns another task than the one asked for',
            expected: `task ${String(taskIn(wrong.sent)?.id)}`,
            actual: `task ${String(taskIn(wrong.got)?.id)}`,
          },
          ...evidence,
        ),
      };
    }
    if (reads.some(showsIt)) return { 'get/returns-task': holds('GetTask returns the task that goes on', ...evidence) };
    const refused = reads.every(({ got }) => isError(got, ...refusals));
    if (!refused) return untold(reads.map(({ got }) => describeReply(got.reply)).join('; '));
    return {
      'get/returns-task': violated(
        {
          reason: 'GetTask does not know tasks that have just been returned and have not ended',
          expected: 'the task',
          actual: reads.map(({ got }) => describeReply(got.reply)).join('; '),
        },
        ...evidence,
      ),
    };
  },
});

/** Errors that deny what is certain: that there is the task, the operation, and a good request. */
const refusals = [
  'TaskNotFoundError',
  'MethodNotFoundError',
  'InvalidParamsError',
  'InvalidRequestError',
  'JSONParseError',
];

const showsIt = ({ sent, got }: Read): boolean => {
  const task = taskIn(got);
  return task !== undefined && task.id === taskIn(sent)?.id;
};
