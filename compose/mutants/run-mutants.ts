import type { Finding } from '../../core/findings/finding.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import { isAccusation } from '../accusation.ts';
import { agentOptions, judgeAgent, oneLine, profilesOf, runAll } from '../judge-agent.ts';
import { isClean, judgeMutant, type MutantOutcome } from './matrix.ts';

export interface RunMutantsOptions {
  readonly mutants: readonly Mutant[];
  readonly seed?: number;
  /** Agents at a time; default: three a core, since most of a run is waiting. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: MutantOutcome, done: number) => void;
}

export interface Matrix {
  readonly outcomes: readonly MutantOutcome[];
  /** Accusations against the clean agent, by profile: the matrix proves nothing unless this is empty. */
  readonly clean: readonly { readonly profile: string; readonly accusations: readonly Finding[] }[];
  readonly killed: number;
  /** First outcomes of mutants that were cleanly killed only when they were run again, alone. */
  readonly unsteady: readonly MutantOutcome[];
}

async function runMutant(mutant: Mutant, seed: number, signal?: AbortSignal): Promise<MutantOutcome> {
  const startedAt = performance.now();
  const agent = await startMutant(mutant, agentOptions);
  try {
    const findings = await judgeAgent(agent, { seed, profile: mutant.profile, signal });
    return judgeMutant(mutant, findings, performance.now() - startedAt);
  } catch (error) {
    signal?.throwIfAborted();
    return { ...judgeMutant(mutant, [], performance.now() - startedAt), failure: oneLine(error) };
  } finally {
    await agent.close();
  }
}

/**
 * Runs the whole catalogue against every mutant, and against the clean agent of every profile in use: a mutant's own
 * checks have to accuse it of what it breaks, and nothing may accuse it of anything else.
 */
export async function runMutants(options: RunMutantsOptions): Promise<Matrix> {
  const { mutants, seed = 1, concurrency, signal, onOutcome } = options;
  const sets = mutants.map(({ profile }) => profilesOf(profile));
  const profiles = [...new Map(sets.map((set) => [set.join('+'), set])).entries()];
  const clean: Matrix['clean'][number][] = [];
  for (const [profile, set] of profiles) {
    const agent = await startReferenceAgent({ ...agentOptions, profile: set });
    try {
      const findings = await judgeAgent(agent, { seed, profile: set, signal });
      clean.push({ profile, accusations: findings.filter(isAccusation) });
    } finally {
      await agent.close();
    }
  }

  let done = 0;
  const outcomes = await runAll(
    mutants,
    async (mutant) => {
      const outcome = await runMutant(mutant, seed, signal);
      onOutcome?.(outcome, (done += 1));
      return outcome;
    },
    { concurrency, signal },
  );
  // What was seen among many agents on a busy machine is looked at once more alone: what stays is the mutant's, not the machine's.
  const settled: MutantOutcome[] = [];
  const unsteady: MutantOutcome[] = [];
  for (const outcome of outcomes) {
    const mutant = isClean(outcome) ? undefined : mutants.find(({ id }) => id === outcome.mutant);
    const again = mutant === undefined ? outcome : await runMutant(mutant, seed, signal);
    if (again !== outcome && isClean(again)) unsteady.push(outcome);
    settled.push(again);
  }
  return { outcomes: settled, clean, killed: settled.filter(isClean).length, unsteady };
}
