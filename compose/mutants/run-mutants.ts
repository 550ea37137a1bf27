import type { SuiteName } from '../../core/findings/explore-section.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import { isAccusation } from '../accusation.ts';
import { agentOptions, judgeAgent, oneLine, profilesOf, runAll, type Profiles } from '../judge-agent.ts';
import { isClean, judgeMutant, type MutantOutcome } from './matrix.ts';
import { accuseClean, runSuiteMutant } from './run-suite.ts';
import { ownAreas, type Scope } from './scope.ts';

export interface RunMutantsOptions {
  readonly mutants: readonly Mutant[];
  readonly seed?: number;
  /** Ids of those that meet the whole catalogue; the others meet the checks of their own areas. Default: all do. */
  readonly whole?: ReadonlySet<string>;
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
  /** First outcomes of mutants that the whole catalogue killed cleanly only when it was run again, alone. */
  readonly unsteady: readonly MutantOutcome[];
}

async function runMutant(
  mutant: Mutant,
  scope: Exclude<Scope, 'suite'>,
  seed: number,
  signal?: AbortSignal,
): Promise<MutantOutcome> {
  const startedAt = performance.now();
  const agent = await startMutant(mutant, agentOptions);
  const select = scope === 'whole' ? undefined : ownAreas(mutant);
  try {
    const findings = await judgeAgent(agent, { seed, profile: mutant.profile, select, signal });
    return judgeMutant(mutant, findings, performance.now() - startedAt, scope);
  } catch (error) {
    signal?.throwIfAborted();
    return { ...judgeMutant(mutant, [], performance.now() - startedAt, scope), failure: oneLine(error) };
  } finally {
    await agent.close();
  }
}

/** The agents without a fault that are met beside the mutants of suites: each suite and profile once. */
const agentsOfSuites = (mutants: readonly Mutant[]): readonly (readonly [SuiteName, Profiles])[] => [
  ...new Map(
    mutants.map(({ suite, profile }) => [JSON.stringify([suite, profilesOf(profile)]), [suite!, profile] as const]),
  ).values(),
];

/**
 * Runs the whole catalogue against the clean agent of every profile in use, and the catalogue or the checks of its own areas
 * against every mutant: a mutant's own checks have to accuse it of what it breaks, and nothing may accuse it of anything else.
 * Mutants of suites of generated cases come last, one after the other, and meet their suite.
 */
export async function runMutants(options: RunMutantsOptions): Promise<Matrix> {
  const { seed = 1, whole, concurrency, signal, onOutcome } = options;
  const mutants = options.mutants.filter(({ suite }) => suite === undefined);
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
      const scope = whole === undefined || whole.has(mutant.id) ? 'whole' : 'own-areas';
      const outcome = await runMutant(mutant, scope, seed, signal);
      onOutcome?.(outcome, (done += 1));
      return outcome;
    },
    { concurrency, signal },
  );
  // Looked at once more, alone and by the whole catalogue: its own areas may not do what shows the fault, and what was seen among
  // many agents on a busy machine may be the machine's.
  const settled: MutantOutcome[] = [];
  const unsteady: MutantOutcome[] = [];
  for (const outcome of outcomes) {
    const mutant = isClean(outcome) ? undefined : mutants.find(({ id }) => id === outcome.mutant);
    const again = mutant === undefined ? outcome : await runMutant(mutant, 'whole', seed, signal);
    if (outcome.scope === 'whole' && !isClean(outcome) && isClean(again)) unsteady.push(outcome);
    settled.push(again);
  }
  const ofSuites = options.mutants.filter(({ suite }) => suite !== undefined);
  for (const [suite, profile] of agentsOfSuites(ofSuites)) {
    const accusations = await accuseClean(suite, profile, { seed, signal });
    clean.push({ profile: `${profilesOf(profile).join(' and ')}, met by ${suite}`, accusations });
  }
  for (const mutant of ofSuites) {
    const outcome = await runSuiteMutant(mutant, { seed, signal });
    onOutcome?.(outcome, (done += 1));
    settled.push(outcome);
  }
  return { outcomes: settled, clean, killed: settled.filter(isClean).length, unsteady };
}
