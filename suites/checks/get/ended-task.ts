import { defineCheck, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { lagReadings } from '../../../core/history/status-age.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import {
  artifactsOf,
  contextOf,
  departureIn,
  historyOf,
  missingArtifacts,
  showsEnd,
  stateIn,
  stateText,
  taskIn,
  timestampOf,
} from '../shared/task-parts.ts';

interface Observation {
  /** The answer that showed the end: of the blocking send, or of the last poll. */
  readonly ended: CallResult;
  /** Whether that answer was GetTask itself. */
  readonly polled: boolean;
  /** GetTask right after it, and once more. */
  readonly reads: readonly CallResult[];
  /** Where the first read lagged behind: the last of the polls that waited for it. */
  readonly late: CallResult | undefined;
  /** A further message to the ended task (to be refused), and GetTask after it. */
  readonly provoked: CallResult;
  readonly after: CallResult;
}

/** §3.1.3, §3.3.1: a task that has ended, read again and again. */
export const endedTask = defineCheck({
  id: 'get/ended-task',
  title: 'GetTask of a task that has ended',
  requirements: ['get/current-state', 'get/artifacts', 'get/idempotent', 'get/terminal-stable'],
  needs: [needsAnyStimulus('completes', 'streams-artifact-chunks')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, behaviours } = context;
    const stimulus = behaviours.elicited['streams-artifact-chunks'] ? 'streams-artifact-chunks' : 'completes';
    const sent = await context.send(stimulus);
    const task = context.taskOf(sent);
    const polled = !isTerminal(task.state);
    const ended = polled ? await context.poll(task.id, ({ state }) => isTerminal(state)) : sent;
    const read = (): Promise<CallResult> => client.call('GetTask', { id: task.id });
    const known = taskIn(ended) ?? task;
    const first = await read();
    const right = (shown: TaskView): boolean => !lagsBehind(shown, known);
    const seen = taskIn(first);
    // How far a copy may lag is not said: it has the time of a whole task.
    const late = seen && !right(seen) ? await context.poll(task.id, right) : undefined;
    const reads = [first, await read(), await read()];
    const provoked = await sendFollowUp(context, { taskId: task.id, contextId: contextOf(task) });
    return { ended, polled, reads, late, provoked, after: await read() };
  },

  judge: (observation) => ({
    'get/current-state': currentState(observation),
    'get/artifacts': artifacts(observation),
    'get/idempotent': idempotent(observation),
    'get/terminal-stable': terminalStable(observation),
  }),
});

const lagsBehind = (shown: TaskView, known: TaskView): boolean =>
  shown.state !== known.state || missingArtifacts(shown, known).length > 0;

const runAgain = 'run again, or name a message whose task the agent keeps: --stimuli <file>';

const exchangesOf = ({ ended, reads, late }: Observation) =>
  [ended, ...reads, late].flatMap((answer) => (answer ? [answer.exchange] : []));

/** What a row needs: an end that was shown by another operation, and the task by GetTask. */
function comparable(observation: Observation): { readonly known: TaskView; readonly first: TaskView } | Judgement {
  const { ended, polled, reads } = observation;
  const known = taskIn(ended);
  if (known === undefined || !isTerminal(known.state)) {
    return untested(`the task did not end: it is in ${stateText(known?.state)}`, runAgain, ...exchangesOf(observation));
  }
  const [answer] = reads;
  const first = answer && taskIn(answer);
  if (answer === undefined || first === undefined) {
    const why = answer === undefined ? 'no GetTask' : describeReply(answer.reply);
    // An ended task may be purged (§3.3.2).
    return untested(`GetTask does not show the ended task: ${why}`, runAgain, ...exchangesOf(observation));
  }
  if (polled) return untested('only GetTask itself showed the end', runAgain, ...exchangesOf(observation));
  return { known, first };
}

