import type { Finding } from '../../core/findings/finding.ts';
import { isLayerFault } from '../../mocks/faulty-layer/layer-fault.ts';
import { faultOf, type Mutant } from '../../mocks/mutants/mutant.ts';
import { isAccusation } from '../accusation.ts';

/** A mutant in front of an agent: what it can break there, and who is to see it. Pure. */

/** The binding whose answers a layered mutant breaks. */
export const bindingOf = ({ options }: Mutant): string => options?.bindings?.[0] ?? 'JSONRPC';

/** Faults that act on answers alone, of agents that need no profile and at most a choice of binding. */
export function isLayered({ fault, profile, options = {} }: Mutant): boolean {
  const bindingsOnly =
    Object.keys(options).every((option) => option === 'bindings') && (options.bindings?.length ?? 1) === 1;
  return profile === undefined && bindingsOnly && isLayerFault(faultOf({ fault }));
}

/** What a mutant can show in front of an agent: its rows that pass there without it, with the killers that measure them there. */
export interface Expectation {
  readonly mutant: Mutant;
  /** Rows that are accused without any fault: they prove nothing, and blame nobody. */
  readonly accused: readonly string[];
}

const keyOf = ({ check, requirement }: Pick<Finding, 'check' | 'requirement'>): string => `${check} ${requirement}`;

/** The mutant cut down to what the agent shows; undefined where nothing of it passes on the agent itself. */
export function expectationOf(mutant: Mutant, clean: readonly Finding[]): Expectation | undefined {
  const accused = new Set(clean.filter(isAccusation).map(({ requirement }) => requirement));
  const passed = clean.filter(({ verdict, requirement }) => verdict === 'pass' && !accused.has(requirement));
  const rows = new Set(passed.map(({ requirement }) => requirement));
  const measured = new Set(passed.map(keyOf));
  const breaks = mutant.breaks.filter((row) => rows.has(row));
  const killedBy = mutant.killedBy.filter((check) =>
    breaks.some((requirement) => measured.has(keyOf({ check, requirement }))),
  );
  if (killedBy.length === 0) return undefined;
  // A killer that is missing here leaves its rows to others, if there are any.
  const seen = breaks.filter((requirement) => killedBy.some((check) => measured.has(keyOf({ check, requirement }))));
  return {
    mutant: { ...mutant, breaks: seen, killedBy, mayBreak: [...(mutant.mayBreak ?? []), ...mutant.breaks, ...accused] },
    accused: [...accused],
  };
}
