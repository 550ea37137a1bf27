import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { findingsOf } from '../../core/engine/grade.ts';
import type { Suite, SuiteContext, SuiteResult } from '../../core/engine/suite.ts';
import { describeReply } from '../../core/wire/reply.ts';
import type { CallResult, Params } from '../../core/wire/binding-client.ts';
import { CaseHistory } from '../generated/case-history.ts';
import { hunt, type Outcome, type Performance } from '../generated/hunt.ts';
import { deleteConfigs } from '../checks/push/configuration.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import type { Control } from '../checks/shared/refusal.ts';
import { showsEnd, stateIn } from '../checks/shared/task-parts.ts';
import { anyCase, describeCase, type Case } from './cases.ts';
import { compareAnswers, judgeCase, judgeUnknownFields, servedWithUnknown, type RowJudgement } from './judge.ts';
import { cleanUp, perform, send, type Performed } from './perform.ts';
import { operationsOf, refs, unknownField } from './requests.ts';
import { askControl, makeWorld, resolve, type World } from './world.ts';

const name = 'properties';

/** Every request that the schemas allow, and each with one fault, over each interface; judged, and compared between them. */
export const properties: Suite = {
  name,
  title: 'requests drawn from the schemas, and each with one fault',

  async run(context: SuiteContext): Promise<SuiteResult> {
    const { target, doors, rows, recorder, invariants } = context;
    const operations = operationsOf(target.capabilities).map(([operation]) => operation);
    const worlds: World[] = [];
    const missing: { readonly door: ProbeContext; readonly error: Unelicited }[] = [];
    for (const door of doors) {
      try {
        worlds.push(await makeWorld(door, operations));
      } catch (error) {
        if (!(error instanceof Unelicited)) throw error;
        missing.push({ door, error });
      }
    }
    const untested = missing.flatMap(({ door, error: { message, hint, evidence } }) =>
      findingsOf(name, ['robustness/valid-request-answered'], door.interface, rows, {
        verdict: 'untested',
        reason: message,
        hint,
        evidence,
      }),
    );
    if (worlds.length === 0) {
      const reason = missing[0]?.error.message ?? 'no interface can be spoken to';
      return { findings: untested, figures: { runs: 0, commands: 0, unsteady: 0, end: 'not-elicited', reason } };
    }
    const history = new CaseHistory(recorder);
    const makeCase = async (drawn: Case): Promise<Performance> => {
      history.begin();
      const made = await makeOn(worlds, drawn);
      const doorsOf = made.performed.map(({ world }) => world.door.interface);
      const byInvariants = history.accusations(invariants, target, doorsOf);
      return {
        outcomes: [...made.outcomes, ...byInvariants],
        steps: stepsOf(drawn, made),
        unserved: history.unserved(),
      };
    };
    try {
      const { findings, figures } = await hunt({
        suite: name,
        cases: anyCase(target.capabilities),
        perform: makeCase,
        rows,
        seed: context.seed,
        budget: context.budget,
        signal: context.signal,
        onProgress: context.onProgress,
        again: context.again,
        dependsOnTiming: false,
      });
      return { findings: [...untested, ...findings], figures: { ...figures, commands: 0 } };
    } finally {
      for (const { door, left } of worlds) {
        if (left === undefined) continue;
        await deleteConfigs(door, left.config);
        await cancelTaskIn(door, left.waiting.before);
      }
    }
  },
};

interface Made {
  readonly performed: readonly Performed[];
  readonly outcomes: readonly Outcome[];
}

async function makeOn(worlds: readonly World[], drawn: Case): Promise<Made> {
  const performed: Performed[] = [];
  const outcomes: Outcome[] = [];
  for (const world of worlds) {
    const one = await perform(drawn, world);
    if (one === undefined) continue;
    performed.push(one);
    const judgements = await judgeOn(drawn, one);
    outcomes.push(
      ...judgements.map(({ row, judgement }) => ({ check: name, row, interface: world.door.interface, judgement })),
    );
  }
  // Where one interface is accused of its answer, or could not be judged by it, the comparison says nothing.
  const settled = outcomes.every(({ judgement: { kind } }) => kind !== 'violated' && kind !== 'untested');
  const compared = settled ? compareAnswers(drawn, performed) : undefined;
  if (compared !== undefined && (compared.kind === 'holds' || (await speakOfTheSame(drawn, worlds))))
    outcomes.push({ check: name, row: 'equivalence/errors', interface: null, judgement: compared });
  return { performed, outcomes };
}

/** What interfaces say of a task is compared where it is of one kind on each: each has made its own, and an agent may purge. */
async function speakOfTheSame(drawn: Case, worlds: readonly World[]): Promise<boolean> {
  for (const ref of [refs.endedTask, refs.waitingTask].filter((one) => mentions(drawn, one))) {
    const found = await Promise.all(worlds.map((world) => getTask(world, ref)));
    if (found.some((answer) => stateIn(answer) === undefined)) return false;
    if (new Set(found.map(showsEnd)).size > 1) return false;
  }
  return true;
}

const mentions = ({ params }: Case, ref: string): boolean => JSON.stringify(params).includes(ref);

const getTask = ({ door, values }: World, ref: string): Promise<CallResult> =>
  door.client.call('GetTask', { id: values.get(ref) });

/** The good request once more; where the drawn one speaks of the task that had ended, it still has to be there (§3.3.2: purged). */
async function askAgain(drawn: Case, world: World): Promise<Control> {
  const control = await askControl(world, drawn.operation, world.values);
  if (!mentions(drawn, refs.endedTask)) return control;
  const there = await getTask(world, refs.endedTask);
  return {
    what: `${control.what}; GetTask of the task that had ended`,
    ok: control.ok && there.reply.kind === 'result',
    results: [...control.results, there],
  };
}

/** An accusation rests on a good request that was served after it. */
async function judgeOn(drawn: Case, performed: Performed): Promise<readonly RowJudgement[]> {
  const { world, answer } = performed;
  const known: Control = world.controls.get(drawn.operation)!;
  const first = judgeCase(drawn, performed, known);
  const isDoubtful = first.some(({ judgement: { kind } }) => kind === 'violated' || kind === 'ambiguous');
  const hasUnknown = JSON.stringify(drawn.params).includes(unknownField);
  if (!hasUnknown || (!isDoubtful && answer.reply.kind === 'result')) {
    if (isDoubtful) return judgeCase(drawn, performed, await askAgain(drawn, world));
    return hasUnknown ? [...first, servedWithUnknown(drawn, answer)] : first;
  }
  // What a field that nobody knows did to the answer is a matter of its own row.
  const plain = withoutUnknown(resolve(world, drawn.params)) as Params;
  const without = { ...performed, params: plain, answer: await send(drawn, world, plain) };
  await cleanUp(drawn, world, plain, without.answer);
  const unknown = judgeUnknownFields(drawn, answer, without.answer);
  const control = isDoubtful ? await askAgain(drawn, world) : known;
  return [...judgeCase(drawn, without, control), ...(unknown === undefined ? [] : [unknown])];
}

function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== unknownField)
      .map(([key, member]) => [key, withoutUnknown(member)]),
  );
}

const stepsOf = (drawn: Case, { performed }: Made): readonly string[] => [
  describeCase(drawn),
  ...performed.map(({ world, answer }) => `${world.door.interface.binding} answered: ${describeReply(answer.reply)}`),
];
