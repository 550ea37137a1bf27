import type { Policy } from './hooks.ts';
import type { Message, Task } from './types.ts';

export interface Presentation {
  /** §3.2.4: undefined is everything, 0 nothing, else the most recent ones. */
  readonly historyLength?: number | undefined;
  /** `if-any` leaves an empty list out, `omit` leaves it out always, `always` shows an empty one too (§3.1.4). */
  readonly artifacts?: 'if-any' | 'omit' | 'always';
}

const recent = (history: readonly Message[], length: number | undefined, policy: Policy): readonly Message[] => {
  if (length === undefined || policy.historyLengthIgnored) return history;
  if (length === 0) return policy.historyLengthZeroIgnored ? history : [];
  return policy.historyLengthFromStart ? history.slice(0, length) : history.slice(-length);
};

/** A task as one answer shows it. */
export function presentTask(task: Task, how: Presentation = {}, policy: Policy = {}): Task {
  const { artifacts = [], history = [], ...rest } = task;
  const shownHistory = recent(history, how.historyLength, policy);
  const showArtifacts = how.artifacts === 'always' || (how.artifacts !== 'omit' && artifacts.length > 0);
  return {
    ...rest,
    ...(showArtifacts ? { artifacts } : {}),
    ...(shownHistory.length > 0 ? { history: shownHistory } : {}),
  };
}
