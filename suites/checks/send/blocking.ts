import { defineCheck, type JudgeFacts, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isSameMoment } from '../../../core/history/status-age.ts';
import type { Behaviours, StimulusName } from '../../../core/target/behaviours.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import {
  artifactsOf,
  contextOf,
  messageIn,
  missingArtifacts,
  stateText,
  statusMessageOf,
  taskIn,
} from '../shared/task-parts.ts';
import { isSettled, watchSilentSend, type StuckSend } from './blocking-send.ts';

/** One blocking send, and the task by GetTask right after its answer. */
export interface BlockingAttempt {
  readonly stimulus: StimulusName;
  readonly sent: CallResult;
  readonly got?: CallResult;
  /** Where no answer came: a second try, watched. */
  readonly stuck?: StuckSend;
}

type Observation = readonly BlockingAttempt[];

const stimuli: readonly [StimulusName, ...StimulusName[]] = [
  'completes',
  'streams-artifact-chunks',
  'input-required',
  'replies-with-message',
  'long-running',
];

const moreStimuli = 'name messages that the agent answers with a task: --stimuli <file>';

/** §3.1.1, §3.2.2, §3.4, §3.7: what a SendMessage without any configuration comes back with. */
export const blocking = defineCheck({
  id: 'send/blocking',
  title: 'SendMessage waits, and returns the whole task',
  requirements: [
    'send/task-or-message',
    'send/blocking',
    'send/latest-state',
    'send/task-id-generated',
    'send/context-id-included',
    'send/context-generated',
    'send/results-in-artifacts',
  ],
  needs: [needsAnyStimulus(...stimuli)],

  async probe(context: ProbeContext): Promise<Observation> {
    const attempts: BlockingAttempt[] = [];
    for (const stimulus of wanted(context.behaviours)) {
      const attempt = await sendAndGet(context, stimulus);
      attempts.push(attempt);
      // What the answer lacks may have come after it: only twice is a pattern.
      if (lackOf(attempt) !== undefined) attempts.push(await sendAndGet(context, stimulus));
    }
    const contextId = attempts.map(({ sent }) => taskIn(sent)).find((task) => task && contextOf(task))?.contextId;
    const observed: BlockingAttempt[] = [];
    // One after the other, for each is known by being the only new task of the context.
    for (const attempt of attempts) {
      const { reply } = attempt.sent;
      const silent = reply.kind === 'none' && reply.failure.kind === 'timeout' && contextId !== undefined;
      const stuck = silent ? await watchSilentSend(context, attempt.stimulus, contextId) : undefined;
      observed.push(stuck === undefined ? attempt : { ...attempt, stuck });
    }
    await cancelTaskIn(context, ...observed.flatMap(({ sent, got }) => [got ?? sent]));
    return observed;
  },

  judge: (attempts, facts) => ({
    'send/task-or-message': taskOrMessage(attempts),
    'send/blocking': waits(attempts),
    'send/latest-state': latestState(attempts),
    'send/task-id-generated': generatedIds(attempts),
    'send/context-id-included': includedContext(attempts),
    'send/context-generated': generatedContext(attempts),
    'send/results-in-artifacts': resultsInArtifacts(attempts, facts),
  }),
});

/** What to send: the first of them twice, for two tasks that are alike but not one. */
function wanted({ elicited }: Behaviours): readonly StimulusName[] {
  const known = stimuli.filter((name) => {
    // A task whose end exploration did not see may be longer than any patience: its send says nothing.
    const endless = name === 'long-running' && elicited[name]?.durationMs === undefined;
    return elicited[name] !== undefined && !endless;
  });
  return known.slice(0, 1).concat(known);
}

async function sendAndGet(context: ProbeContext, stimulus: StimulusName): Promise<BlockingAttempt> {
  const sent = await context.send(stimulus);
  const task = taskIn(sent);
  if (task === undefined) return { stimulus, sent };
  return { stimulus, sent, got: await context.client.call('GetTask', { id: task.id }) };
}

/** What GetTask shows of an ended task that the answer with the same end does not; undefined for nothing. */
function lackOf({ sent, got }: BlockingAttempt): string | undefined {
  const shown = taskIn(sent);
  const full = got && taskIn(got);
  if (!shown || !full || !isTerminal(shown.state) || full.state !== shown.state) return undefined;
  const lacking = [
    ...missingArtifacts(shown, full),
    ...(statusMessageOf(full) && !statusMessageOf(shown) ? ['the status message'] : []),
  ];
  return lacking.length === 0 ? undefined : lacking.join(', ');
}

