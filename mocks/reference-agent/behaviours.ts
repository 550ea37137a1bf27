import { randomUUID } from 'node:crypto';
import type { ChunkFlags } from './tasks.ts';
import type { Artifact, Message, Part } from './types.ts';

/**
 * What the agent does with a message. The names are elicited by the first text part (prefix), the conventions of the
 * official kits by the prefix of the messageId (a2a-tck) or of the text (ACTS).
 */

/** One turn of work on a task: from a message (or a credential) to a terminal or interrupted state. */
export interface Run {
  /** The message that started this turn; on a turn started by a credential the last one of the task. */
  readonly message: Message;
  /** 1 for the message that made the task. */
  readonly turn: number;
  readonly trigger: 'message' | 'credential';
  readonly longRunningMs: number;
  readonly abandonAfterMs: number;
  /** Tasks of the same caller that the message refers to (§3.4.3). */
  readonly referencedTasks: readonly { readonly id: string; readonly state: string }[];
  working(text?: string): void;
  artifact(artifact: Artifact, flags?: ChunkFlags): void;
  complete(text?: string): void;
  fail(text: string): void;
  reject(text: string): void;
  inputRequired(text: string): void;
  /** Ends the turn in AUTH_REQUIRED; the text is followed by the place where the credential is received (§7.6.1). */
  authRequired(text: string): void;
  /** The short pause between two updates. */
  step(): Promise<void>;
  /** Longer waiting, in ms. */
  wait(ms: number): Promise<void>;
}

export type Behaviour =
  | { readonly name: string; readonly run: (run: Run) => Promise<void> }
  | { readonly name: string; readonly reply: (message: Message) => readonly Part[] };

const artifact = (name: string, parts: readonly Part[], more: Partial<Artifact> = {}): Artifact => ({
  artifactId: randomUUID(),
  name,
  parts,
  ...more,
});

const textOf = (message: Message): string =>
  message.parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n');

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const file: Part = { raw: base64('Generated file content\n'), filename: 'output.txt', mediaType: 'text/plain' };
const fileUrl: Part = { url: 'https://example.com/output.txt', filename: 'output.txt', mediaType: 'text/plain' };
const data: Part = { data: { key: 'value', count: 42 }, mediaType: 'application/json' };
const text = (content: string): Part => ({ text: content, mediaType: 'text/plain' });

/** WORKING, one artifact, COMPLETED. */
const completesWith = (name: string, make: (run: Run) => Artifact, closing = 'Done') => ({
  name,
  run: async (run: Run) => {
    run.working();
    await run.step();
    run.artifact(make(run), { lastChunk: true });
    await run.step();
    run.complete(closing);
  },
});

/** WORKING, one artifact in three numbered chunks, COMPLETED. */
const chunked = (name: string): Behaviour => ({
  name,
  run: async (run) => {
    run.working('Writing in chunks');
    const whole = artifact('chunked.txt', []);
    for (const number of [1, 2, 3]) {
      await run.step();
      run.artifact({ ...whole, parts: [text(`chunk-${number} `)] }, { append: number > 1, lastChunk: number === 3 });
    }
    await run.step();
    run.complete('All chunks are out');
  },
});

/** WORKING with progress and chunks until `longRunningMs` are over, then COMPLETED. */
const longRunning = (name: string): Behaviour => ({
  name,
  run: async (run) => {
    const rounds = 5;
    const whole = artifact('progress.txt', []);
    run.working('Started');
    for (let round = 1; round <= rounds; round += 1) {
      await run.wait(run.longRunningMs / (rounds + 1));
      run.artifact({ ...whole, parts: [text(`part-${round} `)] }, { append: round > 1, lastChunk: round === rounds });
      run.working(`Step ${round} of ${rounds} is done`);
    }
    await run.wait(run.longRunningMs / (rounds + 1));
    run.complete('Finished');
  },
});

/**
 * Asks `times` times for input, then completes. "done" ends it earlier (ACTS); a follow-up whose messageId asks for it
 * is answered with one more question (a2a-tck).
 */
const asksForInput = (name: string, times: number): Behaviour => ({
  name,
  run: async (run) => {
    run.working();
    await run.step();
    const done = run.turn > 1 && textOf(run.message).trim().startsWith('done');
    const asksAgain = run.turn > 1 && run.message.messageId.startsWith('tck-input-required');
    if (asksAgain || (run.turn <= times && !done)) {
      run.inputRequired('Please send more input');
      return;
    }
    run.artifact(artifact('input.txt', [text(textOf(run.message))]), { lastChunk: true });
    await run.step();
    run.complete('Thank you');
  },
});

const asksForAuthorization = (name: string): Behaviour => ({
  name,
  run: async (run) => {
    run.working();
    await run.step();
    if (run.turn === 1) {
      run.authRequired('Authorization is required to act on your behalf');
      return;
    }
    // A credential is never taken from a message (§7.6.1): without one the protected action is left out.
    const outcome = run.trigger === 'credential' ? 'done with your authorization' : 'done without the protected action';
    run.artifact(artifact('authorization.txt', [text(outcome)]), { lastChunk: true });
    await run.step();
    run.complete(outcome);
  },
});

