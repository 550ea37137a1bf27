import type { ErrorContent } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { OperationName } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { at, refuse } from './params.ts';

const unknownTask = 'errors/unknown-task';
const terminalTask = 'errors/terminal-task';
const versions = 'errors/versions';
const jsonRpc = 'errors/json-rpc';
const params = 'errors/params';

const reasons: Readonly<Record<number, string>> = {
  [-32001]: 'TASK_NOT_FOUND',
  [-32002]: 'TASK_NOT_CANCELABLE',
  [-32004]: 'UNSUPPORTED_OPERATION',
  [-32008]: 'EXTENSION_SUPPORT_REQUIRED',
  [-32009]: 'VERSION_NOT_SUPPORTED',
};

/** Another error, right in itself: only its cause is another. */
const anotherError = (code: number): ErrorContent => ({
  code,
  message: 'The request cannot be served',
  ...(reasons[code] === undefined
    ? {}
    : {
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: reasons[code],
            domain: 'a2a-protocol.org',
          },
        ],
      }),
});

/** Operations that answer one error in place of another. */
const mistaken =
  (operations: readonly OperationName[], right: number, wrong: number): NonNullable<Fault['error']> =>
  (error, { operation }) =>
    operations.includes(operation) && error.code === right ? anotherError(wrong) : error;

/** An error below the operations, with another code. */
const recoded =
  (right: number, wrong: number): NonNullable<Fault['reply']> =>
  (envelope) =>
    // Without an id the answer would be another fault as well: only a request that cannot be read has none.
    envelope.error?.code === right && (right === -32700 || envelope.id !== null)
      ? { ...envelope, error: { code: wrong, message: envelope.error.message } }
      : envelope;

const mutant = (
  id: string,
  description: string,
  breaks: string | readonly string[],
  killedBy: string | readonly string[],
  fault: Mutant['fault'],
  more: Pick<Mutant, 'profile' | 'options'> = {},
): Mutant => ({
  id: `errors/${id}`,
  description,
  breaks: [breaks].flat(),
  killedBy: [killedBy].flat(),
  fault,
  ...more,
});

/** An agent that is dead from the first deeply nested request on. */
/** Whether something in a value, on one way down or another, lies deeper than any request that is meant well. */
function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < 60; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const diesOfDepth = (): Fault => {
  let dead = false;
  return {
    intercept: () => (dead ? 'reset' : undefined),
    httpResponse: (response, { errorCode, params: sent }) => {
      // Refused for its depth, the params are not read.
      dead ||= isDeep(sent) || (errorCode === -32600 && sent === undefined && response.body.includes('nested'));
      return response;
    },
  };
};

/** An agent that is dead once it was sent so much. */
const diesOfSize = (): Fault => {
  let dead = false;
  return {
    intercept: () => (dead ? 'reset' : undefined),
    httpResponse: (response, { request }) => {
      dead ||= Number(request.headers['content-length']) > 4 * 1_048_576;
      return response;
    },
  };
};

/** An agent whose every worker waits for another one. */
const deadlocks = (): Fault => {
  const workers = 30;
  let busy = 0;
  return {
    http: (_, response, next) => {
      busy += 1;
      if (busy < workers) response.once('close', () => (busy -= 1));
      else busy = Infinity;
      if (busy < workers) next();
    },
  };
};

const minimal = { profile: 'minimal' } as const;

