import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';

interface Case {
  readonly line: string;
  readonly answer: CallResult;
}

interface Observation {
  /** ListTasks, well-formed. */
  readonly served: CallResult;
  readonly paths: readonly Case[];
  readonly methods: readonly Case[];
}

/** §5.3, RFC 9110: what is none of the table. None of these requests can start work. */
export const unknownPlaces = defineCheck({
  id: 'http-json/unknown-places',
  title: 'Paths and methods that are none of the table',
  requirements: ['http-json/unknown-path', 'http-json/wrong-method'],
  bindings: ['HTTP+JSON'],
  needs: [],

  async probe({ client, id }: ProbeContext): Promise<Observation> {
    const unknown = encodeURIComponent(id('unknown'));
    const ask = async (method: string, path: string): Promise<Case> => {
      const line = `${method} ${path.replace(unknown, '{id}')}`;
      const body = method === 'GET' ? null : '{}';
      return { line, answer: await client.raw({ method, path, body, violation: `${line} is none of the table` }) };
    };
    return {
      served: await client.call('ListTasks', { pageSize: 1 }),
      paths: [await ask('GET', '/gauntlet-no-such-path'), await ask('POST', '/message:gauntlet')],
      methods: [await ask('DELETE', `/tasks/${unknown}`), await ask('PUT', '/message:send')],
    };
  },

  judge({ served, paths, methods }) {
    const judge = (one: Case, expected: readonly number[], allowed: readonly number[]): Judgement =>
      judgePlace(one, served, expected, allowed);
    return {
      'http-json/unknown-path': worst(paths.map((one) => judge(one, [404], [405, 501, 400]))),
      'http-json/wrong-method': worst(methods.map((one) => judge(one, [405, 501], [404, 400]))),
    };
  },
});

/** `allowed`: another status by which a client can tell as well that there is nothing. */
function judgePlace(
  { line, answer }: Case,
  served: CallResult,
  expected: readonly number[],
  allowed: readonly number[],
): Judgement {
  const { reply, exchange } = answer;
  const status = exchange.response?.status ?? 0;
  const wanted = `HTTP ${expected.join(' or ')}`;
  if (served.reply.kind !== 'result')
    return untested(`${line}: the control failed, ListTasks`, 'see the exchange of the control', served.exchange);
  if (expected.includes(status)) return holds(`${line}: HTTP ${status}`, exchange);
  const cause = otherCause(answer);
  if (cause !== undefined || reply.kind === 'none')
    return untested(`${line}: ${cause ?? describeReply(reply)}`, 'run again; see --timeout and --bearer', exchange);
  if (allowed.includes(status)) {
    return ambiguous(
      `${line}: HTTP ${status}`,
      [`RFC 9110 §9.1, §15.5: ${wanted}`, 'a server may answer so for whatever it does not know'],
      exchange,
    );
  }
  return violated(
    { reason: `${line} is none of the table, and not refused as such`, expected: wanted, actual: `HTTP ${status}` },
    exchange,
    served.exchange,
  );
}
