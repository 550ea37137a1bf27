import fc from 'fast-check';
import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { findingsOf } from '../../core/engine/grade.ts';
import type { Suite, SuiteContext, SuiteResult } from '../../core/engine/suite.ts';
import { holds, violated } from '../../core/findings/judgement.ts';
import type { StimulusName } from '../../core/target/behaviours.ts';
import { isTerminal, type TaskState } from '../../protocol/task-state.ts';
import { registerAnywhere, deleteConfigs, refOf } from '../checks/push/configuration.ts';
import { startWaitingTask } from '../checks/push/waiting-task.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import { stateIn } from '../checks/shared/task-parts.ts';
import { CaseHistory } from '../generated/case-history.ts';
import { hunt, type Performance } from '../generated/hunt.ts';
import type { AgentCommand } from './command.ts';
import { listTasks } from './list-command.ts';
import { emptyModel, Real, short, type AgentFacts, type Model } from './model.ts';
import { createConfig, deleteConfig, getPushConfig, listConfigs } from './push-commands.ts';
import {
  cancelTask,
  closeStream,
  followUp,
  getExtendedAgentCard,
  getTask,
  sendMessage,
  sendStreamingMessage,
  settle,
  subscribe,
} from './task-commands.ts';

const name = 'state-machine';

/** Behaviours that make a history: work that ends, that goes on for a while, that waits, or that is no task. */
const kinds: readonly StimulusName[] = ['completes', 'input-required', 'long-running', 'fails', 'replies-with-message'];

interface Door {
  readonly context: ProbeContext;
  readonly agent: AgentFacts;
}

/** Sequences of all eleven operations, held against a model of what an agent may show. */
export const stateMachine: Suite = {
  name,
  title: 'sequences of operations, held against a model',

  async run(context: SuiteContext): Promise<SuiteResult> {
    const { target, rows, recorder, invariants } = context;
    const doors: Door[] = [];
    const untested = [];
    for (const door of context.doors) {
      if (door.behaviours.elicited.completes === undefined) {
        const reason = door.behaviours.missing.completes ?? 'no message was found that completes a task';
        const hint = 'name one in a stimuli file: --stimuli <file> with an entry "completes"';
        untested.push(
          ...findingsOf(name, ['get/returns-task'], door.interface, rows, { verdict: 'untested', reason, hint }),
        );
      } else doors.push({ context: door, agent: { lists: false, waited: 'never', push: await takesWebhooks(door) } });
    }
    if (doors.length === 0) {
      const reason = 'no interface makes a task that ends';
      return { findings: untested, figures: { runs: 0, commands: 0, unsteady: 0, end: 'not-elicited', reason } };
    }
    const known = kinds.filter((kind) => doors.every(({ context: of }) => of.behaviours.elicited[kind] !== undefined));
    const history = new CaseHistory(recorder);
    let commands = 0;
    const { findings, figures } = await hunt({
      suite: name,
      cases: fc.record({
        door: fc.nat({ max: doors.length - 1 }),
        // Most commands need a task.
        before: fc.array(sendOf(known), { minLength: 1, maxLength: 3, size: 'max' }),
        commands: fc.commands(
          commandsOf({
            kinds: known,
            streaming: target.capabilities.streaming,
            push: doors.every(({ agent }) => agent.push),
          }),
          {
            maxCommands: context.budget.maxCommands,
            size: 'max',
            ...(context.again?.replayPath === undefined ? {} : { replayPath: context.again.replayPath }),
          },
        ),
      }),
      perform: async (drawn): Promise<Performance> => {
        history.begin();
        const { context: door, agent } = doors[drawn.door]!;
        const real = new Real(door, agent);
        const model = emptyModel();
        try {
          for (const send of drawn.before) await send.run(model, real);
          await fc.asyncModelRun(() => ({ model, real }), drawn.commands);
          await judgeStreams(model, real);
        } finally {
          commands += real.steps.length;
          await cleanUp(model, real);
        }
        const replayPath = /replayPath="([^"]*)"/.exec(String(drawn.commands))?.[1];
        return {
          outcomes: [...real.outcomes, ...history.accusations(invariants, target, [door.interface])],
          steps: [`over ${door.interface.binding}`, ...real.steps],
          ...(replayPath === undefined ? {} : { replayPath }),
        };
      },
      rows,
      seed: context.seed,
      budget: context.budget,
      signal: context.signal,
      onProgress: context.onProgress,
      again: context.again,
      dependsOnTiming: true,
    });
    return { findings: [...untested, ...findings], figures: { ...figures, commands } };
  },
};

