import { a2aErrors, errorInfoDomain, errorInfoType } from '../../protocol/errors.ts';
import type { Exchange } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, type JsonObject } from './json.ts';
import { isEnvelope, rpcAnswers } from './rpc-answers.ts';
import { judgeInstances, type Defect } from './tally.ts';

const hint = 'no request of the run was answered with such an error';

interface ErrorAnswer {
  readonly exchange: Exchange;
  readonly error: JsonObject;
}

function withoutText({ code, message }: JsonObject): Defect | undefined {
  const expected = 'a code, and a description for people';
  // A missing or mistyped member breaks the envelope, and is judged there.
  if (typeof message !== 'string' || message.trim() !== '') return undefined;
  return { expected, actual: `code ${String(code)} with an empty message` };
}

/** The A2A error that the ErrorInfo of an error names; undefined for none. */
function namedByInfo({ data }: JsonObject) {
  const infos = (Array.isArray(data) ? data : []).filter(
    (detail): detail is JsonObject =>
      isObject(detail) && detail['@type'] === errorInfoType && detail['domain'] === errorInfoDomain,
  );
  return Object.values(a2aErrors).find(({ reason }) => infos.some((info) => info['reason'] === reason));
}

function otherCode(error: JsonObject): Defect | undefined {
  const named = namedByInfo(error)!;
  return error['code'] === named.jsonRpcCode
    ? undefined
    : {
        expected: `${named.name} has code ${named.jsonRpcCode}`,
        actual: `${named.reason} with code ${String(error['code'])}`,
      };
}

/** §3.3.2, §5.4: what every error says of itself. */
export const errorAnswers = defineInvariant({
  id: 'invariants/error-answers',
  title: 'Every error has a message for people, and the code that the table gives it',
  provenance: { kind: 'spec' },
  requirements: ['errors/message-text', 'errors/code-mapping'],
  judge(history) {
    const errors = rpcAnswers(history)
      .filter(isEnvelope)
      .flatMap(({ exchange, json: { error } }): ErrorAnswer[] => (isObject(error) ? [{ exchange, error }] : []));
    const instances = (of: readonly ErrorAnswer[], defectOf: (error: JsonObject) => Defect | undefined) =>
      of.map(({ exchange, error }) => ({ exchanges: [exchange] as const, defect: defectOf(error) }));
    return {
      'errors/message-text': judgeInstances(instances(errors, withoutText), {
        counted: 'errors',
        wrong: 'lack a text for people',
        hint,
      }),
      'errors/code-mapping': judgeInstances(
        instances(
          errors.filter(({ error }) => namedByInfo(error) !== undefined),
          otherCode,
        ),
        { counted: 'errors that name an A2A error', wrong: 'have the code of another', hint },
      ),
    };
  },
});