const exchangesOf = ({ sent, got }: BlockingAttempt) => [sent.exchange, ...(got ? [got.exchange] : [])];

const tasksOf = (attempts: Observation): readonly (BlockingAttempt & { readonly task: TaskView })[] =>
  attempts.flatMap((attempt) => {
    const task = taskIn(attempt.sent);
    return task === undefined ? [] : [{ ...attempt, task }];
  });

const noTask = (attempts: Observation): Judgement =>
  untested('no message was answered with a task', moreStimuli, ...attempts.flatMap(exchangesOf));

function taskOrMessage(attempts: Observation): Judgement {
  const results = attempts.filter(({ sent }) => sent.reply.kind === 'result');
  const neither = results.find(({ sent }) => !taskIn(sent) && !messageIn(sent) && !idlessTask(sent));
  if (neither !== undefined) {
    return violated(
      {
        reason: `the result for "${neither.stimulus}" holds neither a task nor a message`,
        expected: 'a result with "task" or "message"',
        actual: JSON.stringify(neither.sent.reply.kind === 'result' ? neither.sent.reply.value : null).slice(0, 200),
      },
      neither.sent.exchange,
    );
  }
  const [first] = results;
  if (first === undefined) {
    const answers = attempts.map(({ sent }) => describeReply(sent.reply)).join('; ');
    return untested(`no message was answered with a result: ${answers}`, moreStimuli, ...attempts.flatMap(exchangesOf));
  }
  return holds(`${results.length} messages were answered with a Task or a Message`, first.sent.exchange);
}

/** A task without an id: no task to work with, but the kind of answer is right. */
function idlessTask({ reply }: CallResult): boolean {
  if (reply.kind !== 'result' || typeof reply.value !== 'object' || reply.value === null) return false;
  const { task } = reply.value as { readonly task?: unknown };
  return typeof task === 'object' && task !== null;
}

function waits(attempts: Observation): Judgement {
  const tasks = tasksOf(attempts).filter(({ task }) => task.state !== undefined);
  const early = tasks.find(({ task }) => !isSettled(task.state));
  if (early !== undefined) {
    return violated(
      {
        reason: `the send of "${early.stimulus}" returned before the task was in a terminal or interrupted state`,
        expected: 'a terminal state, TASK_STATE_INPUT_REQUIRED or TASK_STATE_AUTH_REQUIRED',
        actual: stateText(early.task.state),
      },
      ...exchangesOf(early),
    );
  }
  const stuck = attempts.find((attempt) => attempt.stuck?.answer === 'none');
  if (stuck?.stuck !== undefined) {
    return violated(
      {
        reason: `the send of "${stuck.stimulus}" is unanswered although its task is in ${stuck.stuck.state}`,
        expected: 'an answer once the task is in a terminal or interrupted state',
        actual: 'no answer, twice; ListTasks shows the settled task beside the waiting send',
      },
      stuck.sent.exchange,
      stuck.stuck.listed.exchange,
    );
  }
  if (tasks.length === 0) return noTask(attempts);
  const states = [...new Set(tasks.map(({ task }) => task.state))].join(', ');
  return holds(`blocking sends returned in ${states}`, ...tasks.map(({ sent }) => sent.exchange));
}

function latestState(attempts: Observation): Judgement {
  const comparable = tasksOf(attempts).filter(({ task, got }) => {
    const full = got && taskIn(got);
    return isTerminal(task.state) && full?.state === task.state;
  });
  const lacking = comparable.flatMap((attempt) => {
    const lack = lackOf(attempt);
    return lack === undefined ? [] : [{ ...attempt, lack }];
  });
  for (const first of lacking) {
    const again = lacking.find((other) => other !== first && other.stimulus === first.stimulus);
    if (again === undefined) continue;
    return violated(
      {
        reason: `the answer for "${first.stimulus}" lacks what GetTask shows of the same ended task, twice`,
        expected: 'all artifacts and status information',
        actual: `without ${first.lack}`,
      },
      ...exchangesOf(first),
      ...exchangesOf(again),
    );
  }
  const [once] = lacking;
  if (once !== undefined) {
    return ambiguous(
      `the answer for "${once.stimulus}" lacked ${once.lack}, but not the second time`,
      [
        'the answer did not include the latest state',
        'the agent added it after the end of the task, when all was said',
      ],
      ...exchangesOf(once),
    );
  }
  const [sample] = comparable;
  if (sample === undefined) {
    return untested(
      'no answer with an ended task could be compared with GetTask',
      moreStimuli,
      ...attempts.flatMap(exchangesOf),
    );
  }
  return holds('answers show all that GetTask shows of the ended task', ...comparable.flatMap(exchangesOf));
}

