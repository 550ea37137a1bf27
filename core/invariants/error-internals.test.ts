import { expect, test } from 'vitest';
import { errorInternals, traceIn } from './error-internals.ts';
import { error, historyOf, result, sampleFacts, type Shape } from './testing/exchanges.ts';

test.for([
  ['Python', 'boom\nTraceback (most recent call last):\n  File "/app/agent.py", line 12, in run\nKeyError: 1'],
  ['Go', 'event producer panic: nil pointer dereference\ngoroutine 296 [running]:\nruntime/debug.Stack()'],
  ['Go', 'panic\n\t/root/go/pkg/mod/x@v1/server.go:208 +0x1c5\n'],
  ['the JVM', 'java.lang.NullPointerException\n\tat io.a2a.server.Handler.handle(Handler.java:55)'],
  ['the JVM', 'x\n\tat java.base/java.lang.Thread.run(Thread.java:1583)'],
  ['the JVM', 'x\n\tat com.example.AgentKt.main(Agent.kt:3)'],
  [
    'JavaScript',
    'TypeError: x is undefined\n    at handle (/app/dist/server.js:12:34)\n    at process.x (node:internal/y:1:2)',
  ],
  ['JavaScript', 'Error\n    at file:///app/index.mjs:3:7'],
  ['JavaScript', 'Error\n    at async C:\\agent\\index.js:3:7'],
  [
    'JavaScript',
    '<pre>SyntaxError: x<br> &nbsp; &nbsp;at JSON.parse (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at parse (/app/node_modules/body-parser/lib/json.js:92:19)<br></pre>',
  ],
  [
    '.NET',
    'System.NullReferenceException: x\r\n   at A2A.TaskManager.GetTaskAsync(String id) in /src/TaskManager.cs:line 42',
  ],
  ['.NET', 'x\n   at A2A.Server.<Handle>d__3.MoveNext()'],
  ['Rust', "thread 'tokio-runtime-worker' panicked at src/main.rs:10:5:\nindex out of bounds"],
  ['PHP', 'x\n#0 /var/www/agent.php(12): handle()'],
  ['Ruby', "x\n\tfrom /app/agent.rb:12:in `handle'"],
] as const)('a stack trace of %s', ([platform, text]) => {
  expect(traceIn(text)?.platform).toBe(platform);
});

test.for<[string]>([
  ['Invalid params: message.parts[0] must be an object'],
  ['Task not found: at /tasks/1:cancel'],
  ['Look at https://example.com/docs/errors.html:8080 for help'],
  ['Expected a number at line 3, column 7 of the body'],
  ['SyntaxError: Unexpected token h in JSON at position 0'],
  [
    '1 validation error for SendMessageRequest\nmessage\n  Field required [type=missing, input_value={}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2.11/v/missing',
  ],
  ['the agent is busy; meet it at noon (try again)'],
  ['Cannot read properties of undefined (reading "parts")'],
  ['unknown field at params.message.roles()'],
  ['unknown field\nat params.message.roles()'],
])('no stack trace: %s', ([text]) => {
  expect(traceIn(text)).toBeUndefined();
});

const trace = 'panic\ngoroutine 1 [running]:\nmain.main()';
const debugInfo = [{ '@type': 'type.googleapis.com/google.rpc.DebugInfo', stackEntries: [trace], detail: trace }];
const withMessage = (message: string) => ({ ...error(1, -32603), error: { code: -32603, message } });

test.for<[string, Shape, string]>([
  ['in a message', { answer: withMessage(trace) }, 'violated'],
  ['in a detail', { answer: error(1, -32603, { data: [{ '@type': 'x', trace }] }) }, 'violated'],
  ['where google.rpc has a place for it', { answer: error(1, -32603, { data: debugInfo }) }, 'holds'],
  ['on a page', { answer: trace, status: 500, type: 'text/html' }, 'violated'],
  ['in a result: an agent may talk of traces', { answer: result(1, { id: 't', text: trace }) }, 'untested'],
  ['nowhere', { answer: error(1, -32603) }, 'holds'],
])('a trace %s', ([, shape, kind]) => {
  expect(errorInternals.judge(historyOf(shape), sampleFacts)['errors/no-stack-trace'].kind).toBe(kind);
});
