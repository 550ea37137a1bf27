import { a2aErrors, errorInfoDomain, errorInfoType, jsonRpcErrors, type PatchRelease } from '../../protocol/errors.ts';
import { excerpt } from '../../protocol/schemas/problem.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, type JsonObject } from './json.ts';
import { isEnvelope, rpcAnswers } from '../wire/jsonrpc/rpc-answers.ts';
import { judgeInstances, unlessAllowed, type Defect } from './tally.ts';
import { detailReadings, isWellKnownDetail } from './error-details.ts';

const hint = 'no request of the run was answered with a JSON-RPC error';

const reasons: ReadonlySet<unknown> = new Set(Object.values(a2aErrors).map(({ reason }) => reason));

const a2aCodes: ReadonlySet<unknown> = new Set(Object.values(a2aErrors).map(({ jsonRpcCode }) => jsonRpcCode));

const objectData: Defect['readings'] = [
  'v1.0.1 §9.5: error.data is an array of objects, each with a @type key',
  'v1.0.0 §9.5: its example of an error that is none of A2A’s own carries a plain object as data',
];

function malformedError(error: unknown): Defect | undefined {
  const expected = 'an error object with an integer code and a message string';
  if (!isObject(error)) return { expected, actual: `error ${excerpt(error)}` };
  if (!Number.isInteger(error['code'])) return { expected, actual: `code ${excerpt(error['code'])}` };
  if (typeof error['message'] !== 'string') return { expected, actual: `message ${excerpt(error['message'])}` };
  return undefined;
}

function malformedData({ code, data }: JsonObject, patch: PatchRelease | undefined): Defect | undefined {
  const expected = 'an array of objects that each carry @type';
  if (isObject(data) && !a2aCodes.has(code) && patch !== '1.0.1')
    return { expected, actual: `data ${excerpt(data)}`, readings: objectData };
  if (!Array.isArray(data)) return { expected, actual: `data ${excerpt(data)}` };
  const wrong = data.findIndex((detail) => !isObject(detail) || typeof detail['@type'] !== 'string');
  return wrong === -1 ? undefined : { expected, actual: `data[${wrong}] ${excerpt(data[wrong])}` };
}

const isErrorInfo = (detail: unknown): detail is JsonObject => isObject(detail) && detail['@type'] === errorInfoType;

function missingInfo({ code, data }: JsonObject): Defect | undefined {
  const definition = Object.values(a2aErrors).find(({ jsonRpcCode }) => jsonRpcCode === code)!;
  const expected = `ErrorInfo with reason ${definition.reason} and domain ${errorInfoDomain}`;
  const details = Array.isArray(data) ? data.filter(isErrorInfo) : [];
  if (details.length === 0) return { expected, actual: `${definition.name} without ErrorInfo` };
  // The reason of another A2A error contradicts the code: `errors/code-mapping` speaks of that.
  if (details.some(({ reason, domain }) => reasons.has(reason) && domain === errorInfoDomain)) return undefined;
  return { expected, actual: `${definition.name} with ${excerpt(details[0])}` };
}

/** Types of the details, where each says its own: what does not breaks `envelope/error-data`. */
function typesOf({ data }: JsonObject): readonly string[] {
  const details = Array.isArray(data) ? data.map((detail) => (isObject(detail) ? detail['@type'] : undefined)) : [];
  return details.every((type) => typeof type === 'string') ? details : [];
}

function ownTypes(error: JsonObject, patch: PatchRelease | undefined): Defect | undefined {
  const types = typesOf(error);
  if (types.some(isWellKnownDetail)) return undefined;
  return unlessAllowed('1.0.0', patch, {
    expected: 'a detail such as google.rpc.BadRequest',
    actual: types.join(', '),
    readings: detailReadings,
  });
}

export const jsonRpcErrorObjects = defineInvariant({
  id: 'invariants/json-rpc-errors',
  title: 'Every JSON-RPC error has code, message and, where it has data, typed details',
  provenance: { kind: 'spec' },
  requirements: ['envelope/error-object', 'envelope/error-data', 'envelope/error-info', 'envelope/validation-details'],
  judge(history, { specPatch }) {
    const answers = rpcAnswers(history)
      .filter(isEnvelope)
      .map(({ exchange, json }) => ({ exchanges: [exchange] as const, error: json['error'], json }))
      // "error": null beside a result is no error, but a second member: `envelope/result-or-error` speaks of it.
      .filter(({ error, json }) => error !== undefined && (error !== null || !Object.hasOwn(json, 'result')));
    const objects = answers.flatMap(({ exchanges, error }) => (isObject(error) ? [{ exchanges, error }] : []));
    return {
      'envelope/error-object': judgeInstances(
        answers.map(({ exchanges, error }) => ({ exchanges, defect: malformedError(error) })),
        { counted: 'errors', wrong: 'are no error objects', right: 'an error object', hint },
      ),
      'envelope/error-data': judgeInstances(
        objects
          .filter(({ error }) => error['data'] !== undefined && error['data'] !== null)
          .map(({ exchanges, error }) => ({ exchanges, defect: malformedData(error, specPatch) })),
        {
          counted: 'errors with data',
          wrong: 'have data that is no array of typed objects',
          right: 'with an array of typed objects',
          hint: 'no error of the run carried data: nothing to judge, and nothing demands it',
        },
      ),
      'envelope/error-info': judgeInstances(
        objects
          .filter(({ error }) => a2aCodes.has(error['code']))
          .map(({ exchanges, error }) => ({ exchanges, defect: missingInfo(error) })),
        {
          counted: 'A2A errors',
          wrong: 'carry no ErrorInfo that names them',
          right: 'with an ErrorInfo that names it',
          hint: 'no request of the run was answered with an A2A error',
        },
      ),
      'envelope/validation-details': judgeInstances(
        objects
          .filter(({ error }) => error['code'] === jsonRpcErrors.InvalidParamsError && typesOf(error).length > 0)
          .map(({ exchanges, error }) => ({ exchanges, defect: ownTypes(error, specPatch) })),
        {
          counted: 'validation errors with data',
          wrong: 'carry no detail of a well-known type',
          hint: 'no validation error of the run carried typed data, which is optional',
        },
      ),
    };
  },
});
