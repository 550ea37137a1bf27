import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { idsIn, isNoRoute, resultIn, tasksIn } from './answered.ts';

/** A list with a parameter, which is understood or refused. */
interface Listed {
  readonly parameter: string;
  readonly answer: CallResult;
}

interface Observation {
  /** Two tasks of one context, and one that is not in it; null where the agent gave none. */
  readonly ids: readonly [string, string] | null;
  readonly outside: string;
  /** ListTasks of the context, before and after the others. */
  readonly all: readonly CallResult[];
  /** The same with pageSize=1. */
  readonly one: CallResult;
  /** Further parameters, each of another type. */
  readonly typed: readonly Listed[];
  /** The same as the first list, and GetTask of a known task, with every character percent-encoded. */
  readonly encodedList: CallResult;
  readonly known: CallResult;
  readonly encodedGet: CallResult;
}

const everyByte = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** §11.5: what a GET says in its query, and how it is written. */
export const query = defineCheck({
  id: 'http-json/query',
  title: 'Parameters in the query: names, types, percent-encoding',
  requirements: ['http-json/query-names', 'http-json/query-values', 'http-json/percent-encoding'],
  bindings: ['HTTP+JSON'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const first = context.taskOf(await context.send('completes'));
    const { contextId } = first;
    const inContext = contextId === undefined ? {} : { message: { contextId } };
    const second = context.taskOf(await context.send('completes', inContext));
    const outside = context.taskOf(await context.send('completes'));
    const list = (more: Params = {}): Promise<CallResult> =>
      client.call('ListTasks', { ...(contextId === undefined ? {} : { contextId }), ...more });
    const before = await list();
    const one = await list({ pageSize: 1 });
    const typed = [
      { parameter: 'includeArtifacts=true', answer: await list({ includeArtifacts: true }) },
      { parameter: 'includeArtifacts=false', answer: await list({ includeArtifacts: false }) },
      { parameter: 'historyLength=0', answer: await list({ historyLength: 0 }) },
      { parameter: 'status=TASK_STATE_COMPLETED', answer: await list({ status: 'TASK_STATE_COMPLETED' }) },
      {
        parameter: 'statusTimestampAfter=2020-01-01T00:00:00.000Z',
        answer: await list({ statusTimestampAfter: '2020-01-01T00:00:00.000Z' }),
      },
    ];
    const raw = (path: string, operation: 'ListTasks' | 'GetTask'): Promise<CallResult> =>
      client.raw({
        method: 'GET',
        path,
        body: null,
        operation,
        violation: 'none, but every character of a value is percent-encoded',
      });
    return {
      ids: contextId !== undefined && second.contextId === contextId ? [first.id, second.id] : null,
      outside: outside.id,
      one,
      typed,
      encodedList: await raw(
        `/tasks${contextId === undefined ? '' : `?contextId=${everyByte(contextId)}`}`,
        'ListTasks',
      ),
      known: await client.call('GetTask', { id: first.id }),
      encodedGet: await raw(`/tasks/${everyByte(first.id)}`, 'GetTask'),
      all: [before, await list()],
    };
  },

  judge(observation) {
    return {
      'http-json/query-names': worst([judgePageSize(observation), judgeContext(observation)]),
      'http-json/query-values': worst(observation.typed.map((one) => judgeTyped(one, observation))),
      'http-json/percent-encoding': worst([judgeEncodedGet(observation), judgeEncodedList(observation)]),
    };
  },
});

const hint = 'run again; see --timeout and --bearer';

/** Both tasks of the context are in the lists without parameters, before and after. */
const control = ({ ids, all }: Observation): boolean =>
  ids !== null && all.every((list) => ids.every((id) => idsIn(list).includes(id)));

const evidenceOf = ({ all }: Observation, answer: CallResult) => [
  answer.exchange,
  ...all.map(({ exchange }) => exchange),
];

const unproven = (what: string, observation: Observation, answer: CallResult): Judgement =>
  untested(
    `${what}: the control failed, ListTasks of a context does not show its two tasks`,
    'see the exchanges of the control',
    ...evidenceOf(observation, answer),
  );

