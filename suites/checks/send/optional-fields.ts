import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { compareWithField, judgeOptionalField, type WithField } from '../shared/optional-field.ts';
import { strings } from '../envelope/marked-text.ts';

interface Observation {
  readonly modes: WithField;
  readonly metadata: WithField;
}

/** Names are those of extensions (§4.6.1); what stands there is for whoever knows them. */
export const metadata = {
  'https://example.com/extensions/gauntlet/v1': {
    text: 'für später',
    list: [1, 2.5, true, null, { deep: [[]] }],
    none: null,
  },
} as const;

/** a2a.proto SendMessageConfiguration.accepted_output_modes, metadata: fields that any client may set. */
export const optionalFields = defineCheck({
  id: 'send/optional-fields',
  title: 'acceptedOutputModes and metadata of a message',
  requirements: ['send/output-modes-served', 'send/metadata-served'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const plain = (): Promise<CallResult> => context.send('completes');
    const first = await plain();
    const acceptedOutputModes = outputModes(context, first);
    const answers: CallResult[] = [first];
    const kept = async (asked: Promise<CallResult>): Promise<CallResult> => {
      const answer = await asked;
      answers.push(answer);
      return answer;
    };
    const modes = await compareWithField(
      'configuration.acceptedOutputModes',
      () => kept(plain()),
      () => kept(context.send('completes', { configuration: { acceptedOutputModes } })),
    );
    const filled = await compareWithField(
      'metadata',
      () => Promise.resolve(modes.plain.at(-1)!),
      () => kept(context.send('completes', { metadata, message: { metadata } })),
    );
    await cancelTaskIn(context, ...answers);
    return { modes, metadata: filled };
  },

  judge: ({ modes, metadata: filled }) => ({
    'send/output-modes-served': judgeOptionalField(modes),
    'send/metadata-served': judgeOptionalField(filled),
  }),
});

/** All that the card declares, and what the agent's own answer to the message came in: nothing is left to refuse. */
function outputModes({ target }: ProbeContext, answer: CallResult): readonly string[] {
  const { defaultOutputModes, skills } = target.card;
  const ofSkills = Array.isArray(skills)
    ? (skills as { outputModes?: unknown }[]).map((skill) => skill?.outputModes)
    : [];
  const declared = strings([defaultOutputModes, ofSkills]);
  const seen = answer.reply.kind === 'result' ? mediaTypes(answer.reply.value) : [];
  return [...new Set([...declared, ...seen, 'text/plain', 'application/json'])];
}

function mediaTypes(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'mediaType' in value && typeof value.mediaType === 'string' ? [value.mediaType] : [];
  return [...own, ...Object.values(value).flatMap(mediaTypes)];
}
