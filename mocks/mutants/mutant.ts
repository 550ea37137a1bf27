import type { RunningAgent } from '../reference-agent/agent.ts';
import { startReferenceAgent } from '../reference-agent/agent.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { Profile, ReferenceAgentOptions } from '../reference-agent/settings.ts';

/** A reference agent with one defect. */
export interface Mutant {
  /** `<area>/<what is wrong>`. */
  readonly id: string;
  readonly description: string;
  /** Ids of the requirement rows that it violates. */
  readonly breaks: readonly string[];
  /** Rows that it violates too, where what runs beside it on the same agent happens to show it. */
  readonly mayBreak?: readonly string[];
  /** Ids of the checks that have to notice. */
  readonly killedBy: readonly string[];
  /** The suite of generated cases that `killedBy` belongs to; absent: the checks of the catalogue. */
  readonly suite?: 'properties' | 'exposure' | 'state-machine' | 'concurrency';
  readonly profile?: Profile | readonly Profile[];
  readonly options?: Omit<ReferenceAgentOptions, 'profile' | 'fault'>;
  /** A function where the defect has a memory, or draws by the agent's seed: each agent gets its own. */
  readonly fault: Fault | ((seed: number) => Fault);
}

/** The defect of one agent; a defect that is not always there is drawn by `seed`. */
export const faultOf = ({ fault }: Pick<Mutant, 'fault'>, seed = 1): Fault =>
  typeof fault === 'function' ? fault(seed) : fault;

/** The options of the agent that has this defect; the mutant's own options win over `base`. */
export function mutantOptions(mutant: Mutant, base: ReferenceAgentOptions = {}, seed = 1): ReferenceAgentOptions {
  return {
    ...base,
    ...mutant.options,
    ...(mutant.profile === undefined ? {} : { profile: mutant.profile }),
    fault: faultOf(mutant, seed),
  };
}

export function startMutant(mutant: Mutant, base: ReferenceAgentOptions = {}, seed = 1): Promise<RunningAgent> {
  return startReferenceAgent(mutantOptions(mutant, base, seed));
}
