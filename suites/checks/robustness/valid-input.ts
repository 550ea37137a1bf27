import { defineCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { untested, type Judgement } from '../../../core/findings/judgement.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { standardBindings, type Binding } from '../../../protocol/operations.ts';
import { worst } from '../shared/refusal.ts';
import { nested, type BadInput } from './bad-input-kind.ts';
import { cancelWith } from './large-inputs.ts';
import { isAlive, isCutOff, judgeAnswered, noControl, offer, type Group, type Survival } from './survival.ts';

const row = 'robustness/valid-request-answered';

const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x1_0000 + 0x1234)).join('');

/** Metadata at the edges of what is usual, far from any limit that §13.4 means. */
const edges: readonly { readonly input: string; readonly metadata: string }[] = [
  { input: 'metadata with a text of 8,000 characters', metadata: JSON.stringify({ text: 'x'.repeat(8_000) }) },
  { input: 'metadata with a character of each plane', metadata: JSON.stringify({ [planes]: planes }) },
  { input: 'metadata with an empty text, an empty list and null', metadata: '{"":"","list":[],"null":null}' },
  { input: 'metadata of ten levels', metadata: nested(10) },
];

/** Cancels of a task that does not exist: valid, without effect, and with an error that the text names. */
export const validInputs = (binding: Binding, unknownId: string): readonly BadInput[] =>
  edges.map(({ input, metadata }) => ({ input, invalid: true, request: cancelWith(binding, unknownId, metadata) }));

/** §3.3.2: what is valid is served or refused. */
export const validInput = defineCheck({
  id: 'robustness/valid-input',
  title: 'Valid requests at the edges of what is usual; a good request after each',
  requirements: [row],
  bindings: standardBindings,
  needs: [],

  async probe(context: ProbeContext): Promise<Survival> {
    const unknownId = context.id('unknown');
    // Only what comes with it may be the cause.
    const control = await context.client.call('CancelTask', { id: unknownId });
    if (control.reply.kind === 'none') {
      const reason = `CancelTask of an unknown task is not answered, whatever comes with it: ${describeReply(control.reply)}`;
      throw new Unelicited(reason, 'run again; see --timeout', [control.exchange]);
    }
    return offer(context, validInputs(context.interface.binding as Binding, unknownId));
  },

  judge: ({ before, groups }) => ({
    [row]: isAlive(before) ? worst(groups.map(judgeServed)) : noControl({ before }),
  }),
});

/** Silence accuses nobody here, as of drawn requests: only a connection that is cut twice does. */
function judgeServed(group: Group): Judgement {
  const { input, answer, again, after } = group;
  if (again?.reply.kind === 'none' && !(isCutOff(answer) && isCutOff(again))) {
    const evidence = [answer, again, ...after].map(({ exchange }) => exchange);
    return untested(`${input}: ${describeReply(again.reply)}`, 'run again; see --timeout', ...evidence);
  }
  return judgeAnswered(group, 'a result or an error of the binding');
}