interface Commands {
  readonly kinds: readonly StimulusName[];
  readonly streaming: boolean;
  readonly push: boolean;
}

const endStates: readonly TaskState[] = ['TASK_STATE_COMPLETED', 'TASK_STATE_CANCELED', 'TASK_STATE_FAILED'];

const number = fc.nat({ max: 7 });
const someContext = fc.option(number, { nil: undefined });

const sendOf = (known: readonly StimulusName[]): fc.Arbitrary<AgentCommand> =>
  fc.tuple(fc.constantFrom(...known), someContext).map((drawn) => sendMessage(...drawn));

/** What may come next; what stands here twice comes twice as often. */
function commandsOf({ kinds: known, streaming, push }: Commands): fc.Arbitrary<AgentCommand>[] {
  const send = sendOf(known);
  const get = fc.tuple(number, fc.option(fc.nat({ max: 3 }), { nil: undefined })).map((drawn) => getTask(...drawn));
  const list = fc
    .record({
      context: number,
      status: fc.option(fc.constantFrom(...endStates), { nil: undefined }),
      pageSize: fc.constantFrom(1, 2, 100),
    })
    .map(listTasks);
  const more = (streamed: fc.Arbitrary<boolean>) =>
    fc.tuple(number, streamed, fc.boolean()).map((drawn) => followUp(...drawn));
  return [
    send,
    send,
    get,
    get,
    list,
    list,
    number.map(cancelTask),
    number.map(settle),
    more(streaming ? fc.boolean() : fc.constant(false)),
    fc.constant(0).map(getExtendedAgentCard),
    ...(streaming
      ? [
          fc.tuple(fc.constantFrom(...known), someContext).map((drawn) => sendStreamingMessage(...drawn)),
          number.map(subscribe),
          number.map(closeStream),
        ]
      : []),
    ...(push
      ? [
          fc.tuple(number, fc.boolean()).map((drawn) => createConfig(...drawn)),
          fc.tuple(number, number).map((drawn) => getPushConfig(...drawn)),
          number.map(listConfigs),
          fc.tuple(number, number).map((drawn) => deleteConfig(...drawn)),
        ]
      : []),
  ];
}

/** Whether push configurations with a webhook of this run are taken (§13.2: private addresses may be refused). */
async function takesWebhooks(door: ProbeContext): Promise<boolean> {
  if (!door.target.capabilities.pushNotifications || !door.canNotify) return false;
  try {
    const waiting = await startWaitingTask(door);
    const config = await registerAnywhere(door, waiting.id);
    await deleteConfigs(door, config);
    await cancelTaskIn(door, waiting.before);
    return config.config !== undefined && !config.url.startsWith('https://example.com/');
  } catch (error) {
    if (error instanceof Unelicited) return false;
    throw error;
  }
}

/**
 * §3.1.2, §3.1.6: the stream of a task that has ended closes. Silence is told by a second observation: GetTask shows the end, and after
 * a grace the stream is open still, and the end is shown again.
 */
async function judgeStreams({ streams }: Model, real: Real): Promise<void> {
  const { client, deadlines } = real.door;
  for (const { task, handle, row } of streams.filter(({ closed }) => !closed)) {
    const before = await client.call('GetTask', { id: task.id });
    if (!isTerminal(stateIn(before))) continue;
    const closed = await within(handle.done, deadlines.graceMs);
    if (closed !== undefined) {
      if (closed.exchange.endedBy === 'server')
        real.say(row, holds('the stream closed when its task ended', closed.exchange));
      continue;
    }
    const after = await client.call('GetTask', { id: task.id });
    handle.close();
    const { exchange } = await handle.done;
    if (!isTerminal(stateIn(after))) continue;
    real.say(
      row,
      violated(
        {
          reason: `task ${task.id} is in ${short(stateIn(after))}, and its stream is open ${deadlines.graceMs} ms later`,
          expected: 'the stream closes',
          actual: 'it is open',
        },
        exchange,
        before.exchange,
        after.exchange,
      ),
    );
  }
}

async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A guest leaves nothing behind: streams are closed, configurations deleted, tasks canceled. Never fails. */
async function cleanUp({ streams, tasks }: Model, { door: { client } }: Real): Promise<void> {
  for (const { handle } of streams) handle.close();
  await Promise.all(streams.map(({ handle }) => handle.done));
  for (const { id, end, configs } of tasks) {
    for (const config of configs.filter(({ deleted }) => !deleted))
      await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId: id }, config.id));
    if (end === undefined) await client.call('CancelTask', { id });
  }
}
