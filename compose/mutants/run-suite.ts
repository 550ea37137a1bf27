import type { Finding } from '../../core/findings/finding.ts';
import type { SuiteName } from '../../core/findings/explore-section.ts';
import { mutantOptions, type Mutant } from '../../mocks/mutants/mutant.ts';
import type { ReferenceAgentOptions } from '../../mocks/reference-agent/settings.ts';
import { isAccusation } from '../accusation.ts';
import { exploreAgent, startAgent } from '../explore-agent.ts';
import { oneLine, principalsOf, type Profiles } from '../judge-agent.ts';
import type { RunExploreOptions } from '../run-explore.ts';
import { isClean, judgeMutant, type MutantOutcome } from './matrix.ts';

type Effort = Pick<RunExploreOptions, 'runs' | 'timeMs' | 'timeoutMs' | 'intrusive'>;

/** Cases of one run, enough to meet nearly every mutant of the suite. */
export const efforts = {
  properties: { runs: 400, timeMs: 100_000, timeoutMs: 8_000 },
  // Of each operation as many answers as meet a fault of one in ten with 95 % probability.
  exposure: { runs: 60, timeMs: 100_000, timeoutMs: 2_000, intrusive: true },
  'state-machine': { runs: 30, timeMs: 100_000, timeoutMs: 8_000 },
  // Two turns through all races. When the time is up, smaller cases are not looked for until the end.
  concurrency: { runs: 54, timeMs: 30_000, timeoutMs: 2_000 },
} as const satisfies Readonly<Record<SuiteName, Effort>>;

/** Runs with other cases, where those of one did not meet the fault. */
const mostRuns = 4;

const start = (options: ReferenceAgentOptions) => startAgent({ bindings: ['JSONRPC'], ...options });

interface SuiteRun {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Meets a mutant with its suite of generated cases: a kill by one seed is enough, wrong blame on any is one. Alone: what else runs
 * on the machine decides how several clients fall together.
 */
export async function runSuiteMutant(mutant: Mutant, { seed, signal }: SuiteRun): Promise<MutantOutcome> {
  const startedAt = performance.now();
  const suite = mutant.suite!;
  const judge = (findings: readonly Finding[]): MutantOutcome =>
    judgeMutant(mutant, findings, performance.now() - startedAt, 'suite');
  let outcome = judge([]);
  for (let run = 0; run < mostRuns && !isClean(outcome) && outcome.blamed.length === 0; run += 1) {
    const agent = await start(mutantOptions(mutant, {}, seed + run));
    try {
      const { findings } = await exploreAgent(
        agent,
        { suites: [suite], seed: seed + run, ...principalsOf(mutant.profile), ...efforts[suite] },
        signal,
      );
      outcome = judge(findings);
    } catch (error) {
      signal?.throwIfAborted();
      return { ...outcome, failure: oneLine(error) };
    } finally {
      await agent.close();
    }
    signal?.throwIfAborted();
  }
  return outcome;
}

/** What a suite says against an agent without a fault: the clean one of a profile, or one that `options` make unusual. */
export async function accuseClean(
  suite: SuiteName,
  profile: Profiles,
  { seed, signal }: SuiteRun,
  options: ReferenceAgentOptions = {},
): Promise<readonly Finding[]> {
  const agent = await start({ ...options, ...(profile === undefined ? {} : { profile }) });
  try {
    const given = { suites: [suite], seed, ...principalsOf(profile), ...efforts[suite] };
    const { findings } = await exploreAgent(agent, given, signal);
    signal?.throwIfAborted();
    return findings.filter(isAccusation);
  } finally {
    await agent.close();
  }
}
