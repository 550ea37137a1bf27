import { availableParallelism } from 'node:os';
import type { Finding } from '../../core/findings/finding.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { tckStimuli } from '../../fixtures/stimuli/tck-preset.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { startReferenceAgent, type RunningAgent } from '../../mocks/reference-agent/agent.ts';
import type { Profile, ReferenceAgentOptions } from '../../mocks/reference-agent/settings.ts';
import { judgeTarget } from '../judge-target.ts';
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
}

/** Long enough to be seen running, and for what needs a span of timestamps; short enough for hundreds of runs. */
const agentOptions: ReferenceAgentOptions = { longRunningMs: 1_500 };

/** An operation that hangs is given up after this. */
const timeoutMs = 4_000;

async function findingsOf(agent: RunningAgent, seed: number, signal?: AbortSignal): Promise<readonly Finding[]> {
  const { result } = await judgeTarget({
    url: agent.url,
    headers: {},
    tls: {},
    timeoutMs,
    budget: createTaskBudget(1_000),
    intrusive: true,
    owned: [],
    stimuli: tckStimuli,
    seed,
    concurrency: 8,
    ...(signal === undefined ? {} : { signal }),
  });
  return result.findings;
}

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

async function runMutant(mutant: Mutant, seed: number, signal?: AbortSignal): Promise<MutantOutcome> {
  const startedAt = performance.now();
  const agent = await startMutant(mutant, agentOptions);
  try {
    const findings = await findingsOf(agent, seed, signal);
    return judgeMutant(mutant, findings, performance.now() - startedAt);
  } catch (error) {
    signal?.throwIfAborted();
    return { ...judgeMutant(mutant, [], performance.now() - startedAt), failure: oneLine(error) };
  } finally {
    await agent.close();
  }
}

const profilesOf = ({ profile = 'full' }: Pick<Mutant, 'profile'>): readonly Profile[] =>
  typeof profile === 'string' ? [profile] : profile;

/**
 * Runs the whole catalogue against every mutant, and against the clean agent of every profile in use: a mutant's own
 * checks have to accuse it of what it breaks, and nothing may accuse it of anything else.
 */
export async function runMutants(options: RunMutantsOptions): Promise<Matrix> {
  const { mutants, seed = 1, signal, onOutcome } = options;
  const profiles = [...new Map(mutants.map(profilesOf).map((set) => [set.join('+'), set])).entries()];
  const clean: Matrix['clean'][number][] = [];
  for (const [profile, set] of profiles) {
    const agent = await startReferenceAgent({ ...agentOptions, profile: set });
    try {
      const findings = await findingsOf(agent, seed, signal);
      const accusations = findings.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict));
      clean.push({ profile, accusations });
    } finally {
      await agent.close();
    }
  }

  const outcomes = new Map<Mutant, MutantOutcome>();
  const queue = [...mutants];
  const work = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      signal?.throwIfAborted();
      const outcome = await runMutant(mutant, seed, signal);
      outcomes.set(mutant, outcome);
      onOutcome?.(outcome, outcomes.size);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 3 * availableParallelism() }, work));
  const ordered = mutants.flatMap((mutant) => outcomes.get(mutant) ?? []);
  return { outcomes: ordered, clean, killed: ordered.filter(isClean).length };
}