function judgePageSize(observation: Observation): Judgement {
  const { one } = observation;
  const tasks = tasksIn(one);
  if (!control(observation)) return unproven('pageSize=1', observation, one);
  const cause = otherCause(one);
  if (tasks === undefined || cause !== undefined)
    return untested(`pageSize=1: ${cause ?? describeReply(one.reply)}`, hint, one.exchange);
  if (tasks.length <= 1) return holds('pageSize=1 gives one task', one.exchange);
  return violated(
    { reason: 'pageSize=1 is not read', expected: 'at most one task', actual: `${tasks.length} tasks` },
    ...evidenceOf(observation, one),
  );
}

/** A filter that is not read lets every task through. */
function judgeContext(observation: Observation): Judgement {
  const { all, outside } = observation;
  const [list] = all;
  if (!control(observation)) return unproven('contextId', observation, list!);
  const foreign = tasksIn(list!)!.find(({ id }) => id === outside);
  if (foreign === undefined) return holds('contextId is read', list!.exchange);
  return violated(
    { reason: 'contextId is not read', expected: 'tasks of the context alone', actual: `task ${outside} of another` },
    ...evidenceOf(observation, list!),
  );
}

/** Whether it has the right effect is for the rows of ListTasks; here a good value must not be refused as a bad one. */
function judgeTyped({ parameter, answer }: Listed, observation: Observation): Judgement {
  const { reply, exchange } = answer;
  if (tasksIn(answer) !== undefined) return holds(`${parameter} is served`, exchange);
  if (!control(observation)) return unproven(parameter, observation, answer);
  const cause = otherCause(answer);
  if (cause !== undefined || reply.kind !== 'error' || reply.error.name === 'InternalError')
    return untested(`${parameter}: ${cause ?? describeReply(reply)}`, hint, exchange);
  if (reply.error.name === 'UnsupportedOperationError') {
    return ambiguous(
      `${parameter} is not supported`,
      ['§11.5, §3.1.4: the value is understood', '§3.3.2: an aspect of an operation may not be supported'],
      ...evidenceOf(observation, answer),
    );
  }
  return violated(
    { reason: `${parameter} is refused`, expected: 'the tasks of the context', actual: describeReply(reply) },
    ...evidenceOf(observation, answer),
  );
}

function judgeEncodedGet({ known, encodedGet }: Observation): Judgement {
  const { reply, exchange } = encodedGet;
  const id = resultIn(known)['id'];
  const what = 'GetTask with its id percent-encoded';
  if (id === undefined)
    return untested(`${what}: the control failed`, 'see the exchange of the control', known.exchange);
  if (resultIn(encodedGet)['id'] === id) return holds(`${what} gives the same task`, exchange);
  return refusedEncoding(what, `task ${String(id)}`, encodedGet, describeReply(reply), known);
}

function judgeEncodedList(observation: Observation): Judgement {
  const { encodedList, all, ids } = observation;
  const what = 'ListTasks with its contextId percent-encoded';
  if (!control(observation)) return unproven(what, observation, encodedList);
  const found = idsIn(encodedList);
  if (ids!.every((id) => found.includes(id))) return holds(`${what} gives the same tasks`, encodedList.exchange);
  const actual = tasksIn(encodedList) === undefined ? describeReply(encodedList.reply) : `${found.length} tasks`;
  return refusedEncoding(what, 'the two tasks of the context', encodedList, actual, all[0]!);
}

/** Only what shows that the value was taken as it was written: an empty list, an unknown task, a refusal of the value. */
function refusedEncoding(
  what: string,
  expected: string,
  answer: CallResult,
  actual: string,
  proof: CallResult,
): Judgement {
  const cause = otherCause(answer);
  const isSilent = answer.reply.kind === 'none' || (answer.reply.kind === 'malformed' && !isNoRoute(answer));
  if (cause !== undefined || isSilent) return untested(`${what}: ${cause ?? actual}`, hint, answer.exchange);
  return violated({ reason: `${what} is not understood`, expected, actual }, answer.exchange, proof.exchange);
}
