import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, skip, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { StreamingOperation } from '../../../protocol/operations.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, judgeRefusal, noSuchOperation, refusalOf, type Refusal } from '../shared/refusal.ts';
import { hasKnownForm, similarId } from '../shared/similar-id.ts';

interface Observation {
  /** Whether the unknown ids are well-formed beyond doubt. */
  readonly wellFormed: boolean;
  /** GetTask of the task that exists, before and after the others. */
  readonly known: readonly CallResult[];
  readonly get: CallResult;
  readonly cancel: CallResult;
  /** CancelTask of the (ended) task that exists: shows whether the agent has the operation at all. */
  readonly cancelKnown: CallResult;
  readonly send: CallResult;
  /** Null where the card declares no streaming. */
  readonly subscribe: CallResult | null;
  readonly stream: CallResult | null;
  /** A new message as a stream: shows whether the agent has streams at all. */
  readonly streamNew: CallResult | null;
}

/** Of ids of a form of the agent's own nobody else can say whether they are well-formed: there may be a checksum in them. */
export const malformedId: NonNullable<Refusal['tolerated']> = [
  {
    errors: ['InvalidParamsError'],
    readings: [
      '§3.3.2, §3.4.2: an id that no task has is answered with TaskNotFoundError ("it might be invalid")',
      '§3.3.2: "Invalid task ID format" is a validation error, and the form of ids is the agent’s own',
    ],
  },
];

const noStreaming = 'the card does not declare capabilities.streaming';

/** §3.3.2, §3.4.2: what names a task that does not exist is answered with TaskNotFoundError. */
export const unknownTask = defineCheck({
  id: 'errors/unknown-task',
  title: 'Operations on a task that does not exist',
  requirements: [
    'errors/get-unknown-task',
    'errors/cancel-unknown-task',
    'errors/subscribe-unknown-task',
    'errors/send-unknown-task',
    'errors/stream-unknown-task',
  ],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines, random, target } = context;
    const task = context.taskOf(await context.send('completes'));
    const id = similarId(task.id, random);
    const streaming = target.capabilities.streaming;
    const before = await client.call('GetTask', { id: task.id });
    const get = await client.call('GetTask', { id });
    const cancel = await client.call('CancelTask', { id });
    const cancelKnown = await client.call('CancelTask', { id: task.id });
    const open = async (operation: StreamingOperation, params: Params): Promise<CallResult | null> =>
      streaming ? refusalOf(await client.stream(operation, params), deadlines.operationMs) : null;
    const subscribe = await open('SubscribeToTask', { id });
    // Messages last, the second with an id of its own: an agent that creates what it does not know would change the case.
    const send = await client.call('SendMessage', { message: context.message('completes', { taskId: id }) });
    const another = similarId(task.id, random);
    const stream = await open('SendStreamingMessage', { message: context.message('completes', { taskId: another }) });
    const streamNew = await open('SendStreamingMessage', { message: context.message('completes') });
    const after = await client.call('GetTask', { id: task.id });
    await cancelTaskIn(context, send, stream, streamNew);
    const wellFormed = hasKnownForm(task.id);
    return { wellFormed, known: [before, after], get, cancel, cancelKnown, send, subscribe, stream, streamNew };
  },

  judge({ wellFormed, known, get, cancel, cancelKnown, send, subscribe, stream, streamNew }) {
    const proof = control('GetTask of an existing task', ...known);
    const malformed = wellFormed ? [] : malformedId;
    const refused = (what: string, answer: CallResult, more: Partial<Refusal> = {}): Judgement =>
      judgeRefusal({
        what,
        answer,
        expected: 'TaskNotFoundError',
        tolerated: malformed,
        control: proof,
        ...more,
      });
    const refusedStream = (what: string, answer: CallResult | null, tolerated = malformed): Judgement =>
      answer === null || streamNew === null
        ? skip(noStreaming)
        : refused(what, answer, {
            tolerated,
            control: control('GetTask of an existing task, and a stream', ...known, streamNew),
          });
    return {
      'errors/get-unknown-task': refused('GetTask of an unknown id', get),
      'errors/cancel-unknown-task': hasNoCancel(cancel, cancelKnown)
        ? ambiguous(
            `CancelTask, of a known task too: ${describeReply(cancel.reply)}`,
            [
              '§3.1.5: an unknown id is answered with TaskNotFoundError',
              '§3.3.2: the agent supports no CancelTask at all',
            ],
            cancel.exchange,
            cancelKnown.exchange,
          )
        : refused('CancelTask of an unknown id', cancel),
      'errors/subscribe-unknown-task': refusedStream('SubscribeToTask of an unknown id', subscribe, [
        ...malformed,
        ...noSuchOperation('SubscribeToTask', '§3.1.6'),
      ]),
      'errors/send-unknown-task': refused('SendMessage with an unknown taskId', send),
      'errors/stream-unknown-task': refusedStream('SendStreamingMessage with an unknown taskId', stream),
    };
  },
});

function hasNoCancel(unknown: CallResult, known: CallResult): boolean {
  const name = unknown.reply.kind === 'error' ? unknown.reply.error.name : undefined;
  const same = known.reply.kind === 'error' && known.reply.error.name === name;
  return same && (name === 'UnsupportedOperationError' || name === 'MethodNotFoundError');
}
