import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { marked, returned } from './marked-text.ts';

interface Observation {
  /** The text that was sent beside the stimulus, between two words of ASCII. */
  readonly text: string;
  /** The answers, and the events of a stream as answers of their own. */
  readonly answers: readonly CallResult[];
}

const sample = 'Grüße, Ελλάδα, 日本, 🌍';

/** RFC 8259 §8.1: JSON text between systems is UTF-8; a text that comes back shows how it was read. */
export const utf8 = defineCheck({
  id: 'envelope/utf-8',
  title: 'Text outside ASCII',
  requirements: ['envelope/utf-8-read'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, target } = context;
    // Beside the stimulus, which has to be understood, and marked, so that it is found again in whatever comes back.
    const beside = (): { readonly message: { readonly parts: readonly unknown[] } } => {
      const parts = context.message('completes')['parts'] as readonly unknown[];
      return { message: { parts: [...parts, { text: marked(sample) }] } };
    };
    const sent = await context.send('completes', beside());
    const answers = [sent];
    const value = sent.reply.kind === 'result' ? sent.reply.value : undefined;
    if (typeof value === 'object' && value !== null && 'task' in value)
      answers.push(await client.call('GetTask', { id: context.taskOf(sent).id }));
    if (target.capabilities.streaming) {
      const { exchange, events } = await (await context.sendStreaming('completes', beside())).done;
      answers.push(...events.map(({ reply }) => ({ exchange, reply })));
    }
    return { text: sample, answers };
  },

  judge({ text, answers }) {
    // An answer that is no UTF-8 itself (`envelope/utf-8`) does not show how the request was read.
    const readable = answers.filter(({ exchange }) => exchange.response?.validUtf8 !== false);
    const found = readable.flatMap((answer) =>
      answer.reply.kind === 'result'
        ? returned(answer.reply.value).map((got) => ({ got, exchange: answer.exchange }))
        : [],
    );
    const mangled = found.find(({ got }) => isMangled(got, text));
    const intact = found.find(({ got }) => got.normalize() === text.normalize());
    if (mangled) {
      return {
        'envelope/utf-8-read': violated(
          { reason: 'text outside ASCII comes back mangled', expected: text, actual: mangled.got },
          mangled.exchange,
        ),
      };
    }
    if (intact) return { 'envelope/utf-8-read': holds(`"${text}" comes back as it was sent`, intact.exchange) };
    return {
      'envelope/utf-8-read': untested(
        'the agent gives the text back neither in its history nor in its answer',
        'name a message that the agent answers with its own text: --stimuli <file> with an entry "completes"',
        ...answers.map(({ exchange }) => exchange),
      ),
    };
  },
});

/** The ways in which UTF-8 is misread or lost; what an agent changed on purpose looks like none of them. */
function isMangled(got: string, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  const misread = [String.fromCharCode(...bytes), new TextDecoder('windows-1252').decode(bytes)];
  const lost = text.split(', ').map((word) => word.replaceAll(/[^ -~]/gu, '?').replaceAll(/\?+/g, '?'));
  return misread.includes(got) || got.includes('\uFFFD') || got.replaceAll(/\?+/g, '?') === lost.join(', ');
}
