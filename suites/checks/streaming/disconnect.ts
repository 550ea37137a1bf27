import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { inTime } from '../shared/in-time.ts';
import { stateIn, taskIn } from '../shared/task-parts.ts';
import { firstTaskId, leave, oneMoreEvent, type WatchedStream } from './watch.ts';

interface Observation {
  readonly stream: WatchedStream;
  /** GetTask right after the stream was closed, and at the end of the task (or of the patience). */
  readonly after: CallResult;
  readonly final: CallResult;
  /** The end of a task of the same kind that nobody disturbed, where this one did not complete. */
  readonly twin: CallResult | undefined;
}

const canceled = 'TASK_STATE_CANCELED';
const completed = 'TASK_STATE_COMPLETED';

const looksStopped = (state: string | undefined): boolean => state === canceled || state === 'TASK_STATE_FAILED';

async function undisturbed(context: ProbeContext): Promise<CallResult | undefined> {
  const sent = await context.send('long-running', { configuration: { returnImmediately: true } });
  const id = taskIn(sent)?.id;
  if (id === undefined) return undefined;
  const end = await context.poll(id, ({ state }) => isTerminal(state));
  await cancelTaskIn(context, end);
  return end;
}

/** Closes the only stream of a task after an event or two. */
async function leaveOnly(context: ProbeContext): Promise<{ readonly id: string; readonly stream: WatchedStream }> {
  const { deadlines } = context;
  const handle = await context.sendStreaming('long-running');
  const id = await firstTaskId(handle, deadlines.taskMs);
  if (id !== undefined) await oneMoreEvent(handle, deadlines.graceMs);
  const stream = await leave(handle);
  if (id !== undefined) return { id, stream };
  throw new Unelicited('the stream shows no task', 'name a stimulus "long-running" that makes a task', [
    stream.exchange,
  ]);
}

/** §3.5.2: the life of a task is its own. */
export const disconnect = defineCheck({
  id: 'streaming/disconnect',
  title: 'The only stream of a task is closed by the client',
  requirements: ['streaming/disconnect-keeps-task'],
  needs: [needsCapability('streaming'), needsStimulus('long-running')],
  lasting: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const { id, stream } = await inTime(
      () => leaveOnly(context),
      (one) => one.stream.exchange.endedBy === 'client',
    );
    const after = await client.call('GetTask', { id });
    const final = await context.poll(id, ({ state }) => isTerminal(state));
    await cancelTaskIn(context, final);
    return { stream, after, final, twin: looksStopped(stateIn(final)) ? await undisturbed(context) : undefined };
  },

  judge({ stream, after, final, twin }, { behaviours }) {
    return { 'streaming/disconnect-keeps-task': judge() };

    function judge(): Judgement {
      const evidence = [stream.exchange, after.exchange, final.exchange, ...(twin ? [twin.exchange] : [])];
      const hint = 'name a stimulus "long-running" that ends by itself in some seconds, or raise --timeout';
      if (stream.exchange.endedBy !== 'client') {
        return untested('the stream was over before the client closed it', hint, ...evidence);
      }
      const end = stateIn(final);
      if (end === undefined || !isTerminal(end)) {
        const shown = final.reply.kind === 'result' ? (end ?? 'no state') : describeReply(final.reply);
        return untested(`the task did not end in time: ${shown}`, hint, ...evidence);
      }
      const seen = behaviours?.elicited['long-running']?.states.filter(isTerminal).at(-1);
      const natural = twin && isTerminal(stateIn(twin)) ? stateIn(twin) : seen;
      const stopped = looksStopped(end) && end !== natural && (end === canceled || natural === completed);
      if (!stopped) return holds(`the task went on to ${end} without a stream`, ...evidence);
      return ambiguous(
        `nobody canceled the task, and after its only stream was closed it ended in ${end}`,
        [
          '§3.5.2: the task lifecycle is independent of any individual stream’s lifecycle',
          '§3.5.2 says so of several active streams, without a keyword',
        ],
        ...evidence,
      );
    }
  },
});
