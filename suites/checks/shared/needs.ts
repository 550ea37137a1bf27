import type { Need } from '../../../core/engine/check.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';

/** At least one of the stimuli was elicited in exploration; else `untested` with the way to enable it. */
export const needsAnyStimulus = (...names: readonly [StimulusName, ...StimulusName[]]): Need => ({
  description: `stimulus ${names.join(' or ')}`,
  decide: ({ behaviours }) =>
    names.some((name) => behaviours?.elicited[name])
      ? null
      : {
          verdict: 'untested',
          reason: behaviours?.missing[names[0]] ?? `no message was found that makes the agent behave as "${names[0]}"`,
          hint: `name one in a stimuli file: --stimuli <file> with an entry ${names.map((name) => `"${name}"`).join(' or ')}`,
        },
});
