import { defineCheck, type Need, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { httpJsonCodec } from '../../../core/wire/http-json/codec.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { fetchCard, type CardFetch } from '../agent-card/fetch-card.ts';
import { otherCause } from '../shared/refusal.ts';
import { isNoRoute, isServed } from './answered.ts';

interface Observation {
  /** ListTasks at `/{tenant}/tasks`, and at `/tasks?tenant=…`. */
  readonly inPath: CallResult;
  readonly asField: CallResult;
  /** The positive control: whether the card still comes from its place. */
  readonly card: CardFetch;
}

const needsTenant: Need = {
  description: 'interface with a tenant',
  decide: ({ interface: ref, target }) =>
    ref?.tenant && target.tenants?.ofCard !== false
      ? null
      : { verdict: 'skip', reason: 'the card declares no tenant for this interface' },
};

const readings = [
  'a2a.proto: additional_bindings put the tenant before the path: /{tenant}/…',
  '§8.3.2: the tenant is a field of the request, and the paths of §11.3 have none',
] as const;

/** a2a.proto, §8.3.2: where a request names the tenant of the interface. */
export const tenant = defineCheck({
  id: 'http-json/tenant',
  title: 'The tenant of an interface, before the path or as a field',
  requirements: ['http-json/tenant'],
  bindings: ['HTTP+JSON'],
  needs: [needsTenant],

  async probe(context: ProbeContext): Promise<Observation> {
    const { http, deadlines, signal, interface: ref, client } = context;
    const name = encodeURIComponent(ref.tenant ?? '');
    // By its own client the way that works is chosen; here both are asked for, with its headers.
    const sample = (await client.call('ListTasks', { pageSize: 1 })).exchange;
    const ask = async (path: string): Promise<CallResult> => {
      const [place = ''] = ref.url.split(/[?#]/);
      const exchange = await http.send({
        request: { ...sample.request, url: `${place.replace(/\/+$/, '')}${path}` },
        intent: { kind: 'operation', operation: 'ListTasks', params: { tenant: ref.tenant, pageSize: 1 } },
        interface: ref,
        actor: 'main',
        timeoutMs: deadlines.operationMs,
        signal,
        classify: (answered) => (httpJsonCodec.decodeReply(answered).kind === 'result' ? 'ok' : 'error'),
      });
      return { exchange, reply: httpJsonCodec.decodeReply(exchange) };
    };
    return {
      inPath: await ask(`/${name}/tasks?pageSize=1`),
      asField: await ask(`/tasks?tenant=${name}&pageSize=1`),
      card: await fetchCard(context),
    };
  },

  judge({ inPath, asField, card }) {
    const evidence = [inPath.exchange, asField.exchange];
    if (isServed(inPath, true)) return { 'http-json/tenant': holds('/{tenant}/tasks is served', inPath.exchange) };
    if (isServed(asField, true))
      return { 'http-json/tenant': ambiguous('the tenant is known as a field only', readings, ...evidence) };
    const cause = otherCause(inPath) ?? otherCause(asField);
    if (cause !== undefined || card.card === undefined || !isNoRoute(inPath, true) || !isNoRoute(asField, true))
      return {
        'http-json/tenant': untested(
          `ListTasks: ${cause ?? describeReply(inPath.reply)}`,
          'run again; see --timeout and --bearer',
          ...evidence,
        ),
      };
    return {
      'http-json/tenant': violated(
        {
          reason: 'requests are served neither at /{tenant}/… nor with the tenant as a field, while the card is served',
          expected: 'ListTasks at /{tenant}/tasks',
          actual: `${describeReply(inPath.reply)}; as a field: ${describeReply(asField.reply)}`,
        },
        ...evidence,
        card.exchange,
      ),
    };
  },
});
