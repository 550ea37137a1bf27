import type { Exchange, Headers, WireFailure } from '../../core/history/exchange.ts';

/** Made-up answers to a fetch of the card, for table tests of judges: no I/O behind them. */

type Json = Readonly<Record<string, unknown>>;

/** A card that is right in every row. */
export const goodCard = {
  name: 'Agent',
  description: 'An agent',
  supportedInterfaces: [{ url: 'http://127.0.0.1:3000/rpc', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  provider: { organization: 'Example', url: 'https://example.com' },
  version: '1.0.0',
  capabilities: { streaming: true },
  securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'echo', name: 'Echo', description: 'Says it again', tags: ['echo'] }],
} as const satisfies Json;

/** The good card with one interface changed or replaced. */
export const cardWithInterface = (entry: unknown): Json => ({ ...goodCard, supportedInterfaces: [entry] });

export interface CardAnswerOptions {
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string;
  readonly validUtf8?: boolean;
  readonly failure?: WireFailure;
}

/** An exchange that fetched the card. */
export function cardExchange(options: CardAnswerOptions = {}): Exchange {
  const { status = 200, headers = [], body = JSON.stringify(goodCard), validUtf8 = true, failure } = options;
  return {
    id: 'x1',
    actor: 'main',
    interface: null,
    intent: { kind: 'fetch', what: 'agent card' },
    request: { method: 'GET', url: 'http://127.0.0.1:3000/.well-known/agent-card.json', headers: [], body: null },
    response: failure === undefined ? { status, headers, body, validUtf8, truncated: false, headAt: 1 } : null,
    events: [],
    endedBy: failure === undefined ? 'server' : 'broken',
    startedAt: 0,
    endedAt: 1,
    clock: 'test',
    outcome: failure === undefined ? 'ok' : 'indefinite',
    ...(failure === undefined ? {} : { failure }),
  };
}
