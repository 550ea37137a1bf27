import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '../../protocol/task-state.ts';
import type { Millis } from '../../core/history/exchange.ts';
import { isObject, stringOf } from '../../core/invariants/json.ts';
import type { BindingClient, Params, ReceivedEvent, StreamHandle } from '../../core/wire/binding-client.ts';
import { describeReply, type Reply } from '../../core/wire/reply.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import type { JobKind } from '../experiment.ts';

/** One task that a client wants done, from its first message to its end. */
export interface Job {
  readonly kind: JobKind;
  readonly messageId: string;
  /** Text of the message. */
  readonly text: string;
  /** Text of the artifact that has to come of it. */
  readonly expected: string;
  /** How often the message was sent: again where no answer came in time. */
  readonly sends: number;
  /** Id of the task, once an answer named it; the agent then owes the task. */
  readonly taskId: string | null;
  readonly acknowledgedAt: Millis | null;
  /** Last state that the client saw. */
  readonly state: string | null;
  /** Why the client stopped without an acknowledgement; null where it did not. */
  readonly givenUp: string | null;
}

export type OpenJob = { -readonly [Key in keyof Job]: Job[Key] };

const chunkTexts = (word: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${word}-${index + 1} `).join('');

/** Long enough for many pieces, and hardly a byte of it on the border of a character. */
const manyBytes = '資料庫の整合性を確かめる文章'.repeat(8);

/** What the reference agent is told, and what has to come of it. */
export function makeJob(kind: JobKind, messageId: string): OpenJob {
  const texts: Readonly<Record<JobKind, readonly [text: string, expected: string]>> = {
    echo: [`${messageId} ${manyBytes}`, `${messageId} ${manyBytes}`],
    chunks: ['streams-artifact-chunks', chunkTexts('chunk', 3)],
    long: ['long-running', chunkTexts('part', 5)],
  };
  const [text, expected] = texts[kind];
  return { kind, messageId, text, expected, sends: 0, taskId: null, acknowledgedAt: null, state: null, givenUp: null };
}

export interface JobSetting {
  readonly client: BindingClient;
  readonly actor: string;
  /** Milliseconds until a message that got no answer is sent again. */
  readonly patienceMs: number;
  /** When it is given up; `performance.now()`. */
  readonly deadline: () => Millis;
  readonly signal: AbortSignal;
}

const retryMs = 40;
/** After the end of its task a stream may stay open for so long. */
const closeMs = 1_000;

/** Works on one job until its end was seen, or the deadline. Never rejects: what happened is in the job and in the history. */
export async function runJob(job: OpenJob, setting: JobSetting): Promise<void> {
  try {
    await acknowledge(job, setting);
    if (job.taskId !== null) await follow(job, job.taskId, setting);
  } catch (error) {
    // Aborted: pauses end with the signal.
    if (!setting.signal.aborted) throw error;
  }
}

const isOver = ({ deadline, signal }: JobSetting): boolean => signal.aborted || performance.now() >= deadline();

const messageOf = ({ messageId, text }: Job): Params => ({
  message: { messageId, role: 'ROLE_USER', parts: [{ text }] },
});

/** Sends the message, again and again with the same id, until an answer names the task. */
async function acknowledge(job: OpenJob, setting: JobSetting): Promise<void> {
  while (job.taskId === null && job.givenUp === null) {
    if (isOver(setting)) {
      job.givenUp = 'no answer named a task';
      return;
    }
    job.sends += 1;
    await (job.kind === 'echo' ? send(job, setting) : sendStreaming(job, setting));
    if (job.taskId === null && job.givenUp === null) await pause(retryMs, undefined, { signal: setting.signal });
  }
}

async function send(job: OpenJob, { client, actor, patienceMs, signal }: JobSetting): Promise<void> {
  const { reply } = await client.call('SendMessage', messageOf(job), { actor, timeoutMs: patienceMs, signal });
  note(job, reply);
}

async function sendStreaming(job: OpenJob, setting: JobSetting): Promise<void> {
  const { client, actor, patienceMs, signal } = setting;
  const stream = await client.stream('SendStreamingMessage', messageOf(job), { actor, timeoutMs: patienceMs, signal });
  await watch(job, stream, setting);
}

/** Subscribes again wherever a stream broke off, until the end was seen. */
async function follow(job: OpenJob, id: string, setting: JobSetting): Promise<void> {
  const { client, actor, patienceMs, signal } = setting;
  while (!isTerminal(job.state) && !isOver(setting)) {
    const stream = await client.stream('SubscribeToTask', { id }, { actor, timeoutMs: patienceMs, signal });
    const reply = await watch(job, stream, setting);
    // It has ended meanwhile, or is gone: the final read tells.
    if (reply?.kind === 'error') return;
    if (!isTerminal(job.state)) await pause(retryMs, undefined, { signal });
  }
}

/** Reads a stream to its end; a plain answer is given back. */
async function watch(job: OpenJob, stream: StreamHandle, setting: JobSetting): Promise<Reply | undefined> {
  const left = (): number => Math.max(0, setting.deadline() - performance.now());
  const first = await stream.next(() => true, Math.min(setting.patienceMs, left()));
  if (first === undefined) {
    stream.close();
    const { reply } = await stream.done;
    if (reply !== undefined) note(job, reply);
    return reply;
  }
  note(job, first.reply);
  const noteState = (event: ReceivedEvent): boolean => {
    job.state = stateOf(event.reply) ?? job.state;
    return isTerminal(job.state);
  };
  if (noteState(first) || (await stream.next(noteState, left())) !== undefined) await stream.next(() => false, closeMs);
  stream.close();
  await stream.done;
  return undefined;
}

/** Takes the task out of an answer; a refusal ends the job, anything else is tried again. */
function note(job: OpenJob, reply: Reply): void {
  const task = taskViewOf(reply);
  if (task !== undefined && job.taskId === null) {
    job.taskId = task.id;
    job.acknowledgedAt = performance.now();
  }
  if (task?.state !== undefined) job.state = task.state;
  if (task === undefined && (reply.kind === 'result' || reply.kind === 'error') && job.taskId === null) {
    job.givenUp = `answered with ${describeReply(reply)}`;
  }
}

function stateOf(reply: Reply): string | undefined {
  if (reply.kind !== 'result' || !isObject(reply.value)) return undefined;
  const { task, statusUpdate } = reply.value;
  const holder = isObject(task) ? task : isObject(statusUpdate) ? statusUpdate : undefined;
  return isObject(holder?.['status']) ? stringOf(holder['status']['state']) : undefined;
}
