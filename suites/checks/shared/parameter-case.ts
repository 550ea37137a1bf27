import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { Binding } from '../../../protocol/operations.ts';
import { callThatSucceeds } from './call-that-succeeds.ts';
import { otherCause, worst } from './refusal.ts';

/** The same request under another spelling of the name. */
export interface Spelled {
  readonly name: string;
  readonly own: CallResult;
  readonly unsupported: CallResult;
}

/** What is compared. */
export interface Observation {
  readonly usual: Spelled;
  readonly others: readonly Spelled[];
  /** The same as at first, after all of them: what it asks for may be gone by then. */
  readonly after: CallResult;
}

/** §9.2, §11.2, RFC 9110 §5.1: names of header fields have no case. The check of one binding, with the row of its own. */
export const parameterCaseOf = <const Row extends string>(row: Row, binding: Binding) =>
  defineCheck({
    id: row,
    title: 'A2A-Version in other spellings of its name',
    requirements: [row],
    bindings: [binding],
    needs: [needsStimulus('completes')],

    async probe(context: ProbeContext): Promise<Observation> {
      const call = await callThatSucceeds(context);
      const { version } = context.interface;
      const spell = async (name: string): Promise<Spelled> => ({
        name,
        own: await call({ headers: { 'A2A-Version': null, [name]: version } }),
        unsupported: await call({ headers: { 'A2A-Version': null, [name]: '99.0' } }),
      });
      const usual = await spell('A2A-Version');
      const others = [await spell('a2a-version'), await spell('A2A-VERSION')];
      return { usual, others, after: await call({}) };
    },

    judge({ usual, others, after }) {
      const judgement = worst(others.map((spelled) => judgeSpelling(spelled, usual, after)));
      return { [row]: judgement } as Record<Row, Judgement>;
    },
  });

/** The usual spelling tells a supported version from another: so must the others. */
function judgeSpelling({ name, own, unsupported }: Spelled, usual: Spelled, after: CallResult): Judgement {
  const evidence = [own, unsupported, usual.own, usual.unsupported, after].map(({ exchange }) => exchange);
  if (usual.own.reply.kind !== 'result' || usual.unsupported.reply.kind !== 'error') {
    return untested(
      `${name}: the control failed, A2A-Version does not tell versions apart`,
      'see errors/version-unsupported',
      ...evidence,
    );
  }
  if (after.reply.kind !== 'result') {
    return untested(
      `${name}: the control failed afterwards: ${describeReply(after.reply)}`,
      'run again, on tasks that stay for a while',
      ...evidence,
    );
  }
  const cause = otherCause(own) ?? otherCause(unsupported);
  if (cause !== undefined) return untested(`${name}: ${cause}`, 'run again; see --timeout', ...evidence);
  if (own.reply.kind === 'result' && unsupported.reply.kind === 'error')
    return holds(`${name} is read as A2A-Version is`, own.exchange, unsupported.exchange);
  return violated(
    {
      reason: `${name} is read in another way than A2A-Version`,
      expected: 'a result for the own version, an error for 99.0',
      actual: `${describeReply(own.reply)}; ${describeReply(unsupported.reply)}`,
    },
    ...evidence,
  );
}
