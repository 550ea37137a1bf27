/** What the scripts use of k6 (the stock modules) and of the extension in `load/k6-extension`. */

declare module 'k6/x/a2a' {
  export interface ClientOptions {
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
    readonly graceMs?: number;
    readonly maxEventBytes?: number;
    readonly journal?: string;
    readonly rawEvery?: number;
    readonly stampKey?: string;
    readonly periodMicros?: number;
  }

  export interface CallExtras {
    readonly messageId?: string;
    readonly tags?: Readonly<Record<string, string | number | boolean>>;
  }

  export interface SendResult {
    readonly outcome: string;
    readonly code: string;
    readonly error: string;
    readonly status: number;
    readonly taskId: string;
    readonly state: string;
    readonly events: number;
    readonly arrivals: readonly number[];
  }

  export class Client {
    constructor(options: ClientOptions);
    sendStreamingMessage(params: object | string, extras?: CallExtras): SendResult;
    call(method: string, params: object | string, extras?: CallExtras): { status: number; body: string; error: string };
  }
}

declare module 'k6/execution' {
  const execution: {
    readonly scenario: { readonly iterationInTest: number; readonly startTime: number };
  };
  export default execution;
}

declare module 'k6/http' {
  interface Response {
    readonly status: number;
    readonly body: string | null;
    readonly error: string;
    readonly error_code: number;
    readonly headers: Readonly<Record<string, string>>;
  }
  const http: {
    post(
      url: string,
      body: string,
      parameters: {
        readonly headers: Readonly<Record<string, string>>;
        readonly timeout: string;
        readonly redirects: number;
      },
    ): Response;
  };
  export default http;
}
