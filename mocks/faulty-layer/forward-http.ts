import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { HttpRequest } from '../reference-agent/answer.ts';
import { eventData } from './event-data.ts';

/** Requests as they came, sent on to the agent behind the layer. */

/** Names that belong to one connection (RFC 9110 §7.6.1), and what the layer says itself. */
const ownHeaders = new Set([
  'connection',
  'host',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
]);

export interface ForwardedMessage {
  readonly kind: 'message';
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Forwarded =
  | ForwardedMessage
  | {
      readonly kind: 'events';
      /** The data of each server-sent event. */
      readonly events: AsyncIterable<string>;
      readonly cancel: () => void;
    };

/** In the form in which the layer's server names its own headers, so that none is sent twice. */
const canonical = (name: string): string => name.replaceAll(/(^|-)([a-z])/g, (letters) => letters.toUpperCase());

const responseHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ownHeaders.has(name))
      .map(([name, value]) => [canonical(name), Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );

/** @throws the error of the connection. */
export async function forward(url: string, { question, body }: HttpRequest): Promise<Forwarded> {
  const target = new URL(url);
  for (const [name, value] of question.query) target.searchParams.append(name, value);
  const headers = Object.fromEntries(
    Object.entries(question.headers).flatMap(([name, value]) =>
      value === undefined || ownHeaders.has(name) ? [] : [[name, value]],
    ),
  );
  const send = target.protocol === 'https:' ? tlsRequest : plainRequest;
  const outgoing = send(target, {
    method: question.method,
    headers: { ...headers, ...(body.length > 0 ? { 'content-length': String(body.length) } : {}) },
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const status = response.statusCode ?? 502;
  if (status === 200 && /^text\/event-stream\b/i.test(response.headers['content-type'] ?? '')) {
    return { kind: 'events', events: eventData(response), cancel: () => outgoing.destroy() };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return { kind: 'message', status, headers: responseHeaders(response), body: Buffer.concat(chunks).toString('utf8') };
}
