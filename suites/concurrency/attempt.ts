import type { ProbeContext } from '../../core/engine/check.ts';
import { judgeHistory } from '../../core/engine/judge-history.ts';
import type { SuiteContext } from '../../core/engine/suite.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { aliveProblem } from './alive.ts';
import { judgeExecution, type Problem } from './judge.ts';
import type { Program } from './program.ts';
import { runProgram, type Doors, type Execution } from './run-program.ts';

/** Invariants that several clients at once may break; the others say the same of one client. */
const ofRaces: ReadonlySet<string> = new Set([
  'invariants/terminal-state',
  'invariants/stream-patterns',
  'invariants/task-ids',
  'invariants/task-context',
  'invariants/artifact-ids',
  'invariants/list-contents',
  'invariants/list-pages',
]);

/** A program that was executed once, and what is wrong with what it brought. */
export interface Attempt {
  readonly execution: Execution;
  readonly problems: readonly Problem[];
}

export type Judging = Pick<SuiteContext, 'target' | 'rows' | 'invariants' | 'recorder'>;

/** Executes a program once and judges it: by the search, by invariants over it alone, and by whether the agent still answers. */
export async function attempt(doors: Doors, program: Program, judging: Judging): Promise<Attempt> {
  const execution = await runProgram(doors, program);
  const dead = await aliveProblem(doors[0], execution, judging.recorder);
  const problems = [
    ...(dead === undefined ? [] : [dead]),
    ...judgeExecution(execution),
    ...doors.flatMap((door) => broken(door, execution, judging)),
  ];
  return { execution, problems };
}

function broken(door: ProbeContext, { done }: Execution, { target, rows, invariants }: Judging): readonly Problem[] {
  const findings = judgeHistory(
    { exchanges: done.map(({ exchange }) => exchange) },
    { target, interface: door.interface },
    { invariants: invariants.filter(({ id }) => ofRaces.has(id)), rows },
  );
  return findings.filter(({ verdict }) => verdict === 'fail').map(asProblem);
}

const asProblem = ({ check, requirement, reason, expected, actual, evidence }: Finding): Problem => ({
  check,
  requirement,
  kind: 'violated',
  reason,
  expected: expected ?? '',
  actual: actual ?? '',
  evidence,
});
