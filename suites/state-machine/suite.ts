import fc from 'fast-check';
import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { countDown } from '../../core/engine/countdown.ts';
import { findingsOf } from '../../core/engine/grade.ts';
import type { Suite, SuiteContext, SuiteResult } from '../../core/engine/suite.ts';
import { holds, violated } from '../../core/findings/judgement.ts';
import type { StimulusName } from '../../core/target/behaviours.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { registerAnywhere, deleteConfigs, refOf } from '../checks/push/configuration.ts';
import { startWaitingTask } from '../checks/push/waiting-task.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import { stateIn } from '../checks/shared/task-parts.ts';
import { CaseHistory } from '../generated/case-history.ts';
import { hunt, type Performance } from '../generated/hunt.ts';
import { beginningOf, commandsOf } from './commands.ts';
import { Isolation } from './isolation.ts';
import { bothHands, emptyModels, Real, short, type AgentFacts, type Hands, type Model } from './model.ts';

const name = 'state-machine';

/** Behaviours that make a history: work that ends, that goes on for a while, that waits, or that is no task. */
const kinds: readonly StimulusName[] = ['completes', 'input-required', 'long-running', 'fails', 'replies-with-message'];

interface Door {
  readonly context: ProbeContext;
  readonly agent: AgentFacts;
  /** In the hands of the second principal. */
  readonly stranger: Pick<Door, 'context' | 'agent'> | undefined;
}

const newAgent = (push: boolean): AgentFacts => ({ lists: false, waited: 'never', push });

/** Sequences of all eleven operations, held against a model of what an agent may show. */
export const stateMachine: Suite = {
  name,
  title: 'sequences of operations, held against a model',

  async run(context: SuiteContext): Promise<SuiteResult> {
    const { target, rows, recorder, invariants } = context;
    const doors: Door[] = [];
    const untested = [];
    for (const [place, door] of context.doors.entries()) {
      if (door.behaviours.elicited.completes === undefined) {
        const reason = door.behaviours.missing.completes ?? 'no message was found that completes a task';
        const hint = 'name one in a stimuli file: --stimuli <file> with an entry "completes"';
        untested.push(
          ...findingsOf(name, ['get/returns-task'], door.interface, rows, { verdict: 'untested', reason, hint }),
        );
        continue;
      }
      const push = await takesWebhooks(door);
      const second = context.strangers?.[place];
      const stranger = second === undefined ? undefined : { context: second, agent: newAgent(push) };
      doors.push({ context: door, agent: newAgent(push), stranger });
    }
    if (doors.length === 0) {
      const reason = 'no interface makes a task that ends';
      return { findings: untested, figures: { runs: 0, commands: 0, unsteady: 0, end: 'not-elicited', reason } };
    }
    const known = kinds.filter((kind) => doors.every(({ context: of }) => of.behaviours.elicited[kind] !== undefined));
    const history = new CaseHistory(recorder);
    const isolation = new Isolation(context.strangers !== undefined, target.capabilities);
    const drawing = {
      kinds: known,
      streaming: target.capabilities.streaming,
      push: doors.every(({ agent }) => agent.push),
      second: doors.some(({ stranger }) => stranger !== undefined),
    };
    let commands = 0;
    const { findings, figures } = await hunt({
      suite: name,
      cases: fc.record({
        door: fc.nat({ max: doors.length - 1 }),
        before: beginningOf(drawing),
        commands: fc.commands(commandsOf(drawing), {
          maxCommands: context.budget.maxCommands,
          size: 'max',
          ...(context.again?.replayPath === undefined ? {} : { replayPath: context.again.replayPath }),
        }),
      }),
      perform: async (drawn): Promise<Performance> => {
        history.begin();
        const { context: door, agent, stranger } = doors[drawn.door]!;
        const first = new Real(door, agent);
        const real: Hands<Real> =
          stranger === undefined ? { first } : bothHands(first, stranger.context, stranger.agent);
        const model = emptyModels(stranger !== undefined);
        try {
          for (const one of drawn.before) if (await one.check(model)) await one.run(model, real);
          await fc.asyncModelRun(() => ({ model, real }), drawn.commands);
          await forEach(model, real, judgeStreams);
        } finally {
          commands += first.steps.length;
          await forEach(model, real, cleanUp);
        }
        isolation.note(first.outcomes);
        const replayPath = /replayPath="([^"]*)"/.exec(String(drawn.commands))?.[1];
        return {
          outcomes: [...first.outcomes, ...history.accusations(invariants, target, [door.interface])],
          unserved: history.unserved(),
          steps: [`over ${door.interface.binding}`, ...first.steps],
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
    const unmeasured = isolation.unmeasured(
      doors.map(({ context: { interface: ref } }) => ref),
      findings,
    );
    return {
      findings: [
        ...untested,
        ...findings,
        ...unmeasured.flatMap(({ row, interface: ref, ...why }) => findingsOf(name, [row], ref, rows, why)),
      ],
      figures: { ...figures, commands },
    };
  },
};

async function forEach(
  model: Hands<Model>,
  real: Hands<Real>,
  act: (model: Model, real: Real) => Promise<void>,
): Promise<void> {
  await act(model.first, real.first);
  if (model.second !== undefined && real.second !== undefined) await act(model.second, real.second);
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
  const late = Promise.withResolvers<undefined>();
  const stop = countDown(milliseconds, () => late.resolve(undefined));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    stop();
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
