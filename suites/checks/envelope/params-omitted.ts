import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst, type Readings } from '../shared/refusal.ts';
import { isSame } from './same-answer.ts';

/** The methods of which no parameter is required; the text shows the first one without params. */
const methods = ['GetExtendedAgentCard', 'ListTasks'] as const;

interface Asked {
  readonly method: (typeof methods)[number];
  /** With `"params": {}`; what it is answered with does not matter. */
  readonly control: CallResult;
  /** The same without params. */
  readonly omitted: CallResult;
}

interface Observation {
  readonly asked: readonly Asked[];
  /** Whether requests to this interface name a tenant, which then is a parameter. */
  readonly tenant: boolean;
}

const row = 'envelope/params-omitted';

const notShown: Readings = [
  'JSON-RPC 2.0 §4: params may be omitted, and none of this method is required',
  '§9.3, §9.4: the request of this method is shown with params',
];

/** §9.4.8 shows such a request; JSON-RPC 2.0 §4 lets params be omitted. */
export const paramsOmitted = defineCheck({
  id: row,
  title: 'A request without params, as the text shows it',
  requirements: [row],
  bindings: ['JSONRPC'],
  needs: [],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const asked: Asked[] = [];
    for (const method of methods) {
      const control = await client.call(method, {});
      const omitted = await client.raw({
        body: JSON.stringify({ jsonrpc: '2.0', id: context.id('rpc'), method }),
        violation: 'none, but params are omitted',
        operation: method,
      });
      asked.push({ method, control, omitted });
    }
    return { asked, tenant: (context.interface.tenant ?? '') !== '' };
  },

  judge({ asked, tenant }) {
    if (tenant) {
      const hint = 'nothing to enable: the tenant is demanded of every request';
      return { [row]: untested('the card names a tenant, which has to be a parameter', hint) };
    }
    const judged = asked.map(judgeOne);
    const measured = judged.filter(({ kind }) => kind !== 'untested');
    return { [row]: worst(measured.length > 0 ? measured : judged) };
  },
});

function judgeOne({ method, control, omitted }: Asked): Judgement {
  const evidence = [omitted.exchange, control.exchange] as const;
  // A layer before the method (authentication, a limit of calls) says nothing of the params.
  const cause = otherCause(control) ?? otherCause(omitted);
  if (cause !== undefined) return untested(`${method}: ${cause}`, 'run again; see --bearer and --timeout', ...evidence);
  if (isSame(omitted, control) || omitted.reply.kind === 'result') {
    return holds(`${method} without params is answered as with none: ${describeReply(omitted.reply)}`, ...evidence);
  }
  const reason = `${method} without params is answered in another way than with "params":{}`;
  const [expected, actual] = [describeReply(control.reply), describeReply(omitted.reply)];
  return method === 'GetExtendedAgentCard'
    ? violated({ reason, expected, actual }, ...evidence)
    : ambiguous(`${reason}: ${actual}`, notShown, ...evidence);
}
