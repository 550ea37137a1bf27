import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsNoCapability, needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { untested } from '../../../core/findings/judgement.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, judgeRefusal, refusalOf, worst, type Control } from '../shared/refusal.ts';

interface Observation {
  /** The same message by SendMessage. */
  readonly served: CallResult;
  readonly stream: CallResult;
  /** Null where the agent answered with a Message: there is no task to subscribe to. */
  readonly subscribe: CallResult | null;
  /** GetTask of that task afterwards: one that was purged (§3.3.2) is not found, whatever the card declares. */
  readonly known: CallResult | null;
}

/** §3.3.4: an agent that declares no streaming refuses both streaming operations. */
export const streamingUndeclared = defineCheck({
  id: 'errors/streaming-undeclared',
  title: 'Streaming operations of an agent that declares no streaming',
  requirements: ['errors/streaming-undeclared'],
  needs: [needsNoCapability('streaming'), needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines } = context;
    const served = await context.send('completes');
    const stream = await refusalOf(await context.sendStreaming('completes'), deadlines.operationMs);
    const id = taskId(served);
    const subscribe =
      id === undefined ? null : await refusalOf(await client.stream('SubscribeToTask', { id }), deadlines.operationMs);
    const known = id === undefined ? null : await client.call('GetTask', { id });
    await cancelTaskIn(context, served, stream);
    return { served, stream, subscribe, known };
  },

  judge({ served, stream, subscribe, known }) {
    const refused = (what: string, answer: CallResult, proof: Control) =>
      judgeRefusal({ what, answer, expected: 'UnsupportedOperationError', control: proof });
    return {
      'errors/streaming-undeclared': worst([
        refused('SendStreamingMessage', stream, control('the same message by SendMessage', served)),
        subscribe === null || known === null
          ? untested('the agent made no task to subscribe to', 'name a stimulus "completes" that makes a task')
          : refused('SubscribeToTask', subscribe, control('GetTask of the same task', known)),
      ]),
    };
  },
});

function taskId({ reply }: CallResult): string | undefined {
  const id = reply.kind === 'result' ? (reply.value as { task?: { id?: unknown } } | null)?.task?.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
