import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';

/** The same request without and with fields that no version of the protocol knows. */
interface Pair {
  readonly what: string;
  readonly without: CallResult;
  readonly with: CallResult;
  /** Without them once more, where it was refused with them: a task may have been purged in between (§3.3.2). */
  readonly again?: CallResult;
}

const unknown = { gauntletUnknownField: { nested: [1, 'two', null] } };

/** §5.7: unrecognised fields are ignored, so that the protocol may grow. */
export const unknownFields = defineCheck({
  id: 'envelope/unknown-fields',
  title: 'Fields that the agent does not know',
  requirements: ['envelope/unknown-fields'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<readonly Pair[]> {
    const { client, deadlines } = context;
    const timeoutMs = Math.max(deadlines.operationMs, deadlines.taskMs);
    const send = (params: Params) => client.call('SendMessage', params, { timeoutMs });
    const message = context.message('completes');
    const extended = context.message('completes');
    const parts = (extended['parts'] as readonly object[]).map((part) => ({ ...part, ...unknown }));
    const sent = await send({ message });
    const pairs: Pair[] = [
      {
        what: 'SendMessage with unknown fields in params, configuration, message and parts',
        without: sent,
        with: await send({ ...unknown, message: { ...extended, ...unknown, parts }, configuration: unknown }),
      },
    ];
    const value = sent.reply.kind === 'result' ? sent.reply.value : undefined;
    if (typeof value === 'object' && value !== null && 'task' in value) {
      const { id } = context.taskOf(sent);
      const without = await client.call('GetTask', { id });
      // Of HTTP+JSON it is a parameter of the query, which holds no objects (§11.5).
      const answer = await client.call('GetTask', { id, gauntletUnknownField: 'unknown' });
      const again = answer.reply.kind === 'result' ? {} : { again: await client.call('GetTask', { id }) };
      pairs.push({ what: 'GetTask with an unknown field', without, with: answer, ...again });
    }
    return pairs;
  },

  judge: (pairs) => ({ 'envelope/unknown-fields': worst(pairs.map(judgePair)) }),
});

function judgePair({ what, without, with: answer, again }: Pair): Judgement {
  const controls = again === undefined ? [without] : [without, again];
  const evidence = [answer, ...controls].map(({ exchange }) => exchange);
  const failed = controls.find(({ reply }) => reply.kind !== 'result');
  if (failed !== undefined)
    return untested(
      `the control failed, without the fields: ${describeReply(failed.reply)}`,
      'name another message that completes: --stimuli <file>',
      ...evidence,
    );
  if (answer.reply.kind === 'result') return holds(`${what}: served`, answer.exchange);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(`${what}: ${cause}`, 'run again; see --timeout', ...evidence);
  return violated(
    { reason: `${what} is refused`, expected: 'the fields are ignored', actual: describeReply(answer.reply) },
    ...evidence,
  );
}
