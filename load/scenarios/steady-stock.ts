import execution from 'k6/execution';
import http from 'k6/http';
import { encoderOf, optionsFor, periodMicros, readSettings, summaryFor } from './settings.ts';

/**
 * The same load by a k6 without the extension: SendMessage, which waits for the end of the task. A stock k6 sees answers only
 * whole, so that nothing is known of the moments between. The journal is what the script prints (`--console-output`).
 */
const settings = readSettings();
const encode = encoderOf(settings);
const period = periodMicros(settings);

export const options = optionsFor(settings);

const parameters = {
  headers: {
    ...settings.headers,
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'A2A-Version': '1.0',
  },
  timeout: `${settings.taskTimeoutMs}ms`,
  // k6 would carry the user's headers to any origin.
  redirects: Object.keys(settings.headers).length === 0 ? 5 : 0,
};

interface Answer {
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
  readonly result?: {
    readonly task?: {
      readonly id?: string;
      readonly contextId?: string;
      readonly status?: { readonly state?: string };
    };
    readonly message?: { readonly contextId?: string };
  };
}

interface Read {
  readonly out: string;
  readonly code?: string;
  readonly err?: string;
  readonly id?: string;
  readonly ctx?: string;
  readonly st?: string;
}

const endedBadly = ['TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED'];
const waiting = ['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED'];

function read(status: number, body: string | null): Read {
  let answer: Answer | null;
  try {
    answer = JSON.parse(body ?? '') as Answer | null;
  } catch {
    return status >= 300 ? { out: 'http', code: String(status) } : { out: 'malformed', code: 'not-json' };
  }
  const error = answer?.error;
  if (error) return { out: 'rpc-error', code: String(error.code), err: String(error.message).slice(0, 200) };
  const result = answer?.result;
  if (result?.message) return { out: 'message', ctx: result.message.contextId };
  const task = result?.task;
  if (!task) return status >= 300 ? { out: 'http', code: String(status) } : { out: 'malformed', code: 'no-payload' };
  const state = task.status?.state ?? '';
  const known = { id: task.id, ctx: task.contextId, st: state };
  if (state === 'TASK_STATE_COMPLETED') return { out: 'completed', ...known };
  if (endedBadly.includes(state)) return { out: 'failed', code: state, ...known };
  if (waiting.includes(state)) return { out: 'waiting', code: state, ...known };
  // §3.1.1 lets an agent answer at once, §3.2.2 lets it wait: the end is looked up after the run.
  return { out: 'accepted', ...known };
}

/** k6's error codes (k6/http): 1050 is its time limit, 1200 to 1299 are of TCP, 1212 is a refused connection. */
function failed(code: number, error: string): Read {
  if (code === 1050) return { out: 'timeout', code: 'timeout', err: 'no end within the time limit' };
  if (code === 1212) return { out: 'transport', code: 'refused', err: error };
  if (code === 1220) return { out: 'transport', code: 'reset', err: error };
  return { out: 'transport', code: String(code), err: error };
}

export default function steady(): void {
  const index = execution.scenario.iterationInTest;
  const start = execution.scenario.startTime * 1_000;
  if (index === 0)
    console.log(JSON.stringify({ k: 'run', clock: 'k6 (milliseconds)', start, period: Math.round(period) }));
  const messageId = `${settings.messageIdPrefix}-${index}`;
  const params = encode(messageId);
  const request = `{"jsonrpc":"2.0","id":${JSON.stringify(messageId)},"method":"SendMessage","params":${params}}`;
  const invoked = Date.now() * 1_000;
  const response = http.post(settings.url, request, parameters);
  const returned = Date.now() * 1_000;
  const found =
    response.status === 0 ? failed(response.error_code, response.error) : read(response.status, response.body);
  const sampled = settings.rawEvery > 0 && index % settings.rawEvery === 0;
  const line = {
    k: 'task',
    i: index,
    sch: Math.min(invoked, Math.round(start + index * period)),
    inv: invoked,
    ret: returned,
    msg: messageId,
    http: response.status,
    ...found,
    ...(sampled && response.status !== 0
      ? {
          raw: {
            url: settings.url,
            req: request,
            hdr: Object.entries(response.headers),
            data: [response.body ?? ''],
          },
        }
      : {}),
  };
  console.log(JSON.stringify(line));
}

export const handleSummary = (data: Parameters<typeof summaryFor>[1]): Record<string, string> =>
  summaryFor(settings, data);
