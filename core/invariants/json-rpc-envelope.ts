import { expectedId } from './expected-id.ts';
import { defineInvariant } from './invariant.ts';
import { excerpt } from '../../protocol/schemas/problem.ts';
import { isEnvelope, rpcAnswers, type RpcAnswer, type RpcEnvelope } from '../wire/jsonrpc/rpc-answers.ts';
import { mayBeStranger } from './strangers.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

const hint = 'the interface answered nothing over JSON-RPC; see --timeout and --header';

const instance = ({ exchange }: RpcAnswer, defect?: Defect): Instance => ({ exchanges: [exchange], defect });

/** `result` and `error` are the two ways to answer; a member that is there counts, whatever its value. */
function resultXorError({ json }: RpcEnvelope): Defect | undefined {
  const members = ['result', 'error'].filter((name) => Object.hasOwn(json, name));
  if (members.length === 1) return undefined;
  return {
    expected: 'either result or error',
    actual: members.length === 2 ? `result: ${excerpt(json['result'])}, error: ${excerpt(json['error'])}` : 'neither',
  };
}

function echo({ json }: RpcEnvelope, id: string | number | null, nullAllowed: boolean): Defect | undefined {
  const found = json['id'];
  if (found === id || (nullAllowed && found === null)) return undefined;
  return { expected: `id ${excerpt(id)}`, actual: `id ${excerpt(found)}` };
}

export const jsonRpcEnvelope = defineInvariant({
  id: 'invariants/json-rpc-envelope',
  title: 'Every JSON-RPC answer is a response object with version, id and either result or error',
  provenance: { kind: 'spec' },
  requirements: [
    'envelope/response-object',
    'envelope/version',
    'envelope/id-echoed',
    'envelope/id-null',
    'envelope/result-or-error',
  ],
  judge(history, { target }) {
    const answers = rpcAnswers(history);
    const envelopes = answers.filter(isEnvelope);
    const isStranger = mayBeStranger(history, target, envelopes.length > 0);
    const ids = envelopes.map((answer) => ({ answer, expected: expectedId(answer) }));
    const counted = 'JSON-RPC answers';
    return {
      'envelope/response-object': judgeInstances(
        answers
          .filter(({ source }) => source === 'body')
          .filter(({ json, exchange }) => json !== undefined || !isStranger(exchange))
          .map((answer) =>
            instance(
              answer,
              isEnvelope(answer)
                ? undefined
                : { expected: 'a JSON-RPC response object', actual: excerpt(answer.json ?? answer.text) },
            ),
          ),
        { counted: 'plain answers', wrong: 'are no response objects', right: 'a response object', hint },
      ),
      'envelope/version': judgeInstances(
        envelopes.map((answer) => {
          const version = answer.json['jsonrpc'];
          return instance(
            answer,
            version === '2.0' ? undefined : { expected: 'jsonrpc "2.0"', actual: `jsonrpc ${excerpt(version)}` },
          );
        }),
        { counted, wrong: 'have another jsonrpc member than "2.0"', hint },
      ),
      'envelope/id-echoed': judgeInstances(
        ids.flatMap(({ answer, expected }) =>
          expected.kind === 'echo' ? [instance(answer, echo(answer, expected.id, expected.nullAllowed))] : [],
        ),
        { counted, wrong: 'have another id than their request', hint },
      ),
      'envelope/id-null': judgeInstances(
        ids.flatMap(({ answer, expected }) =>
          expected.kind === 'null' ? [instance(answer, echo(answer, null, false))] : [],
        ),
        {
          counted: 'answers to requests without a readable id',
          wrong: 'have an id other than null',
          hint: 'no request without a readable id was answered over JSON-RPC',
        },
      ),
      'envelope/result-or-error': judgeInstances(
        envelopes.map((answer) => instance(answer, resultXorError(answer))),
        {
          counted,
          wrong: 'do not have exactly one of result and error',
          right: 'with either result or error',
          hint,
        },
      ),
    };
  },
});
