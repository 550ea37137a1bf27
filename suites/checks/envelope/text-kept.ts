import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { worst } from '../shared/refusal.ts';
import { historyOf, taskIn } from '../shared/task-parts.ts';
import { marked, returned } from './marked-text.ts';

/** A message with several samples beside the stimulus, and the task as GetTask shows it. */
interface Sent {
  readonly samples: readonly Sample[];
  readonly messageId: unknown;
  readonly answers: readonly CallResult[];
}

export interface Sample {
  readonly what: string;
  readonly text: string;
}

const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x1_0000 + 0x1234));

/** What programs that handle text carelessly change. */
const letters: readonly Sample[] = [
  { what: 'a character of each of the 17 planes', text: planes.join(' ') },
  { what: 'both forms of normalisation', text: '\u00e9 e\u0301, \ufb01, \u212b, \u1112\u1161\u11ab, \u0958' },
  {
    what: 'right-to-left text with its marks',
    text: '\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u2067\u0645\u0631\u062d\u0628\u0627\u2069 \u200f!',
  },
  {
    what: 'invisible characters',
    text: 'a\u200db, \u{1f469}\u200d\u{1f469}\u200d\u{1f467}, \ufeffc, d\u00ade, \u2028f, \u2029g, \u{e0067}h',
  },
  { what: 'blanks and line ends', text: '  a\t\tb\r\nc\rd\n\ne\u00a0\u3000f  ' },
  { what: 'what looks like markup and escapes', text: '<b>&amp;</b> \\u0041 \\n %41 ${x} {{x}} "quoted" \'single\'' },
];

/** Not every store can hold them (PostgreSQL has no NUL), so they come in a message of their own. */
const controls: readonly Sample[] = [
  { what: 'NUL', text: 'a\u0000b' },
  { what: 'control characters', text: 'a\u0001\u0008\u001b\u007f\u0085b' },
];

/** A text is a sequence of characters, and a message in the history is the one that was sent. */
export const textKept = defineCheck({
  id: 'envelope/text-kept',
  title:
    'Text of every plane, in every form of normalisation, with marks, blanks, NUL and controls, as the history shows it',
  requirements: ['envelope/text-kept'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<readonly Sent[]> {
    const send = async (samples: readonly Sample[]): Promise<Sent> => {
      const { parts, messageId } = context.message('completes');
      const more = samples.map(({ text }) => ({ text: marked(text) }));
      const message = { messageId, parts: [...(parts as readonly unknown[]), ...more] };
      const sent = await context.send('completes', { message });
      const task = taskIn(sent);
      const got = task && (await context.client.call('GetTask', { id: task.id }));
      await cancelTaskIn(context, got ?? sent);
      return { samples, messageId, answers: [sent, ...(got ? [got] : [])] };
    };
    return [await send(letters), await send(controls)];
  },

  judge: (sent) => ({ 'envelope/text-kept': worst(sent.flatMap(judgeSent)) }),
});

/** The texts that an answer gives back: of the message in the history, and all others. */
function textsIn(answer: CallResult, messageId: unknown) {
  const task = taskIn(answer);
  const kept = (task && historyOf(task))?.find((message) => message.messageId === messageId);
  return {
    kept: kept && returned(kept),
    all: answer.reply.kind === 'result' ? returned(answer.reply.value) : [],
  };
}

function judgeSent({ samples, messageId, answers }: Sent): readonly Judgement[] {
  // What is no UTF-8 itself (`envelope/utf-8`) does not show how the request was read.
  const texts = answers
    .filter(({ exchange }) => exchange.response?.validUtf8 !== false)
    .map((answer) => ({ exchange: answer.exchange, ...textsIn(answer, messageId) }));
  return samples.map(({ what, text }, index): Judgement => {
    const complete = texts.find(({ kept }) => kept?.length === samples.length);
    const got = complete?.kept?.[index];
    if (got === text) return holds(`${what} came back unchanged`, complete!.exchange);
    if (got !== undefined) return changed(what, text, got, complete!.exchange);
    const echoed = texts.find(({ all }) => all.includes(text));
    if (echoed) return holds(`${what} came back unchanged`, echoed.exchange);
    return untested(
      `the message of the client is not given back: ${answers.map(({ reply }) => describeReply(reply)).join('; ')}`,
      'nothing to enable where the agent keeps no history of the client’s messages',
      ...answers.map(({ exchange }) => exchange),
    );
  });
}

const points = (text: string): string =>
  [...text].map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`).join(' ');

/** From the first place on where two texts differ. */
export function changed(what: string, text: string, got: string, exchange: CallResult['exchange']): Judgement {
  const [sent, shown] = [[...text], [...got]];
  const at = sent.findIndex((character, index) => character !== shown[index]);
  const from = at === -1 ? sent.length : at;
  const piece = (characters: readonly string[]): string =>
    points(characters.slice(from, from + 4).join('')) || 'its end';
  return ambiguous(
    `${what}: sent ${piece(sent)}, in the history stands ${piece(shown)}`,
    [
      'a2a.proto Task.history, Part.text: the history holds the messages, and a text is a string of characters',
      '§3.7: what is kept of messages is for the agent to say, so that it may clean their text',
    ],
    exchange,
  );
}
