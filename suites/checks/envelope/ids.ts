import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { unknownTaskParams } from '../shared/raw-params.ts';
import { otherCause } from '../shared/refusal.ts';
import { responseObject } from './response.ts';
import { isSame } from './same-answer.ts';

interface Asked {
  /** Absent for a request whose text breaks off before any id. */
  readonly id: string | number | null | undefined;
  readonly answer: CallResult;
}

interface Observation {
  /** GetTask of an unknown task, as the client sends it. */
  readonly control: CallResult;
  /** The same with ids that JSON-RPC allows and that are easily taken for none. */
  readonly strings: readonly Asked[];
  readonly numbers: readonly Asked[];
  readonly nullId: CallResult;
  /** A request that breaks off before its id. */
  readonly unreadable: CallResult;
}

const hint = 'run again; see the exchanges, --timeout and --header';

const largestInt32 = 2 ** 31 - 1;

/** The request as such was refused. */
const isRefused = ({ reply }: CallResult): boolean =>
  reply.kind === 'error' && (reply.error.name === 'InvalidRequestError' || reply.error.name === 'JSONParseError');

/** JSON-RPC 2.0 §4, §5: every kind of id is served, an id that cannot be read is answered by null. */
export const ids = defineCheck({
  id: 'envelope/ids',
  title: 'Requests with string ids, number ids, a null id, and none that can be read',
  requirements: ['envelope/string-and-number-ids', 'envelope/null-id-answered', 'envelope/id-null'],
  bindings: ['JSONRPC'],
  needs: [],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, target } = context;
    const params = unknownTaskParams(context);
    const ask = async (id: Asked['id'], method: 'GetTask' | 'SubscribeToTask' = 'GetTask'): Promise<Asked> => ({
      id,
      answer: await client.raw({
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        violation: `none, but an unusual id: ${JSON.stringify(id)}`,
        operation: method,
      }),
    });
    const control = await client.call('GetTask', params);
    const strings = [await ask('text'), await ask(''), await ask('0'), await ask('ä"\\ 日本')];
    const numbers = [await ask(7), await ask(0), await ask(-1), await ask(Number.MAX_SAFE_INTEGER)];
    if (target.capabilities.streaming) {
      // Not judged here: another way of answering, whose echo `envelope/id-echoed` compares.
      await ask('', 'SubscribeToTask');
      await ask(0, 'SubscribeToTask');
    }
    const nullId = (await ask(null)).answer;
    const unreadable = await client.raw({
      body: '{"jsonrpc":"2.0","method":"GetTask","params":{',
      violation: 'JSON cut off before its id',
    });
    return { control, strings, numbers, nullId, unreadable };
  },

  judge({ control, strings, numbers, nullId, unreadable }) {
    if (responseObject(control) === undefined || otherCause(control) !== undefined) {
      const none = untested(`the control failed, GetTask: ${describeReply(control.reply)}`, hint, control.exchange);
      return {
        'envelope/string-and-number-ids': none,
        'envelope/null-id-answered': none,
        'envelope/id-null': none,
      };
    }
    const served = [...strings, ...numbers].map(({ id, answer }): Judgement => {
      const what = `the ${typeof id} id ${JSON.stringify(id)}`;
      if (isSame(answer, control)) return holds(`${what} is served`, answer.exchange);
      const cause = otherCause(answer);
      if (cause !== undefined || responseObject(answer) === undefined)
        return untested(`${what}: ${cause ?? describeReply(answer.reply)}`, hint, answer.exchange);
      if (typeof id === 'number' && (id < 0 || id > largestInt32) && isRefused(answer)) {
        return ambiguous(
          `a request with ${what} is refused: ${describeReply(answer.reply)}`,
          [
            'JSON-RPC 2.0 §4: the id may be a number, any number',
            'RFC 8259 §6: implementations may set limits on the range of numbers',
          ],
          answer.exchange,
          control.exchange,
        );
      }
      return violated(
        {
          reason: `a request with ${what} is answered in another way than with other ids`,
          expected: describeReply(control.reply),
          actual: describeReply(answer.reply),
        },
        answer.exchange,
        control.exchange,
      );
    });
    return {
      // One kind of id that is served says nothing of the others.
      'envelope/string-and-number-ids':
        served.find(({ kind }) => kind === 'violated') ??
        served.find(({ kind }) => kind === 'ambiguous') ??
        served.find(({ kind }) => kind === 'untested') ??
        holds(`${strings.length} string ids and ${numbers.length} number ids are served`, control.exchange),
      'envelope/null-id-answered': judgeNullId(nullId, control),
      'envelope/id-null': judgeUnreadable(unreadable),
    };
  },
});

function judgeNullId(answer: CallResult, control: CallResult): Judgement {
  if (responseObject(answer) !== undefined) return holds('id null is answered', answer.exchange);
  const { response, endedBy } = answer.exchange;
  // An empty answer is what notifications get; anything else has another cause.
  const silent = endedBy === 'server' && response !== null && response.status < 300 && response.body.trim() === '';
  if (!silent) return untested(`id null: ${describeReply(answer.reply)}`, hint, answer.exchange);
  return violated(
    {
      reason: 'a request with id null is taken for a notification',
      expected: 'a response object (a result or an error) with id null',
      actual: `HTTP ${response.status} without a body`,
    },
    answer.exchange,
    control.exchange,
  );
}

function judgeUnreadable(answer: CallResult): Judgement {
  const envelope = responseObject(answer);
  const what = 'a request that breaks off before its id';
  if (envelope === undefined || otherCause(answer) !== undefined)
    return untested(`${what}: ${describeReply(answer.reply)}`, hint, answer.exchange);
  if (envelope['id'] === null) return holds(`${what} is answered with id null`, answer.exchange);
  return violated(
    {
      reason: `${what} is answered with another id than null`,
      expected: 'id null',
      actual: 'id' in envelope ? `id ${JSON.stringify(envelope['id'])}` : 'no id',
    },
    answer.exchange,
  );
}
