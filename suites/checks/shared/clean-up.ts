import type { ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';

/** A guest cleans up: cancels the tasks that answers show, where they have not ended. Never fails. */
export async function cancelTaskIn(
  { client }: Pick<ProbeContext, 'client'>,
  ...answers: readonly (CallResult | null | undefined)[]
): Promise<void> {
  for (const answer of answers) {
    const task = answer?.reply.kind === 'result' ? taskIn(answer.reply.value) : undefined;
    if (typeof task?.id === 'string' && !isTerminal(task.status?.state))
      await client.call('CancelTask', { id: task.id });
  }
}

interface MaybeTask {
  readonly id?: unknown;
  readonly status?: { readonly state?: unknown };
}

function taskIn(value: unknown): MaybeTask | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return ('task' in value ? value.task : value) as MaybeTask;
}
