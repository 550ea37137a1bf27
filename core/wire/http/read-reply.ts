import { header, type Exchange, type WireFailure, type WireResponse } from '../../history/exchange.ts';
import type { Codec } from '../codec.ts';
import type { Reply } from '../reply.ts';
import { isStreamed } from './event-stream.ts';

const incomplete: WireFailure = { kind: 'aborted', message: 'stopped by the harness before anything was said' };

/** What a finished exchange says over HTTP; a stream says what its first event says. `readBody` reads a whole plain answer. */
export function readReply(
  exchange: Exchange,
  { speaks, decodeEvent }: Pick<Codec, 'speaks' | 'decodeEvent'>,
  readBody: (response: WireResponse) => Reply,
): Reply {
  const { response, events, failure } = exchange;
  const first = events.find(speaks);
  if (first !== undefined) return decodeEvent(first, response?.status);
  if (failure !== undefined) return { kind: 'none', failure };
  if (response === null || exchange.endedBy !== 'server') return { kind: 'none', failure: incomplete };
  const { status, headers } = response;
  if (isStreamed(exchange)) return { kind: 'malformed', why: 'an event stream that ended without any event', status };
  const reply = readBody(response);
  if (reply.kind !== 'malformed') return reply;
  const coding = header(headers, 'content-encoding');
  if (coding !== undefined && coding !== 'identity') {
    return { ...reply, why: `encoded as ${coding} although only identity was accepted` };
  }
  const type = header(headers, 'content-type');
  return { ...reply, why: `${reply.why} (Content-Type: ${type ?? 'none'})` };
}
