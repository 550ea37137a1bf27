import type { ProbeContext } from '../../../core/engine/check.ts';
import { wait } from '../../../core/engine/wait.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';

/** Terminal or interrupted: where a blocking send returns (§3.2.2). */
export const isSettled = (state: unknown): boolean => isTerminal(state) || isInterrupted(state);

/** A blocking send that is still unanswered although its task has been settled for a while. */
export interface StuckSend {
  /** ListTasks of the send's context: shows its task, settled. */
  readonly listed: CallResult;
  readonly state: string;
  /** The answer that then did not come within the grace, or came after all. */
  readonly answer: CallResult | 'none';
}

interface ListedTask {
  readonly id?: unknown;
  readonly status?: { readonly state?: unknown };
}

const tasksIn = ({ reply }: CallResult): readonly ListedTask[] => {
  const value = reply.kind === 'result' ? (reply.value as { readonly tasks?: unknown } | null) : null;
  return Array.isArray(value?.tasks) ? (value.tasks as ListedTask[]) : [];
};

/**
 * Sends once more, in a context that the agent has given out, and watches the tasks of that context by ListTasks: silence
 * proves nothing alone, but a settled task beside an unanswered send does. Undefined where that could not be seen.
 */
export async function watchSilentSend(
  context: ProbeContext,
  stimulus: StimulusName,
  contextId: string,
): Promise<StuckSend | undefined> {
  const { client, deadlines, signal } = context;
  const list = (): Promise<CallResult> => client.call('ListTasks', { contextId, pageSize: 100 });
  const known = new Set(tasksIn(await list()).map(({ id }) => id));
  const giveUp = new AbortController();
  const sending = context.send(stimulus, { message: { contextId } }, { signal: giveUp.signal });
  const answered: { by?: CallResult } = {};
  let waiting: unknown;
  const sent = sending.then((answer) => (answered.by = answer));
  try {
    const end = performance.now() + deadlines.operationMs;
    while (answered.by === undefined && performance.now() < end && !signal.aborted) {
      const listed = await list();
      const settled = tasksIn(listed).find(({ id, status }) => !known.has(id) && isSettled(status?.state));
      if (settled !== undefined) {
        if (!isTerminal(settled.status?.state)) waiting = settled.id;
        await Promise.race([sent, wait(deadlines.graceMs, signal)]);
        return { listed, state: String(settled.status?.state), answer: answered.by ?? 'none' };
      }
      await Promise.race([sent, wait(deadlines.pollMs, signal)]);
    }
    return undefined;
  } finally {
    giveUp.abort();
    await sending;
    if (typeof waiting === 'string') await client.call('CancelTask', { id: waiting });
  }
}
