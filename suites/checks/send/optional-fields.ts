import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { compareWithField, judgeOptionalField, type WithField } from '../shared/optional-field.ts';
import { strings } from '../envelope/marked-text.ts';

interface Observation {
  readonly modes: WithField;
  readonly metadata: WithField;
  /** Against a part with other data. */
  readonly nullData: WithField;
}

/** By the rules of ProtoJSON null leaves a field unset, but for a Value, of which it is one. */
const nullReadings = [
  'ProtoJSON: null is a value of google.protobuf.Value, so that the part has a content',
  '§5.5, ProtoJSON: null is accepted for any field as unset, so that the part has none and may be refused',
] as const;

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
  title: 'acceptedOutputModes, metadata and a part of null data in a message',
  requirements: ['send/output-modes-served', 'send/metadata-served', 'send/null-data-served'],
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
    const withData = (data: unknown): Promise<CallResult> => {
      const { parts } = context.message('completes');
      return kept(context.send('completes', { message: { parts: [...(parts as readonly unknown[]), { data }] } }));
    };
    const nullData = await compareWithField(
      'a part with data: null',
      () => withData({ gauntlet: true }),
      () => withData(null),
    );
    await cancelTaskIn(context, ...answers);
    return { modes, metadata: filled, nullData };
  },

  judge: ({ modes, metadata: filled, nullData }) => ({
    'send/output-modes-served': judgeOptionalField(modes),
    'send/metadata-served': judgeOptionalField(filled),
    'send/null-data-served': judgeOptionalField(nullData, nullReadings),
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
