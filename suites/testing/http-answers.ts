import type { Headers } from '../../core/history/exchange.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { httpJsonCodec } from '../../core/wire/http-json/codec.ts';
import { a2aErrors, errorInfoDomain, errorInfoType, httpStatusesOf, type A2AErrorName } from '../../protocol/errors.ts';
import type { Operation } from '../../protocol/operations.ts';

/** Made-up answers over HTTP+JSON, decoded as real ones are: no I/O behind them. */

export interface HttpAnswerOptions {
  readonly operation?: Operation;
  readonly type?: string;
  readonly requestHeaders?: Headers;
}

/** Whatever came: a string as it is, anything else as JSON. */
export function httpAnswer(status: number, body: unknown, options: HttpAnswerOptions = {}): CallResult {
  const { operation = 'GetTask', type = typeof body === 'string' ? 'text/html' : 'application/a2a+json' } = options;
  const exchange: CallResult['exchange'] = {
    id: 'x1',
    actor: 'main',
    interface: { binding: 'HTTP+JSON', version: '1.0', url: 'http://a.test' },
    intent: { kind: 'operation', operation, params: {} },
    request: { method: 'GET', url: 'http://a.test/tasks/t1', headers: options.requestHeaders ?? [], body: null },
    response: {
      status,
      headers: [['Content-Type', type]],
      body: typeof body === 'string' ? body : JSON.stringify(body),
      validUtf8: true,
      truncated: false,
      headAt: 1,
    },
    events: [],
    endedBy: 'server',
    startedAt: 0,
    endedAt: 2,
    clock: 'test',
    outcome: status < 300 ? 'ok' : 'error',
  };
  return { exchange, reply: httpJsonCodec.decodeReply(exchange) };
}

export const httpResult = (value: object, options?: HttpAnswerOptions): CallResult => httpAnswer(200, value, options);

/** A google.rpc.Status without an ErrorInfo. */
export const httpError = (status: number, details?: readonly object[], options?: HttpAnswerOptions): CallResult =>
  httpAnswer(status, { error: { code: status, message: 'no', ...(details ? { details } : {}) } }, options);

export const infoOf = (name: A2AErrorName): object => ({
  '@type': errorInfoType,
  reason: a2aErrors[name].reason,
  domain: errorInfoDomain,
});

/** An error that names itself. */
export const httpNamed = (name: A2AErrorName, options?: HttpAnswerOptions): CallResult =>
  httpError(httpStatusesOf(name)[0]!, [infoOf(name)], options);

/** What a web server says by itself. */
export const httpPage = (status: number): CallResult => httpAnswer(status, '<html>');
