import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { detailReadings, isWellKnownDetail } from '../../../core/invariants/error-details.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { PatchRelease } from '../../../protocol/errors.ts';
import { otherCause, worst, type Readings } from '../shared/refusal.ts';
import { isNoRoute, tasksIn } from './answered.ts';

interface Case {
  readonly violation: string;
  readonly answer: CallResult;
  /** The value is one to filter by: no task has it. */
  readonly filter?: boolean;
}

interface Observation {
  /** ListTasks and GetTask of an unknown task, well-formed: before and after. */
  readonly list: readonly CallResult[];
  readonly bodies: readonly Case[];
  readonly queries: readonly Case[];
}

/** §3.3.2, §13.4: what is asked is validated first. None of these requests can start work. */
export const malformed = defineCheck({
  id: 'http-json/malformed',
  title: 'Bodies that are no JSON object, and values of a query that are none',
  requirements: ['http-json/invalid-body', 'http-json/invalid-query', 'http-json/validation-details'],
  bindings: ['HTTP+JSON'],
  needs: [],

  async probe({ client }: ProbeContext): Promise<Observation> {
    const body = async (violation: string, text: string): Promise<Case> => ({
      violation,
      answer: await client.raw({ path: '/message:send', body: text, violation, operation: 'SendMessage' }),
    });
    const value = async (name: string, bad: string, filter = false): Promise<Case> => ({
      violation: `${name}=${bad}`,
      answer: await client.callMalformed('ListTasks', { [name]: bad }, `${name} is ${bad}`),
      filter,
    });
    const list = (): Promise<CallResult> => client.call('ListTasks', { pageSize: 1 });
    const before = await list();
    return {
      bodies: [
        await body('JSON cut off before its end', '{"message":{"messageId":"gauntlet","role":"ROLE_USER","parts":['),
        await body('text that is no JSON', 'message=hello'),
        await body('a JSON text', '"hello"'),
        await body('a JSON list', '[]'),
      ],
      queries: [
        await value('pageSize', 'many'),
        await value('includeArtifacts', 'perhaps'),
        await value('status', 'TASK_STATE_GAUNTLET', true),
        await value('statusTimestampAfter', 'yesterday', true),
        await value('historyLength', 'all'),
      ],
      list: [before, await list()],
    };
  },

  judge({ list, bodies, queries }, { specPatch }) {
    // A body is read by the same server; an operation of its own would start work.
    const alive = list.every(({ reply }) => reply.kind === 'result');
    const rejected = (one: Case): Judgement => judgeRejected(one, alive, list);
    return {
      'http-json/invalid-body': worst(bodies.map(rejected)),
      'http-json/invalid-query': worst(queries.map(rejected)),
      'http-json/validation-details': worst([...bodies, ...queries].map((one) => judgeDetails(one, specPatch))),
    };
  },
});

/** As with `list/filters-validated`, on every binding. */
const noValue: Readings = [
  '§3.3.2, §6.5: this is no value of the parameter, and fails validation',
  'no task has such a value, so the list is empty',
];

const hint = 'run again; see --timeout and --bearer';

function judgeRejected({ violation, answer, filter }: Case, alive: boolean, list: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...list.map((control) => control.exchange)];
  if (!alive)
    return untested(`${violation}: the control failed, ListTasks`, 'see the exchange of the control', ...evidence);
  const status = exchange.response?.status ?? 0;
  const cause = otherCause(answer);
  if (cause !== undefined || reply.kind === 'none' || isNoRoute(answer))
    return untested(`${violation}: ${cause ?? describeReply(reply)}`, hint, exchange);
  if (status >= 400 && status < 500) return holds(`${violation} is rejected: ${describeReply(reply)}`, exchange);
  if (status >= 500) {
    return ambiguous(
      `${violation} is rejected as a failure of the server: ${describeReply(reply)}`,
      [
        '§3.3.2: all input parameters MUST be validated, and a validation error is 400',
        '§3.3.2: a status of 5xx is a system error of the server, whatever the request',
      ],
      ...evidence,
    );
  }
  // An error under a success is an error all the same (`errors/code-mapping`).
  if (reply.kind === 'error') return holds(`${violation} is rejected: ${describeReply(reply)}`, exchange);
  if (filter === true && tasksIn(answer)?.length === 0) {
    return list.some((control) => tasksIn(control)?.length === 0)
      ? untested(`${violation}: there is no task to list`, 'see list/returns-tasks', ...evidence)
      : ambiguous(`${violation} is accepted, with an empty page`, noValue, ...evidence);
  }
  return violated(
    {
      reason: `${violation} is accepted`,
      expected: 'a validation error (HTTP 400)',
      actual: `HTTP ${status}: ${describeReply(reply)}`,
    },
    ...evidence,
  );
}

function judgeDetails({ violation, answer: { reply, exchange } }: Case, patch: PatchRelease | undefined): Judgement {
  if (reply.kind !== 'error' || exchange.response?.status !== 400) {
    return untested(`${violation}: no validation error to read`, 'see http-json/invalid-body', exchange);
  }
  const { details } = reply.error;
  const types = (Array.isArray(details) ? details.filter(isObject) : []).map((detail) => detail['@type']);
  const known = types.find(isWellKnownDetail);
  if (known !== undefined) return holds(`${violation}: the error carries ${String(known)}`, exchange);
  // Structured data is optional; where there is some, it is of a known type.
  if (types.length === 0)
    return untested(`${violation}: the error carries no details`, 'nothing to enable: details are optional', exchange);
  const reason = `${violation}: the error carries no well-known type`;
  const actual = types.map(String).join(', ');
  return patch === undefined
    ? ambiguous(`${reason}: ${actual}`, detailReadings, exchange)
    : violated({ reason, expected: 'a detail such as google.rpc.BadRequest', actual }, exchange);
}
