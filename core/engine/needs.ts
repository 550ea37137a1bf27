import type { StimulusName } from '../target/behaviours.ts';
import type { Need } from './check.ts';

/** The stimulus was elicited in exploration; else `untested` with the way to enable it. */
export const needsStimulus = (name: StimulusName): Need => ({
  description: `stimulus ${name}`,
  decide: ({ behaviours }) =>
    behaviours?.elicited[name]
      ? null
      : {
          verdict: 'untested',
          reason: behaviours?.missing[name] ?? `no message was found that makes the agent behave as "${name}"`,
          hint: `name one in a stimuli file: --stimuli <file> with an entry "${name}"`,
        },
});

type BooleanCapability = 'streaming' | 'pushNotifications' | 'extendedAgentCard';

/** The card declares the capability; else `skip`. */
export const needsCapability = (name: BooleanCapability): Need => ({
  description: `card declares capabilities.${name}`,
  decide: ({ target }) =>
    target.capabilities[name] ? null : { verdict: 'skip', reason: `the card does not declare capabilities.${name}` },
});

/** The card does not declare the capability; else `skip`. */
export const needsNoCapability = (name: BooleanCapability): Need => ({
  description: `card does not declare capabilities.${name}`,
  decide: ({ target }) =>
    target.capabilities[name] ? { verdict: 'skip', reason: `the card declares capabilities.${name}` } : null,
});

/** Why notifications cannot be received, and what helps. */
export const noWebhook = {
  reason: 'the agent is not on this machine, so it cannot reach a webhook that listens here',
  hint: 'give the public URL of a tunnel or proxy to this machine: --webhook-url <url> --webhook-listen <port>',
} as const;

/** The agent can be told to notify a webhook of this run; else `untested`. */
export const needsWebhook: Need = {
  description: 'a webhook that the agent reaches (--webhook-url where it is not on this machine)',
  decide: ({ webhooks }) => (webhooks ? null : { verdict: 'untested', ...noWebhook }),
};

/** The user named a second principal; else `untested`, and `skip` where the card demands nothing by which callers are told apart. */
export const needsSecondPrincipal: Need = {
  description: 'a second principal that must not see the tasks of the first (--second-bearer)',
  decide({ secondPrincipal, target: { card } }) {
    if (secondPrincipal) return null;
    const { securityRequirements: demanded } = card;
    if (!Array.isArray(demanded) || demanded.length === 0)
      return { verdict: 'skip', reason: 'the card demands no credentials by which callers are told apart' };
    return {
      verdict: 'untested',
      reason: 'the boundary between principals is the agent’s own (§13.1): no second one was named for this interface',
      hint: 'name one who must not see the tasks of the first: --second-bearer <token>',
    };
  },
};

/** The card marks an extension as required; else `skip`. */
export const needsRequiredExtension: Need = {
  description: 'card marks an extension as required',
  decide: ({ target }) =>
    target.capabilities.requiredExtensions.length > 0
      ? null
      : { verdict: 'skip', reason: 'the card marks no extension as required' },
};
