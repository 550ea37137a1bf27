import type { Finding } from '../../core/findings/finding.ts';
import type { Stimulus } from '../../core/target/behaviours.ts';
import { startFaultyLayer } from '../../mocks/faulty-layer/layer.ts';
import { faultOf, type Mutant } from '../../mocks/mutants/mutant.ts';
import { isAccusation } from '../accusation.ts';
import { judgeAgent, oneLine, runAll } from '../judge-agent.ts';
import { bindingOf, expectationOf, isLayered } from './layered.ts';
import { isClean, judgeMutant, type MutantOutcome } from './matrix.ts';
import { ownAreas, type Scope } from './scope.ts';

export interface RunLayeredOptions {
  /** Base URL of an agent on this machine. */
  readonly url: string;
  readonly mutants: readonly Mutant[];
  readonly stimuli?: readonly Stimulus[];
  readonly seed?: number;
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: MutantOutcome, done: number, all: number) => void;
}

export interface LayeredRun {
  readonly outcomes: readonly MutantOutcome[];
  readonly killed: number;
  /** What is said against the agent through a layer without a fault, by binding: known, and no blame for any mutant. */
  readonly accused: readonly { readonly binding: string; readonly finding: Finding }[];
  /** Mutants that reach into an agent, or of whose rows none passes on this one. */
  readonly untried: readonly { readonly mutant: string; readonly why: string }[];
}

/**
 * Puts every mutant that a layer can be in front of an agent, on the mutant's own binding, and runs the checks of its areas: named
 * killers have to accuse what they let pass on the agent itself.
 *
 * @throws where the agent has no card.
 */
export async function runLayered(options: RunLayeredOptions): Promise<LayeredRun> {
  const { url, mutants, stimuli, seed = 1, concurrency, timeoutMs, signal, onOutcome } = options;
  const settings = {
    seed,
    signal,
    ...(stimuli === undefined ? {} : { stimuli }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const untried = mutants
    .filter((mutant) => !isLayered(mutant))
    .map(({ id }) => ({ mutant: id, why: 'it reaches into the agent itself, or is for an agent of another profile' }));
  const layered = mutants.filter(isLayered);

  const clean = new Map<string, readonly Finding[]>();
  for (const binding of new Set(layered.map(bindingOf))) {
    await using layer = await startFaultyLayer({ url });
    try {
      clean.set(binding, await judgeAgent(layer, { ...settings, bindings: [binding] }));
    } catch (error) {
      signal?.throwIfAborted();
      // The agent does not speak it.
      clean.set(binding, []);
      untried.push({ mutant: `all of ${binding}`, why: oneLine(error) });
    }
  }
  const tried = layered.flatMap((mutant) => {
    const expectation = expectationOf(mutant, clean.get(bindingOf(mutant))!);
    if (expectation !== undefined) return [expectation.mutant];
    untried.push({ mutant: mutant.id, why: 'none of its rows passes on the agent itself' });
    return [];
  });

  const run = async (mutant: Mutant, scope: Scope): Promise<MutantOutcome & { readonly acted: boolean }> => {
    const startedAt = performance.now();
    const elapsed = (): number => performance.now() - startedAt;
    await using layer = await startFaultyLayer({ url, fault: faultOf(mutant) });
    try {
      const select = scope === 'whole' ? undefined : ownAreas(mutant);
      const findings = await judgeAgent(layer, { ...settings, bindings: [bindingOf(mutant)], select });
      return { ...judgeMutant(mutant, findings, elapsed(), scope), acted: layer.acted() };
    } catch (error) {
      signal?.throwIfAborted();
      return { ...judgeMutant(mutant, [], elapsed(), scope), failure: oneLine(error), acted: true };
    }
  };
  let done = 0;
  const settled = await runAll(
    tried,
    async (mutant) => {
      const first = await run(mutant, 'own-areas');
      // What shows the fault may be another area's traffic.
      const { acted, ...outcome } = isClean(first) ? first : await run(mutant, 'whole');
      done += 1;
      if (acted) {
        onOutcome?.(outcome, done, tried.length);
        return outcome;
      }
      untried.push({ mutant: mutant.id, why: 'its fault found nothing to change in what this agent says' });
      return undefined;
    },
    { concurrency, signal },
  );
  const outcomes = settled.filter((outcome) => outcome !== undefined);
  return {
    outcomes,
    killed: outcomes.filter(isClean).length,
    accused: [...clean].flatMap(([binding, findings]) =>
      findings.filter(isAccusation).map((finding) => ({ binding, finding })),
    ),
    untried,
  };
}
