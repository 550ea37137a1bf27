import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, skip, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, judgeRefusal, otherCause, refusalOf, worst } from '../shared/refusal.ts';

export const unsupportedMediaType = 'application/x-gauntlet-unsupported';

interface Observation {
  /** The message with a text part more, of type text/plain. */
  readonly served: CallResult;
  /** The same with the unsupported type: nothing else differs. */
  readonly text: CallResult;
  /** Null where the card declares no streaming. */
  readonly stream: CallResult | null;
  /** The control's message as a stream. */
  readonly servedStream: CallResult | null;
  /** A file of that type: agents may look at the type of files only. */
  readonly file: CallResult;
}

/** §3.1.1, §3.3.2: a media type that the agent does not support. */
export const contentType = defineCheck({
  id: 'errors/content-type',
  title: 'A message with a media type that no agent has',
  requirements: ['errors/content-type'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines, target } = context;
    const withPart = (part: Params) => {
      const message = context.message('completes');
      return { message: { ...message, parts: [...(message['parts'] as readonly unknown[]), part] } };
    };
    const text = (mediaType: string) => withPart({ text: 'gauntlet', mediaType });
    const served = await client.call('SendMessage', text('text/plain'));
    const refusedText = await client.call('SendMessage', text(unsupportedMediaType));
    const file = await client.call(
      'SendMessage',
      withPart({ raw: 'AAECAw==', mediaType: unsupportedMediaType, filename: 'gauntlet.bin' }),
    );
    const open = async (mediaType: string): Promise<CallResult | null> =>
      target.capabilities.streaming
        ? refusalOf(await client.stream('SendStreamingMessage', text(mediaType)), deadlines.operationMs)
        : null;
    const servedStream = await open('text/plain');
    const stream = await open(unsupportedMediaType);
    await cancelTaskIn(context, served, refusedText, file, servedStream, stream);
    return { served, text: refusedText, file, servedStream, stream };
  },

  judge({ served, text, file, servedStream, stream }, { target }) {
    if (takesEverything(target.card)) {
      return { 'errors/content-type': skip('the card declares */* as an input mode') };
    }
    return {
      'errors/content-type': worst([
        judgeAnswer('SendMessage with a text', text, served),
        judgeFile(file, served),
        ...(stream && servedStream ? [judgeAnswer('SendStreamingMessage with a text', stream, servedStream)] : []),
      ]),
    };
  },
});

function judgeAnswer(who: string, answer: CallResult, served: CallResult): Judgement {
  return judgeRefusal({
    what: `${who} of type ${unsupportedMediaType}`,
    answer,
    expected: 'ContentTypeNotSupportedError',
    control: control('the same message with text/plain', served),
    tolerated: [
      {
        errors: ['InvalidParamsError'],
        readings: [
          '§3.1.1: a media type that is not supported is ContentTypeNotSupportedError',
          '§3.3.2 names an unsupported content type as an example of a validation error',
        ],
      },
    ],
    accepted: () =>
      untested(
        `the agent takes ${unsupportedMediaType}: it may support any media type`,
        'nothing to enable: only an agent that refuses a media type can show its error',
        answer.exchange,
      ),
  });
}

/** More than the media type differs from the control here: another error may speak of the file. */
function judgeFile(answer: CallResult, served: CallResult): Judgement {
  const { reply, exchange } = answer;
  const other = reply.kind === 'error' && !mayBe(reply.error, 'ContentTypeNotSupportedError');
  const comparable = served.reply.kind === 'result' && otherCause(answer) === undefined;
  if (!other || !comparable) return judgeAnswer('SendMessage with a file', answer, served);
  return ambiguous(
    `SendMessage with a file of type ${unsupportedMediaType}: ${describeReply(reply)}`,
    [
      'the media type is not supported, which is ContentTypeNotSupportedError',
      'the part was refused for a reason of the agent that another error describes',
    ],
    exchange,
  );
}

function takesEverything(card: Readonly<Record<string, unknown>>): boolean {
  const skills = Array.isArray(card['skills']) ? (card['skills'] as readonly unknown[]) : [];
  const modes = [
    card['defaultInputModes'],
    ...skills.map((skill) => (skill as { inputModes?: unknown } | null)?.inputModes),
  ];
  return modes.some((list) => Array.isArray(list) && list.some((mode) => mode === '*/*' || mode === 'application/*'));
}