const ends = (name: string, how: 'fail' | 'reject', explanation: string): Behaviour => ({
  name,
  run: async (run) => {
    if (how === 'fail') {
      run.working();
      await run.step();
    } else {
      await run.step();
    }
    run[how](explanation);
  },
});

const waitsForCancel = (name: string): Behaviour => ({
  name,
  run: async (run) => {
    run.working('Waiting to be canceled');
    await run.wait(run.abandonAfterMs);
    run.fail('Nobody canceled this task');
  },
});

const repliesWithMessage = (name: string, answer: string): Behaviour => ({ name, reply: () => [text(answer)] });

/** Any text: the parts come back in an artifact. */
const echo: Behaviour = completesWith(
  'echo',
  ({ message, referencedTasks }) => {
    const metadata = { referencedTasks: referencedTasks.map(({ id, state }) => ({ id, state })) };
    return artifact('echo', message.parts, referencedTasks.length > 0 ? { metadata } : {});
  },
  'Echoed',
);

const hello = (name: string) =>
  completesWith(name, () => artifact('hello.txt', [text('Hello from TCK')]), 'Hello from TCK');

/** Names for the first text part, followed by anything but a letter or a digit. */
const stimuli: readonly Behaviour[] = [
  completesWith('completes', (run) => artifact('result.txt', [text(`Completed: ${textOf(run.message)}`)])),
  chunked('streams-artifact-chunks'),
  longRunning('long-running'),
  asksForInput('input-required', 1),
  asksForAuthorization('auth-required'),
  ends('fails', 'fail', 'This task fails on request'),
  ends('rejects', 'reject', 'This task is rejected on request'),
  repliesWithMessage('replies-with-message', 'A direct answer without a task'),
  completesWith('file-part', () => artifact('output.txt', [file])),
  completesWith('data-part', () => artifact('data.json', [data])),
];

/** Names of the official kits, for the messageId or the text. */
const kitConventions: readonly Behaviour[] = [
  hello('tck-complete-task'),
  completesWith('tck-artifact-text', () => artifact('text.txt', [text('Generated text content')])),
  completesWith('tck-artifact-file', () => artifact('output.txt', [file])),
  completesWith('tck-artifact-file-url', () => artifact('output.txt', [fileUrl])),
  completesWith('tck-artifact-data', () => artifact('data.json', [data])),
  repliesWithMessage('tck-message-response', 'Direct message response'),
  asksForInput('tck-input-required', 1),
  asksForInput('tck-multi-turn', 2),
  ends('tck-reject-task', 'reject', 'rejected'),
  ends('tck-task-failure', 'fail', 'failed'),
  asksForAuthorization('tck-auth-required'),
  waitsForCancel('tck-cancel'),
  longRunning('tck-long-running'),
  longRunning('test-resubscribe-message-id'),
  completesWith('tck-stream-001', () => artifact('stream.txt', [text('Stream hello from TCK')])),
  completesWith('tck-stream-003', () => artifact('stream.txt', [text('Stream task lifecycle')])),
  completesWith('tck-stream-basic', () => artifact('stream.txt', [text('Streamed content')])),
  completesWith('tck-stream-ordering-001', () => artifact('stream.txt', [text('Ordered output')])),
  completesWith('tck-stream-artifact-text', () => artifact('stream.txt', [text('Streamed text content')])),
  completesWith('tck-stream-artifact-file', () => artifact('output.txt', [file])),
  chunked('tck-stream-artifact-chunked'),
  chunked('tck-stream-chunked'),
];

const everyBehaviour: ReadonlyMap<string, Behaviour> = new Map(
  [echo, ...stimuli, ...kitConventions].map((behaviour) => [behaviour.name, behaviour]),
);

/** The behaviour that a task was made with. */
export function behaviourNamed(name: string): Behaviour {
  return everyBehaviour.get(name) ?? echo;
}

const longest = (candidates: readonly Behaviour[]): Behaviour | undefined =>
  candidates.reduce<Behaviour | undefined>(
    (best, candidate) => (best && best.name.length >= candidate.name.length ? best : candidate),
    undefined,
  );

/** The behaviour that a first message asks for; any other message is echoed. */
export function behaviourFor(message: Message): Behaviour {
  const firstText = message.parts.find(({ text: content }) => content !== undefined)?.text?.trimStart() ?? '';
  const startsWith = (candidate: string, { name }: Behaviour) =>
    candidate.startsWith(name) && !/^[a-z0-9]/i.test(candidate.slice(name.length));
  return (
    longest(kitConventions.filter((behaviour) => startsWith(message.messageId, behaviour))) ??
    longest([...kitConventions, ...stimuli].filter((behaviour) => startsWith(firstText, behaviour))) ??
    echo
  );
}
