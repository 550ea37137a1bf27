import { defineCheck, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { skip, type Judgement } from '../../../core/findings/judgement.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { judgeRefusal, noSuchOperation, refusalOf, worst, type Control, type Refusal } from '../shared/refusal.ts';
import { stateIn } from '../shared/task-parts.ts';

/** One request about an ended task, between two GetTask. */
interface Asked {
  readonly answer: CallResult;
  readonly before: CallResult;
  readonly after: CallResult;
}

interface EndedTask {
  readonly state: string;
  readonly send: Asked;
  /** Null where the card declares no streaming. */
  readonly stream: Asked | null;
  readonly subscribe: Asked | null;
}

type Observation = readonly EndedTask[];

/** §3.1.1, §3.1.2, §3.1.6: a task in a terminal state takes no message and no subscription. */
export const terminalTask = defineCheck({
  id: 'errors/terminal-task',
  title: 'Operations on a task in a terminal state',
  requirements: ['errors/send-terminal-task', 'errors/stream-terminal-task', 'errors/subscribe-terminal-task'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const ends: readonly StimulusName[] = ['completes', 'fails', 'rejects'];
    const observed: EndedTask[] = [];
    for (const stimulus of ends.filter((name) => context.behaviours.elicited[name])) {
      const sent = await context.send(stimulus);
      // A Message, or a refusal, is no task: another stimulus may still make one.
      if (stimulus !== 'completes' && !hasTask(sent)) continue;
      const ended = await askOf(context, context.taskOf(sent));
      if (ended !== undefined) observed.push(ended);
    }
    if (context.behaviours.elicited['long-running']) {
      const running = context.taskOf(
        await context.send('long-running', { configuration: { returnImmediately: true } }),
      );
      await context.client.call('CancelTask', { id: running.id });
      const ended = await askOf(context, running);
      if (ended !== undefined) observed.push(ended);
    }
    return observed;
  },

  judge(observed) {
    const each = (
      what: string,
      answerOf: (task: EndedTask) => Asked | null,
      tolerated: Refusal['tolerated'] = [],
    ): Judgement => {
      const judgements = observed.map((task) => {
        const asked = answerOf(task);
        if (asked === null) return skip('the card does not declare capabilities.streaming');
        return judgeRefusal({
          what: `${what} a task in ${task.state}`,
          answer: asked.answer,
          expected: 'UnsupportedOperationError',
          control: stillThere(asked),
          tolerated,
        });
      });
      return worst(judgements);
    };
    return {
      'errors/send-terminal-task': each('SendMessage to', ({ send }) => send),
      'errors/stream-terminal-task': each('SendStreamingMessage to', ({ stream }) => stream),
      'errors/subscribe-terminal-task': each(
        'SubscribeToTask of',
        ({ subscribe }) => subscribe,
        noSuchOperation('SubscribeToTask', '§3.1.6'),
      ),
    };
  },
});

const hasTask = ({ reply }: CallResult): boolean =>
  reply.kind === 'result' && typeof reply.value === 'object' && reply.value !== null && 'task' in reply.value;

/**
 * Each request has its GetTask before it, and one follows: a task that a wrongly accepted message set going again is no
 * longer a case for the next request, and a task that was purged (§3.3.2 allows it) for none.
 */
async function askOf(context: ProbeContext, { id }: TaskView): Promise<EndedTask | undefined> {
  const { client, deadlines, target } = context;
  const ended = await context.poll(id, ({ state }) => isTerminal(state));
  const state = ended.task?.state;
  if (state === undefined || !isTerminal(state)) return undefined;
  const message = () => ({ message: context.message('completes', { taskId: id }) });
  const streaming = target.capabilities.streaming;
  const subscribe = streaming
    ? await refusalOf(await client.stream('SubscribeToTask', { id }), deadlines.operationMs)
    : null;
  const beforeSend = await client.call('GetTask', { id });
  const send = await client.call('SendMessage', message());
  const beforeStream = await client.call('GetTask', { id });
  const stream = streaming
    ? await refusalOf(await client.stream('SendStreamingMessage', message()), deadlines.operationMs)
    : null;
  const after = streaming ? await client.call('GetTask', { id }) : beforeStream;
  await cancelTaskIn(context, send, stream);
  return {
    state,
    subscribe: subscribe && { answer: subscribe, before: ended, after: beforeSend },
    send: { answer: send, before: beforeSend, after: beforeStream },
    stream: stream && { answer: stream, before: beforeStream, after },
  };
}

/** Ended before the request, and still known after it. */
const stillThere = ({ before, after }: Asked): Control => ({
  what: 'GetTask shows the task ended before, and known after',
  ok: isTerminal(stateIn(before)) && after.reply.kind === 'result',
  results: [before, after],
});
