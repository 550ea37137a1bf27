import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause } from '../shared/refusal.ts';
import { messageIn } from '../shared/task-parts.ts';

interface Observation {
  /** Without configuration: the controls, before and (after a refusal) between. */
  readonly plain: readonly CallResult[];
  /** With `returnImmediately`; a second time where the first was refused. */
  readonly immediate: readonly CallResult[];
}

/** §3.1.1, §3.2.2: direct Messages, with and without `returnImmediately`. */
export const directMessage = defineCheck({
  id: 'send/direct-message',
  title: 'A direct Message, with returnImmediately too',
  requirements: ['send/direct-message', 'send/return-immediately-message'],
  needs: [needsStimulus('replies-with-message')],

  async probe(context: ProbeContext): Promise<Observation> {
    const plain = [await context.send('replies-with-message')];
    const immediately = (): Promise<CallResult> =>
      context.send('replies-with-message', { configuration: { returnImmediately: true } });
    const immediate = [await immediately()];
    if (immediate[0]?.reply.kind === 'error') {
      plain.push(await context.send('replies-with-message'));
      immediate.push(await immediately());
    }
    return { plain, immediate };
  },

  judge: ({ plain, immediate }) => {
    const exchanges = [...plain, ...immediate].map(({ exchange }) => exchange);
    const direct = plain.every((answer) => messageIn(answer) !== undefined);
    return {
      'send/direct-message': direct
        ? holds('the agent answers with a direct Message', ...plain.map(({ exchange }) => exchange))
        : untested('the agent did not answer with a Message this time', 'run again', ...exchanges),
      'send/return-immediately-message': direct
        ? noEffect(immediate, exchanges)
        : untested('the control failed: no direct Message without returnImmediately', 'run again', ...exchanges),
    };
  },
});

function noEffect(immediate: readonly CallResult[], exchanges: readonly CallResult['exchange'][]): Judgement {
  const answered = immediate.find(({ reply }) => reply.kind === 'result');
  if (answered !== undefined) {
    // A task instead of the Message is the agent's choice (§3.1.1).
    const what = messageIn(answered) === undefined ? 'a task' : 'a direct Message';
    return holds(`with returnImmediately the message is answered with ${what}`, answered.exchange);
  }
  const unclear = immediate.find((answer) => answer.reply.kind !== 'error' || otherCause(answer) !== undefined);
  if (unclear !== undefined) return untested(describeReply(unclear.reply), 'run again; see --timeout', ...exchanges);
  return violated(
    {
      reason: 'a message that is answered directly is refused with returnImmediately, twice',
      expected: 'the direct Message: returnImmediately has no effect on it',
      actual: immediate.map(({ reply }) => describeReply(reply)).join('; '),
    },
    ...exchanges,
  );
}
