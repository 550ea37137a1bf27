import { jsonRpcCodeOf } from '../../../protocol/errors.ts';
import { operations, type Operation } from '../../../protocol/operations.ts';
import { header, type Exchange } from '../../history/exchange.ts';
import { onceForEach } from '../../history/once-for-each.ts';
import { isObject, parseJson } from '../../invariants/json.ts';
import type { Answer, AskedFor, Codec, Said } from '../codec.ts';
import { decodeEvent, decodeReply, speaks } from './decode.ts';
import { isEnvelope, rpcAnswersIn, type RpcAnswer } from './rpc-answers.ts';

/** An error object beside a result wins; whether there may be both is judged by `envelope/result-or-error`. */
function saidIn(answer: RpcAnswer): Said {
  if (!isEnvelope(answer)) return { kind: 'other' };
  const { error, result } = answer.json;
  if (isObject(error)) {
    const { code, message, data: details } = error;
    return { kind: 'error', code, message, details };
  }
  return Object.hasOwn(answer.json, 'result') ? { kind: 'result', value: result } : { kind: 'other' };
}

const answers = (exchange: Exchange): readonly Answer[] =>
  rpcAnswersIn(exchange).map((answer) => {
    const { source, index, at } = answer;
    return { exchange, source, index, at, said: saidIn(answer) };
  });

const operationOfMethod = (method: unknown): Operation | undefined =>
  Object.values(operations).find((operation) => operation.method === method)?.name;

function askedFor({ request }: Exchange): AskedFor | undefined {
  const body = parseJson(request.body);
  const operation = isObject(body) ? operationOfMethod(body['method']) : undefined;
  return isObject(body) && operation !== undefined ? { operation, params: body['params'] } : undefined;
}

function faultsOfRequest({ request, intent }: Exchange): readonly string[] {
  // A redirect may make a GET of it (303): what is recorded is the request that was answered.
  if (intent.kind !== 'operation' || request.method !== 'POST') return [];
  const body = parseJson(request.body);
  if (!isObject(body)) return ['the body is no JSON object'];
  const faults: string[] = [];
  if (body['jsonrpc'] !== '2.0') faults.push('jsonrpc is not "2.0"');
  if (typeof body['id'] !== 'string' && typeof body['id'] !== 'number') faults.push('id is no string and no number');
  if (body['method'] !== intent.operation) faults.push(`method is not ${intent.operation}`);
  if (!header(request.headers, 'content-type')?.startsWith('application/json'))
    faults.push('Content-Type is not application/json');
  return faults;
}

/** §9 and JSON-RPC 2.0. */
export const jsonRpcCodec: Codec = {
  binding: 'JSONRPC',
  decodeReply,
  decodeEvent,
  speaks,
  answers: onceForEach(answers),
  askedFor,
  faultsOfRequest,
  codesOf: (name) => [jsonRpcCodeOf(name)],
};
