import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { wait } from '../../../core/engine/wait.ts';
import { ambiguous, holds, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { startTask } from '../cancel/running-task.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { inTime } from '../shared/in-time.ts';
import { contextOf, showsEnd, showsLife, stateText, stateIn, taskIn } from '../shared/task-parts.ts';

/** A further message to a task at work, and GetTask of that task while the answer was awaited. */
interface Attempt {
  readonly answer: CallResult;
  readonly meanwhile: readonly CallResult[];
  /** GetTask after the answer. */
  readonly after: CallResult;
}

/** So long the answer may take for reasons of its own, in ms. */
const promptMs = 400;

/** §3.2.2: `returnImmediately` on a message to a task that is at work. */
export const immediateFollowUp = defineCheck({
  id: 'send/immediate-follow-up',
  title: 'A further message with returnImmediately does not wait for the end of the work under way',
  requirements: ['send/return-immediately-further'],
  needs: [needsStimulus('long-running')],
  lasting: true,

  async probe(context: ProbeContext): Promise<readonly Attempt[]> {
    const first = await inTime(() => attempt(context), isTelling);
    // An accident hardly comes twice.
    return waited(first) ? [first, await attempt(context)] : [first];
  },

  judge: (attempts) => ({ 'send/return-immediately-further': judgeAttempts(attempts) }),
});

async function attempt(context: ProbeContext): Promise<Attempt> {
  const { client, deadlines, signal } = context;
  const { id, before } = await startTask(context);
  const task = taskIn(before);
  let isOver = false;
  const sent = sendFollowUp(context, {
    taskId: id,
    contextId: task && contextOf(task),
    configuration: { returnImmediately: true },
  }).finally(() => (isOver = true));
  const meanwhile: CallResult[] = [];
  const until = performance.now() + Math.max(deadlines.graceMs, 2 * promptMs);
  while (!isOver && !signal.aborted) {
    const got = await client.call('GetTask', { id });
    meanwhile.push(got);
    // Work without an end is ended: then the answer comes, if it waited for that.
    if (showsLife(got) && performance.now() > until) await client.call('CancelTask', { id });
    if (showsEnd(got) || got.reply.kind !== 'result') break;
    await wait(2 * deadlines.pollMs, signal);
  }
  const answer = await sent;
  const after = await client.call('GetTask', { id });
  await cancelTaskIn(context, after);
  return { answer, meanwhile, after };
}

/** The task was seen at work long after the message, and the answer came with its end or, where it is an error, after it. */
function waited({ answer, meanwhile, after }: Attempt): boolean {
  const { exchange, reply } = answer;
  const alive = meanwhile.findLast((got) => showsLife(got) && got.exchange.endedAt < exchange.endedAt);
  if (alive === undefined) return false;
  // An agent that is slow with everything is so with this, too.
  const slowest = Math.max(...meanwhile.map((got) => got.exchange.endedAt - got.exchange.startedAt));
  const pending = alive.exchange.startedAt - exchange.startedAt;
  return pending > Math.max(promptMs, 4 * slowest) && (showsEnd(answer) || (reply.kind === 'error' && showsEnd(after)));
}

/** Whether the answer says anything: one that shows the end, or refuses what had ended by then, and did not wait for that, came after it. */
function isTelling(one: Attempt): boolean {
  const { answer, meanwhile, after } = one;
  const ended = showsEnd(answer) || (answer.reply.kind === 'error' && showsEnd(meanwhile[0] ?? after));
  return waited(one) || !ended;
}

function judgeAttempts(attempts: readonly Attempt[]): Judgement {
  const [{ answer }] = attempts as readonly [Attempt, ...Attempt[]];
  const evidence = attempts.flatMap(({ answer: one, meanwhile: gets, after }) =>
    [one, gets.findLast(showsLife), after].flatMap((result) => (result ? [result.exchange] : [])),
  );
  const hint = 'name a message for "long-running" that takes the agent a second or more';
  if (attempts.length > 1 && attempts.every(waited)) {
    const took = attempts.map(({ answer: { exchange } }) => Math.round(exchange.endedAt - exchange.startedAt));
    return ambiguous(
      `a message with returnImmediately to a task at work was answered only after the end of that work, twice (${took.join(' and ')} ms)`,
      [
        '§3.2.2: with returnImmediately the operation returns immediately, even if processing goes on',
        '§3.2.2, a2a.proto return_immediately: "after creating the task" – no task is created by a further message',
      ],
      ...evidence,
    );
  }
  if (attempts.some(waited))
    return untested('the answer came late once, and not a second time', 'run again', ...evidence);
  if (answer.reply.kind !== 'result') {
    return untested(`a task at work takes no message: ${describeReply(answer.reply)}`, hint, ...evidence);
  }
  if (!showsEnd(answer)) {
    return holds(`the answer came while the task was at work: ${stateText(stateIn(answer))}`, answer.exchange);
  }
  return untested('the task ended by itself meanwhile', hint, ...evidence);
}