function currentState(observation: Observation): Judgement {
  const found = comparable(observation);
  if ('kind' in found) return found;
  const { known, first } = found;
  const evidence = exchangesOf(observation);
  if (first.state === known.state)
    return holds(`GetTask shows ${stateText(known.state)}, as the answer did`, ...evidence);
  const late = observation.late && taskIn(observation.late);
  if (late?.state === known.state) {
    return ambiguous(
      `GetTask first showed ${stateText(first.state)}, later ${stateText(known.state)}, which an answer had shown before`,
      ['§3.1.3: the current state is returned', 'no consistency between operations is promised: a replica may lag'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'GetTask does not show the end that the answer showed',
      expected: stateText(known.state),
      actual: stateText((late ?? first).state),
    },
    ...evidence,
  );
}

function artifacts(observation: Observation): Judgement {
  const found = comparable(observation);
  if ('kind' in found) return found;
  const { known, first } = found;
  const evidence = exchangesOf(observation);
  if (artifactsOf(known).length === 0) {
    return untested('the task has no artifact', 'name a message that makes an artifact: --stimuli <file>', ...evidence);
  }
  const missing = missingArtifacts(first, known);
  if (missing.length === 0) return holds(`GetTask shows ${artifactsOf(known).length} artifacts`, ...evidence);
  const late = observation.late && taskIn(observation.late);
  if (late && missingArtifacts(late, known).length === 0) {
    return ambiguous(
      `GetTask first lacked ${missing.join(', ')}, which an answer had shown before`,
      [
        '§3.1.3: the current artifacts are returned',
        'no consistency between operations is promised: a replica may lag',
      ],
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'GetTask lacks what the answer showed',
      expected: 'all artifacts of the task',
      actual: `without ${missing.join(', ')}`,
    },
    ...evidence,
  );
}

/** What of an ended task a read may not change: members by which two answers are compared. */
const traits = (task: TaskView): Readonly<Record<string, string>> => ({
  contextId: String(contextOf(task)),
  state: stateText(task.state),
  timestamp: String(timestampOf(task)),
  artifacts: artifactsOf(task)
    .map(({ id, parts }) => `${id} (${parts} parts)`)
    .join(', '),
  history: `${historyOf(task)?.length ?? 0} messages`,
});

const differences = (a: TaskView, b: TaskView): readonly string[] => {
  const before = traits(a);
  const now = traits(b);
  return Object.keys(before).flatMap((name) =>
    before[name] === now[name] ? [] : [`${name}: ${before[name]} → ${now[name]}`],
  );
};

function idempotent(observation: Observation): Judgement {
  const evidence = observation.reads.map(({ exchange }) => exchange);
  const tasks = observation.reads.map(taskIn);
  const [first, second, third] = tasks;
  if (!first || !second || !third || ![first, second, third].every(({ state }) => isTerminal(state))) {
    return untested('GetTask did not show the ended task three times', runAgain, ...evidence);
  }
  const settling = differences(first, second);
  const still = differences(second, third);
  // One change may be the end of the work arriving, and a change there and back two copies; a new one each time is the reading.
  if (settling.length > 0 && still.length > 0 && differences(first, third).length > 0) {
    return violated(
      { reason: 'each read shows another task', expected: 'the same ended task', actual: still.join('; ') },
      ...evidence,
    );
  }
  return holds('reads of the ended task agree', ...evidence);
}

function terminalStable({ ended, reads, provoked, after }: Observation): Judgement {
  const answers = [...reads, after];
  const evidence = [ended, ...reads, provoked, after].map(({ exchange }) => exchange);
  const shown = answers.filter((answer) => taskIn(answer)?.state !== undefined);
  const endAt = shown.findIndex(showsEnd);
  const end = shown[endAt];
  if (end === undefined) return untested('GetTask never showed the task in a terminal state', runAgain, ...evidence);
  const others = shown.slice(endAt).filter((answer) => stateIn(answer) !== stateIn(end));
  const left = others.find((answer) => departureIn(end, answer) === 'left');
  if (left !== undefined) {
    return violated(
      {
        reason: 'the task left its terminal state',
        expected: stateText(stateIn(end)),
        actual: stateText(stateIn(left)),
      },
      ...evidence,
    );
  }
  const [old] = others;
  if (old !== undefined) {
    return ambiguous(
      `after ${stateText(stateIn(end))} GetTask shows ${stateText(stateIn(old))}`,
      lagReadings,
      ...evidence,
    );
  }
  if (taskIn(after) === undefined) {
    return untested('GetTask does not show the task after the further message', runAgain, ...evidence);
  }
  return holds(`the task stays in ${stateText(stateIn(end))}, after a further message too`, ...evidence);
}
