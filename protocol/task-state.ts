/** The life cycle of a task (`TaskState` in `a2a.proto`, §3.1.2, §3.2.2). */

export const taskStates = [
  'TASK_STATE_UNSPECIFIED',
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_REJECTED',
  'TASK_STATE_AUTH_REQUIRED',
] as const;

export type TaskState = (typeof taskStates)[number];

const terminal: ReadonlySet<string> = new Set([
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_REJECTED',
]);
const interrupted: ReadonlySet<string> = new Set(['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED']);

export const isTaskState = (value: unknown): value is TaskState => taskStates.includes(value as TaskState);

/** COMPLETED, FAILED, CANCELED, REJECTED (§3.1.2). */
export const isTerminal = (state: unknown): boolean => terminal.has(state as string);

/** INPUT_REQUIRED, AUTH_REQUIRED (§3.2.2). */
export const isInterrupted = (state: unknown): boolean => interrupted.has(state as string);

/**
 * Whether a task seen in `from` may later be seen in `to`. The protocol names terminal states and forbids nothing
 * between the others, so only leaving a terminal state is excluded (§3.1.1: a terminal task accepts no further message).
 */
export const mayFollow = (from: TaskState, to: TaskState): boolean => !isTerminal(from) || from === to;