export const errorMutants: readonly Mutant[] = [
  mutant('parse-error-as-invalid-request', 'Invalid JSON is an invalid request', 'errors/parse-error', jsonRpc, {
    reply: recoded(-32700, -32600),
  }),
  mutant(
    'invalid-request-as-invalid-params',
    'What is no Request object is answered with -32602 (a2a-python#413)',
    'errors/invalid-request',
    jsonRpc,
    { reply: recoded(-32600, -32602) },
  ),
  mutant('method-not-found-as-internal', 'An unknown method is an internal error', 'errors/method-not-found', jsonRpc, {
    reply: recoded(-32601, -32603),
  }),
  mutant(
    'params-as-internal',
    'Parameters of a wrong type are an internal error',
    [
      'errors/invalid-params',
      'errors/missing-required-field',
      'list/page-size-validated',
      'list/page-token-validated',
      'list/filters-validated',
      'list/history-length-validated',
    ],
    params,
    { reply: recoded(-32602, -32603) },
  ),
  mutant(
    'history-length-not-validated',
    'A word as historyLength is accepted',
    ['errors/invalid-params', 'list/history-length-validated'],
    params,
    {
      violations: (found) => found.filter(({ field }) => field !== 'historyLength'),
    },
  ),
  mutant('role-not-required', 'A message needs no role', 'errors/missing-required-field', params, {
    violations: (found) => found.filter(({ field }) => field !== 'message.role'),
  }),
  mutant('says-not-what', 'Validation errors do not say what is wrong', 'errors/validation-details', params, {
    error: (error) => (error.code === -32602 ? { code: -32602, message: 'Bad input' } : error),
  }),
  mutant('get-unknown', 'GetTask of an unknown id is invalid params', 'errors/get-unknown-task', unknownTask, {
    error: mistaken(['GetTask'], -32001, -32602),
  }),
  mutant(
    'cancel-unknown',
    'CancelTask of an unknown id cannot be canceled',
    'errors/cancel-unknown-task',
    unknownTask,
    {
      error: mistaken(['CancelTask'], -32001, -32002),
    },
  ),
  mutant(
    'subscribe-unknown',
    'SubscribeToTask of an unknown id is unsupported',
    'errors/subscribe-unknown-task',
    unknownTask,
    { error: mistaken(['SubscribeToTask'], -32001, -32004) },
  ),
  mutant(
    'send-unknown-creates',
    'A message with an unknown taskId creates that task (a2a-java#766)',
    ['errors/send-unknown-task', 'errors/stream-unknown-task'],
    unknownTask,
    { policy: { unknownTaskCreates: true } },
  ),
  mutant(
    'send-unknown-new-task',
    'A message with an unknown taskId starts another task',
    ['errors/send-unknown-task', 'errors/stream-unknown-task'],
    unknownTask,
    { policy: { unknownTaskIgnored: true } },
  ),
  mutant(
    'terminal-accepts',
    'A task in a terminal state takes messages',
    ['errors/send-terminal-task', 'errors/stream-terminal-task'],
    terminalTask,
    { policy: { acceptSendToTerminal: true } },
  ),
  mutant(
    'send-terminal-invalid-params',
    'A message to a task in a terminal state is invalid params (a2a-go#438)',
    ['errors/send-terminal-task', 'errors/stream-terminal-task'],
    terminalTask,
    { error: mistaken(['SendMessage', 'SendStreamingMessage'], -32004, -32602) },
  ),
  mutant(
    'subscribe-to-terminal',
    'A subscription to a task in a terminal state is accepted',
    'errors/subscribe-terminal-task',
    terminalTask,
    { policy: { acceptSubscribeToTerminal: true } },
  ),
  mutant(
    'subscribe-terminal-not-found',
    'A task in a terminal state is not found by SubscribeToTask (a2a-go#438)',
    'errors/subscribe-terminal-task',
    terminalTask,
    { error: mistaken(['SubscribeToTask'], -32004, -32001) },
  ),
  mutant(
    'undeclared-served',
    'Operations work whatever the card declares',
    [
      'errors/streaming-undeclared',
      'errors/push-undeclared',
      'errors/extended-card-undeclared',
      'push/inline-undeclared',
    ],
    ['errors/streaming-undeclared', 'errors/push-undeclared', 'errors/extended-card'],
    { policy: { capabilitiesIgnored: true } },
    minimal,
  ),
  mutant(
    'streaming-undeclared-invalid',
    'Streaming that is not declared is an invalid request (a2a-java#1041)',
    'errors/streaming-undeclared',
    'errors/streaming-undeclared',
    { error: mistaken(['SendStreamingMessage', 'SubscribeToTask'], -32004, -32600) },
    minimal,
  ),
  mutant(
    'extended-card-undeclared-unknown',
    'GetExtendedAgentCard is an unknown method where it is not declared',
    'errors/extended-card-undeclared',
    'errors/extended-card',
    { error: mistaken(['GetExtendedAgentCard'], -32004, -32601) },
    minimal,
  ),
  mutant(
    'extended-card-unconfigured-unsupported',
    'An extended card that is declared and not configured is unsupported',
    'errors/extended-card-unconfigured',
    'errors/extended-card',
    {
      policy: { extendedCardUnprotected: true },
      error: mistaken(['GetExtendedAgentCard'], -32007, -32004),
    },
    { profile: 'extended-unconfigured' },
  ),
  mutant(
    'extension-not-demanded',
    'A required extension is not demanded, in no version',
    ['errors/extension-required', 'errors/extension-version', 'extensions/required-operations'],
    'errors/extensions',
    { policy: { requiredExtensionIgnored: true } },
    { profile: 'required-extension' },
  ),
  mutant(
    'extension-unknown-refused',
    'A request that declares an extension is refused by an agent that has none',
    'errors/extension-unknown',
    'errors/extensions',
    {
      reply: (envelope, { request }) =>
        request.headers['a2a-extensions'] === undefined
          ? envelope
          : refuse(envelope.id, -32008, 'Unknown extension', 'EXTENSION_SUPPORT_REQUIRED'),
    },
  ),
  mutant(
    'content-type-internal',
    'An unknown media type is an internal error',
    'errors/content-type',
    'errors/content-type',
    {
      error: mistaken(['SendMessage', 'SendStreamingMessage'], -32005, -32603),
    },
  ),
  mutant(
    'version-ignored',
    'A2A-Version is not looked at',
    ['errors/version-unsupported', 'errors/version-empty', 'errors/version-absent'],
    versions,
    { policy: { versionIgnored: true } },
  ),
  mutant(
    'version-empty-is-current',
    'No and an empty A2A-Version mean the own version',
    ['errors/version-empty', 'errors/version-absent'],
    versions,
    { policy: { emptyVersionAccepted: true } },
  ),
  mutant('version-patch-refused', 'A version with a patch number is refused', 'errors/version-patch', versions, {
    policy: { patchVersionRefused: true },
  }),
  mutant(
    'own-version-refused',
    'The version that the card declares is refused (a2a-samples#599)',
    'errors/version-served',
    versions,
    {
      reply: (envelope, { request }) =>
        request.headers['a2a-version'] === '1.0' && envelope.id !== null
          ? refuse(envelope.id, -32009, 'Version not supported', 'VERSION_NOT_SUPPORTED')
          : envelope,
    },
    // Without streams, whose events pass by this hook.
    minimal,
  ),
  mutant('no-text', 'Errors have an empty message', 'errors/message-text', 'invariants/error-answers', {
    error: (error) => (error.code === -32001 ? { ...error, message: '' } : error),
  }),
  mutant(
    'code-of-another',
    'TaskNotFoundError has a code of its own, beside the reason of the table',
    [
      'errors/code-mapping',
      'errors/get-unknown-task',
      'errors/cancel-unknown-task',
      'errors/subscribe-unknown-task',
      'errors/send-unknown-task',
      'errors/stream-unknown-task',
      'push/create-unknown-task',
      'push/get-unknown-config',
      'push/get-unknown-task',
      'push/list-unknown-task',
      'push/delete-unknown-task',
    ],
    ['invariants/error-answers', unknownTask],
    { error: (error) => (error.code === -32001 ? { ...error, code: -32050 } : error) },
  ),
  mutant(
    'panic-told',
    'The stack trace of a panic is in the message of the error (seen with a2a-go)',
    'errors/no-stack-trace',
    'invariants/error-internals',
    {
      error: (error) =>
        error.code === -32001
          ? {
              ...error,
              message: `${error.message}: runtime error: invalid memory address\ngoroutine 296 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug/stack.go:26 +0x5e`,
            }
          : error,
    },
  ),
  mutant(
    'page-of-the-framework',
    'The framework answers what is no JSON with a page that shows its call stack',
    ['errors/no-stack-trace', 'http-json/invalid-body'],
    'invariants/error-internals',
    {
      httpResponse: (answer, { errorCode }) =>
        errorCode === -32700
          ? {
              status: 500,
              headers: { 'Content-Type': 'text/html; charset=utf-8' },
              body: '<pre>SyntaxError: Unexpected token<br> &nbsp; &nbsp;at JSON.parse (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at parse (/app/node_modules/body-parser/lib/types/json.js:92:19)</pre>',
            }
          : answer,
    },
    { options: { bindings: ['HTTP+JSON'] } },
  ),
  mutant(
    'bad-input-reset',
    'Invalid JSON cuts the connection',
    'robustness/bad-input-answered',
    'robustness/bad-input',
    { reply: (envelope) => (envelope.error?.code === -32700 ? 'reset' : envelope) },
  ),
  mutant(
    'long-metadata-reset',
    'A text of four thousand characters or more in the metadata of a cancel cuts the connection',
    'robustness/valid-request-answered',
    'robustness/valid-input',
    {
      reply: (envelope, { params }) =>
        String((at(params, 'metadata') as { text?: unknown } | undefined)?.text ?? '').length >= 4_000
          ? 'reset'
          : envelope,
    },
  ),
  mutant(
    'dies-of-depth',
    'The agent answers a deeply nested request, and nothing after it',
    'robustness/answers-after-bad-input',
    'robustness/bad-input',
    diesOfDepth,
  ),
  mutant(
    'dies-of-size',
    'A request of several megabytes is the last one that is answered',
    'robustness/answers-after-bad-input',
    'robustness/large-input',
    diesOfSize,
  ),
  mutant(
    'burst-deadlocks',
    'Thirty requests at once wait for each other, and the card with them (a2a-python#1101)',
    'robustness/answers-after-bad-input',
    'robustness/burst',
    deadlocks,
    // Messages that come at one time have to meet at work.
    { options: { stepMs: 40 } },
  ),
];
