import { grpcStatusesOf } from '../../../protocol/errors.ts';
import { header, type Exchange, type StreamEvent } from '../../history/exchange.ts';
import { onceForEach } from '../../history/once-for-each.ts';
import { parseJson } from '../../invariants/json.ts';
import type { Answer, Codec, Said } from '../codec.ts';
import type { Reply } from '../reply.ts';
import { decodeEvent, decodeReply, isGrpcType, operationAt } from './decode.ts';
import { statusOf } from './status.ts';

function saidBy(reply: Reply): Said {
  if (reply.kind === 'result') return { kind: 'result', value: reply.value };
  if (reply.kind !== 'error') return { kind: 'other' };
  const { code, message, details } = reply.error;
  return { kind: 'error', code, message, details };
}

const eventAnswer = (exchange: Exchange, event: StreamEvent, index: number): Answer => ({
  exchange,
  source: 'event',
  index,
  at: event.at,
  said: saidBy(decodeEvent(event)),
});

/** What has no status of gRPC, and is not of its type, comes from whatever is on the way. */
function answers(exchange: Exchange): readonly Answer[] {
  const { interface: spoken, intent, response, endedBy, endedAt, events } = exchange;
  if (spoken?.binding !== 'GRPC' || intent.kind === 'fetch' || response === null) return [];
  if (events.length > 0) return events.map((event, index) => eventAnswer(exchange, event, index));
  if (endedBy !== 'server' || response.truncated) return [];
  if (statusOf(response) === undefined && !isGrpcType(exchange)) return [];
  return [{ exchange, source: 'body', index: 0, at: endedAt, said: saidBy(decodeReply(exchange)) }];
}

function faultsOfRequest({ request, intent }: Exchange): readonly string[] {
  if (intent.kind !== 'operation') return [];
  const faults: string[] = [];
  if (operationAt(request.url) !== intent.operation) faults.push(`${request.url} is not ${intent.operation}`);
  if (header(request.headers, 'content-type') !== 'application/grpc+proto')
    faults.push('content-type is not application/grpc+proto');
  if (header(request.headers, 'te') !== 'trailers') faults.push('te is not trailers');
  return faults;
}

/** §10. */
export const grpcCodec: Codec = {
  binding: 'GRPC',
  decodeReply,
  decodeEvent,
  speaks: () => true,
  answers: onceForEach(answers),
  askedFor: ({ request }) => {
    const operation = operationAt(request.url);
    return operation === undefined ? undefined : { operation, params: parseJson(request.body) };
  },
  faultsOfRequest,
  codesOf: grpcStatusesOf,
};
