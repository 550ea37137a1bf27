import type { Finding } from '../../core/findings/finding.ts';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import { startVariant, type Variant } from '../../mocks/variants/variant.ts';
import { isAccusation } from '../accusation.ts';
import { agentOptions, judgeAgent, oneLine, runAll } from '../judge-agent.ts';
import { isUnaccused, judgeVariant, passedRows, type VariantOutcome } from './outcome.ts';

export interface RunVariantsOptions {
  readonly variants: readonly Variant[];
  readonly seed?: number;
  /** Agents at a time; default: three a core, since most of a run is waiting. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: VariantOutcome, done: number) => void;
}

export interface VariantRun {
  readonly outcomes: readonly VariantOutcome[];
  /** What is said against the clean agent: nothing, or the run proves nothing. */
  readonly accusations: readonly Finding[];
  /** Rows that pass on the clean agent: the measure of how much a variant lets be measured. */
  readonly cleanPassed: number;
  /** First outcomes of variants that were unaccused only when they were run again, alone. */
  readonly unsteady: readonly VariantOutcome[];
}

async function runVariant(
  variant: Variant,
  clean: ReadonlySet<string>,
  seed: number,
  signal?: AbortSignal,
): Promise<VariantOutcome> {
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const { profile, patienceMs } = variant;
  const agent = await startVariant(variant, agentOptions);
  try {
    const patience = patienceMs === undefined ? {} : { timeoutMs: patienceMs };
    const findings = await judgeAgent(agent, { seed, profile, signal, ...patience });
    return judgeVariant(variant, findings, clean, elapsed());
  } catch (error) {
    signal?.throwIfAborted();
    return { ...judgeVariant(variant, [], clean, elapsed()), failure: oneLine(error) };
  } finally {
    await agent.close();
  }
}

/** Runs the whole catalogue against the clean agent, and against every agent that is unusual but right. */
export async function runVariants(options: RunVariantsOptions): Promise<VariantRun> {
  const { variants, seed = 1, concurrency, signal, onOutcome } = options;
  const agent = await startReferenceAgent(agentOptions);
  let findings: readonly Finding[];
  try {
    findings = await judgeAgent(agent, { seed, signal });
  } finally {
    await agent.close();
  }
  const clean = passedRows(findings);
  let done = 0;
  const outcomes = await runAll(
    variants,
    async (variant) => {
      const outcome = await runVariant(variant, clean, seed, signal);
      onOutcome?.(outcome, (done += 1));
      return outcome;
    },
    { concurrency, signal },
  );
  // Accused among many agents on a busy machine, it is looked at once more alone.
  const settled: VariantOutcome[] = [];
  const unsteady: VariantOutcome[] = [];
  for (const outcome of outcomes) {
    const variant = isUnaccused(outcome) ? undefined : variants.find(({ id }) => id === outcome.variant);
    const again = variant === undefined ? outcome : await runVariant(variant, clean, seed, signal);
    if (again !== outcome && isUnaccused(again)) unsteady.push(outcome);
    settled.push(again);
  }
  return { outcomes: settled, accusations: findings.filter(isAccusation), cleanPassed: clean.size, unsteady };
}
