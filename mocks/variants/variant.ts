import type { RunningAgent } from '../reference-agent/agent.ts';
import { startReferenceAgent } from '../reference-agent/agent.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { Profile, ReferenceAgentOptions } from '../reference-agent/settings.ts';

/** A reference agent that is unusual and still right: nobody may accuse it. */
export interface Variant {
  /** `<theme>/<what is unusual>`. */
  readonly id: string;
  readonly description: string;
  /** What of the text allows it: sections, with a word on what they say. */
  readonly allowedBy: string;
  /**
   * Requirement rows that may be a warning: a SHOULD that it leaves out, or a place where the text has two readings and
   * this agent follows the rarer one.
   */
  readonly warns?: readonly string[];
  readonly profile?: Profile | readonly Profile[];
  readonly options?: Omit<ReferenceAgentOptions, 'profile' | 'fault'>;
  /** A function where the behaviour has a memory: each agent gets its own. */
  readonly fault?: Fault | (() => Fault);
  /**
   * How much of what passes on the clean agent has to pass here: an agent on which nothing can be measured proves nothing.
   * Default 0.6; less where it cannot show what the rows speak of.
   */
  readonly share?: number;
  /** How long a client has to have patience for one operation, in ms; default is for the runner to say. */
  readonly patienceMs?: number;
}

/** The options of the agent that is like this; the variant's own options win over `base`. */
export function variantOptions(variant: Variant, base: ReferenceAgentOptions = {}): ReferenceAgentOptions {
  const { fault, options, profile } = variant;
  return {
    ...base,
    ...options,
    ...(profile === undefined ? {} : { profile }),
    ...(fault === undefined ? {} : { fault: typeof fault === 'function' ? fault() : fault }),
  };
}

export function startVariant(variant: Variant, base: ReferenceAgentOptions = {}): Promise<RunningAgent> {
  return startReferenceAgent(variantOptions(variant, base));
}
