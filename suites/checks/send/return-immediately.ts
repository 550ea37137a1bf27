import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { streamItems, terminalItem } from '../../../core/history/stream-view.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { stateText, taskIn } from '../shared/task-parts.ts';

/** How long the same work takes, seen on another task. */
interface Twin {
  readonly durationMs: number;
  /** How long the agent takes to show a task that it has made, whatever the work: no wait for its end. */
  readonly latencyMs: number;
  readonly exchanges: readonly Exchange[];
}

interface Observation {
  /** The second only where the first answer shows the end of the task. */
  readonly attempts: readonly CallResult[];
  readonly twin: Twin | undefined;
  /** GetTask after an answer in a state that is not terminal. */
  readonly later: CallResult | undefined;
}

/** Work that is shorter leaves no room to tell an answer before its end from one after it, in ms. */
const shortestWorkMs = 200;

/** §3.2.2: with `returnImmediately` the answer comes after the creation of the task, not after its end. */
export const returnImmediately = defineCheck({
  id: 'send/return-immediately',
  title: 'returnImmediately does not wait for the end',
  requirements: ['send/return-immediately', 'send/asynchronous'],
  needs: [needsStimulus('long-running')],

  async probe(context: ProbeContext): Promise<Observation> {
    const send = (): Promise<CallResult> =>
      context.send(
        'long-running',
        { configuration: { returnImmediately: true } },
        // An agent that waits after all has to be seen to do so.
        { timeoutMs: Math.max(context.deadlines.operationMs, context.deadlines.taskMs) },
      );
    const first = await send();
    const task = context.taskOf(first);
    if (!isTerminal(task.state)) {
      const later = await context.client.call('GetTask', { id: task.id });
      await cancelTaskIn(context, later.reply.kind === 'result' ? later : first);
      return { attempts: [first], twin: undefined, later };
    }
    const second = await send();
    await cancelTaskIn(context, second);
    const read = elapsed(await context.client.call('GetTask', { id: task.id }));
    return { attempts: [first, second], twin: await twinOf(context, read), later: undefined };
  },

  judge: (observation) => ({
    'send/return-immediately': returnsAtOnce(observation),
    'send/asynchronous': asynchronous(observation),
  }),
});

/**
 * Runs the same work to its end on a stream; without streaming what exploration saw of it counts.
 * @param readMs how long a GetTask took
 */
async function twinOf(context: ProbeContext, readMs: number): Promise<Twin | undefined> {
  if (!context.target.capabilities.streaming) {
    const durationMs = context.behaviours.elicited['long-running']?.durationMs;
    return durationMs === undefined ? undefined : { durationMs, latencyMs: readMs, exchanges: [] };
  }
  const handle = await context.sendStreaming('long-running');
  await handle.next(() => terminalItem(streamItems(handle.events)) !== undefined, context.deadlines.taskMs);
  handle.close();
  const { exchange, events } = await handle.done;
  const items = streamItems(events);
  const [first] = items;
  const last = terminalItem(items);
  // The time from the first sign of life to the end: what a waiting answer would have waited for.
  if (!first || !last || first.terminal) return undefined;
  const latencyMs = Math.max(readMs, first.at - exchange.startedAt);
  return { durationMs: last.at - first.at, latencyMs, exchanges: [exchange] };
}

const elapsed = ({ exchange }: CallResult): number => exchange.endedAt - exchange.startedAt;

function returnsAtOnce({ attempts, twin }: Observation): Judgement {
  const exchanges = [...attempts.map(({ exchange }) => exchange), ...(twin?.exchanges ?? [])];
  const early = attempts.find((answer) => {
    const task = taskIn(answer);
    return task?.state !== undefined && !isTerminal(task.state);
  });
  if (early !== undefined) {
    return holds(`the answer shows the task in ${stateText(taskIn(early)?.state)}`, early.exchange);
  }
  const unclear = (why: string): Judgement =>
    untested(why, 'name a message for "long-running" that takes the agent a second or more', ...exchanges);
  const unanswered = attempts.find((answer) => taskIn(answer)?.state === undefined);
  if (unanswered !== undefined) return unclear(`no task was returned: ${describeReply(unanswered.reply)}`);
  if (twin === undefined)
    return unclear('the answer shows the end of the task, and how long such a task takes is not known');
  if (twin.durationMs < shortestWorkMs) {
    return unclear(
      `the answer shows the end of the task, and such a task takes ${Math.round(twin.durationMs)} ms only`,
    );
  }
  if (attempts.some((answer) => elapsed(answer) - twin.latencyMs < twin.durationMs / 2)) {
    return unclear('the answer came early and shows the end of the task: it had ended by then');
  }
  return violated(
    {
      reason: 'the send with returnImmediately waited for the end of the task, twice',
      expected: 'an answer after the task is created',
      actual: attempts
        .map((answer) => `${stateText(taskIn(answer)?.state)} after ${Math.round(elapsed(answer))} ms`)
        .concat(`such a task takes ${Math.round(twin.durationMs)} ms`)
        .join('; '),
    },
    ...exchanges,
  );
}

function asynchronous({ attempts, later }: Observation): Judgement {
  const [answer] = attempts;
  if (answer === undefined || later === undefined) {
    return holds('the agent does not use this freedom', ...attempts.map(({ exchange }) => exchange));
  }
  return holds('the task was returned while it was in progress', answer.exchange, later.exchange);
}
