import type { Call, Model } from '../../core/linearizability/model.ts';
import { isTerminal } from '../../protocol/task-state.ts';

/** What a task is, as far as the protocol says what may become of it: between the states before an end it may go as it likes. */
export interface TaskNow {
  /** `none`: not yet made; `gone`: purged after its end; else open, or the terminal state. */
  readonly phase: string;
  /** Ids of its push configurations, ascending. */
  readonly configs: readonly string[];
}

export type Asked =
  /** A message that makes the task. */
  | 'make'
  /** Something that shows the task. */
  | 'see'
  /** A further message. */
  | 'send'
  | 'subscribe'
  | 'cancel'
  | { readonly config: 'create' | 'get' | 'delete'; readonly id: string }
  | { readonly config: 'list' };

export type Told =
  | 'accepted'
  /** The task is not known. */
  | 'unknown'
  /** With any other error, which says nothing of the task. */
  | 'refused'
  | { readonly state: string }
  | { readonly configs: readonly string[] };

export type TaskCall = Call<Asked, Told>;

const terminal = ['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED'] as const;
const canceled = 'TASK_STATE_CANCELED';

const phaseOf = (state: string): string => (isTerminal(state) ? state : 'open');
const isThere = ({ phase }: TaskNow): boolean => phase !== 'none' && phase !== 'gone';

function cancel(now: TaskNow, told: Told | undefined): readonly TaskNow[] {
  const { phase } = now;
  // Whatever it is answered, it may be too late, or come to nothing (§3.1.5).
  if (told === undefined) return phase === 'open' ? [now, { ...now, phase: canceled }, ...ended(now)] : [now];
  if (told === 'unknown') return isThere(now) ? [] : [now];
  if (typeof told === 'string' || !('state' in told)) return [now];
  const shown = phaseOf(told.state);
  // A further cancel may be answered with the canceled task (§3.3.1); another end has to be refused, unless it comes meanwhile.
  if (phase === 'open') return [{ ...now, phase: shown }];
  return phase === canceled && shown === canceled ? [now] : [];
}

const ended = (now: TaskNow): readonly TaskNow[] => terminal.map((phase) => ({ ...now, phase }));

function config(
  now: TaskNow,
  asked: Extract<Asked, { readonly config: string }>,
  told: Told | undefined,
): readonly TaskNow[] {
  const { configs } = now;
  if (asked.config === 'list') {
    if (typeof told !== 'object' || !('configs' in told)) return [now];
    return told.configs.join() === configs.join() ? [now] : [];
  }
  const has = configs.includes(asked.id);
  const without = { ...now, configs: configs.filter((id) => id !== asked.id) };
  const withIt = has ? now : { ...now, configs: [...configs, asked.id].toSorted() };
  switch (asked.config) {
    case 'create':
      if (told === undefined) return [now, withIt];
      return told === 'accepted' ? (isThere(now) ? [withIt] : []) : [now];
    case 'get':
      if (told === 'accepted') return has ? [now] : [];
      return told === 'unknown' && has ? [] : [now];
    case 'delete':
      if (told === undefined) return [now, without];
      // A second deletion may be answered with an error or not (§3.1.10).
      return told === 'accepted' ? [without] : told === 'unknown' && has ? [] : [now];
  }
}

/** One task and its push configurations, asked one thing after the other; it ends by itself when it likes (§3.1, §4.1.3). */
export const taskModel: Model<TaskNow, Asked, Told> = {
  initial: [{ phase: 'none', configs: [] }],

  step(now, asked, told) {
    if (typeof asked === 'object') return config(now, asked, told);
    switch (asked) {
      case 'make':
        // A message may be answered with a task that was there before (§3.3.1): then it has only shown it.
        return [now.phase === 'none' ? { ...now, phase: 'open' } : now];
      case 'see':
        if (told === 'unknown') return isThere(now) ? [] : [now];
        return typeof told === 'object' && 'state' in told && phaseOf(told.state) !== now.phase ? [] : [now];
      case 'send':
      case 'subscribe':
        return told !== 'accepted' || now.phase === 'open' ? [now] : [];
      case 'cancel':
        return cancel(now, told);
    }
  },

  drift(now) {
    const { phase, configs } = now;
    if (phase === 'open') return ended(now);
    if (!isTerminal(phase)) return [];
    // What has ended may be purged, and its configurations need not be kept (§3.1.7).
    return [{ phase: 'gone', configs: [] }, ...(configs.length > 0 ? [{ phase, configs: [] }] : [])];
  },

  readsOnly: (asked) =>
    asked === 'see' ||
    asked === 'send' ||
    asked === 'subscribe' ||
    (typeof asked === 'object' && (asked.config === 'get' || asked.config === 'list')),

  key: ({ phase, configs }) => `${phase} ${configs.join()}`,
};

/** Whether a call only shows what is, so that a copy that lags behind may answer it. */
export const isRead = ({ input, output }: TaskCall): boolean => {
  if (input === 'see') return true;
  if (typeof input === 'object') return input.config === 'get' || input.config === 'list' || output === 'unknown';
  // An acceptance that comes too late, and a cancel that shows the task going on, look at the task in the same way.
  if (input === 'send' || input === 'subscribe') return true;
  if (input !== 'cancel') return false;
  return output === 'unknown' || (typeof output === 'object' && 'state' in output && output.state !== canceled);
};
