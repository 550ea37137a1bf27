import type { SeenCall } from './calls.ts';
import type { TaskCall } from './task-model.ts';

const stateText = (state: string): string => state.replace(/^TASK_STATE_/, '');

const asked = ({ input }: TaskCall): string => {
  if (typeof input === 'object') return `${input.config} config`;
  return input === 'make' ? 'message makes the task' : input === 'send' ? 'message to it' : input;
};

function told({ output }: TaskCall): string {
  if (output === undefined) return 'no answer';
  if (typeof output === 'string') return output;
  return 'state' in output ? stateText(output.state) : `[${output.configs.join(', ')}]`;
}

/** `A cancel → CANCELED`. */
export function describeCall(call: SeenCall): string {
  const { done } = call;
  const what = call.input === 'see' ? done.kind : asked(call);
  return `${done.client} ${what} → ${told(call)} (${done.exchange.id})`;
}