function generatedIds(attempts: Observation): Judgement {
  const nameless = attempts.find(({ sent }) => {
    const task = taskIn(sent);
    return task === undefined ? idlessTask(sent) : task.id === '';
  });
  if (nameless !== undefined) {
    return violated(
      { reason: 'a returned task has no id', expected: 'the generated id in Task.id', actual: 'no id' },
      nameless.sent.exchange,
    );
  }
  const tasks = tasksOf(attempts);
  const [first, second] = tasks;
  for (const [index, later] of tasks.entries()) {
    // A task that has ended takes no further message, so the answer to one is about a new task.
    const earlier = tasks.slice(0, index).find(({ task }) => task.id === later.task.id && isTerminal(task.state));
    if (earlier === undefined) continue;
    if (isSameMoment(later.task.raw, earlier.task.raw)) {
      return ambiguous(
        `the ended task ${later.task.id} was the answer to a second message`,
        [
          '§3.4.2: each new task gets a unique id, and the message started one',
          '§3.1.1, §3.3.1: a message MAY create a task, and one that repeats another may be answered with the task of that one',
        ],
        earlier.sent.exchange,
        later.sent.exchange,
      );
    }
    return violated(
      {
        reason: 'two tasks have one id',
        expected: 'a unique id for each new task',
        actual: `${later.task.id} again, after the task of that id was in ${stateText(earlier.task.state)}`,
      },
      earlier.sent.exchange,
      later.sent.exchange,
    );
  }
  if (first === undefined) return noTask(attempts);
  if (second === undefined) return untested('only one task was made', moreStimuli, first.sent.exchange);
  return holds(`${tasks.length} tasks have ids of their own`, ...tasks.map(({ sent }) => sent.exchange));
}

function includedContext(attempts: Observation): Judgement {
  const tasks = tasksOf(attempts);
  for (const attempt of tasks) {
    const shown = attempt.got && taskIn(attempt.got);
    if (contextOf(attempt.task) !== undefined || !shown || contextOf(shown) === undefined) continue;
    return violated(
      {
        reason: 'the answer leaves out the contextId that the agent generated',
        expected: `contextId ${String(shown.contextId)}, as GetTask shows it`,
        actual: 'no contextId in the Task of the answer',
      },
      ...exchangesOf(attempt),
    );
  }
  const shown = attempts.find(({ sent }) => shownContext(sent) !== undefined);
  if (shown !== undefined) return holds('answers include the contextId', shown.sent.exchange);
  return untested(
    'no contextId is shown anywhere, so none may have been generated',
    'an agent without contexts cannot be measured here',
    ...attempts.flatMap(exchangesOf),
  );
}

const shownContext = (answer: CallResult): unknown => {
  const task = taskIn(answer);
  return task === undefined ? messageIn(answer)?.contextId || undefined : contextOf(task);
};

function generatedContext(attempts: Observation): Judgement {
  const shown = attempts.find(({ sent }) => shownContext(sent) !== undefined);
  return shown === undefined
    ? holds('the agent generates no contextId', ...attempts.map(({ sent }) => sent.exchange))
    : holds('the agent generates a contextId', shown.sent.exchange);
}

function resultsInArtifacts(attempts: Observation, { behaviours }: JudgeFacts): Judgement {
  const completed = tasksOf(attempts).filter(
    ({ task, stimulus }) =>
      task.state === 'TASK_STATE_COMPLETED' && (stimulus === 'completes' || stimulus === 'streams-artifact-chunks'),
  );
  const withArtifacts = completed.find(({ task, got }) => {
    const full = got && taskIn(got);
    return artifactsOf(task).length > 0 || (full !== undefined && artifactsOf(full).length > 0);
  });
  if (withArtifacts !== undefined) return holds('results come in artifacts', ...exchangesOf(withArtifacts));
  if (Object.values(behaviours?.elicited ?? {}).some(({ artifactEvents }) => artifactEvents > 0)) {
    return holds('other tasks of the agent give their results in artifacts');
  }
  const talking = completed.find(({ task }) => statusMessageOf(task) !== undefined);
  if (talking !== undefined) {
    return ambiguous(
      'a task completed with a status message and without any artifact',
      [
        '§3.7: results should be returned in artifacts, and messages should not deliver them',
        'the task had no output, and the message only says that it is done',
      ],
      ...exchangesOf(talking),
    );
  }
  return untested('no task completed with an output', moreStimuli, ...attempts.flatMap(exchangesOf));
}
