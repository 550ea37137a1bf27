import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History } from '../history/exchange.ts';
import { messagesOfAgent } from './agent-messages.ts';
import { artifactIds } from './artifact-ids.ts';
import { dataModel } from './data-model.ts';
import type { Invariant } from './invariant.ts';
import { jsonRpcEnvelope } from './json-rpc-envelope.ts';
import { jsonRpcErrorObjects } from './json-rpc-errors.ts';
import { jsonRpcTransport } from './json-rpc-transport.ts';
import { representation } from './representation.ts';
import { taskContext } from './task-context.ts';
import { taskIds } from './task-ids.ts';
import { terminalState } from './terminal-state.ts';
import {
  error,
  got,
  historyOf,
  result,
  sampleFacts,
  sampleTask,
  streamed,
  userMessage,
  type Shape,
} from './testing/exchanges.ts';

const invariants: readonly Invariant[] = [
  jsonRpcEnvelope,
  jsonRpcErrorObjects,
  jsonRpcTransport,
  representation,
  dataModel,
  messagesOfAgent,
  artifactIds,
  taskContext,
  taskIds,
  terminalState,
];

const judgements = (history: History) =>
  invariants.flatMap((invariant) => Object.entries(invariant.judge(history, sampleFacts)));

function blamed(history: History): Record<string, string> {
  return Object.fromEntries(
    judgements(history)
      .filter(([, { kind }]) => kind !== 'holds' && kind !== 'untested')
      .map(([row, { kind }]) => [row, kind]),
  );
}

const judged = (history: History, row: string) =>
  judgements(history)
    .filter(([name]) => name === row)
    .map(([, judgement]) => judgement)
    .find(({ kind }) => kind !== 'untested');

const agentMessage = (extra: object = {}) => ({
  messageId: 'a1',
  contextId: 'c1',
  taskId: 't1',
  role: 'ROLE_AGENT',
  parts: [{ text: 'which one?' }],
  ...extra,
});
const artifact = (artifactId: string, ...parts: object[]) => ({
  artifactId,
  parts: parts.length > 0 ? parts : [{ text: 'x' }],
});
const status = (state: string, extra: object = {}) => ({ state, timestamp: '2025-10-28T10:30:00.123Z', ...extra });
const statusUpdate = (state: string, extra: object = {}) => ({
  statusUpdate: { taskId: 't1', contextId: 'c1', status: status(state), ...extra },
});
const full = sampleTask({
  status: status('TASK_STATE_INPUT_REQUIRED', { message: agentMessage() }),
  artifacts: [artifact('r1', { text: 'x' }, { raw: 'AQ==' }), artifact('r2', { data: null }, { url: 'https://x' })],
  history: [userMessage({ taskId: 't1' }), agentMessage()],
  metadata: { any_thing: [null] },
  xExtra: 1,
});
const direct = { message: { messageId: 'a2', contextId: 'c9', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } };
const sent = (number: number, value: unknown, message: object = {}): Shape => ({
  operation: 'SendMessage',
  params: { message: userMessage({ messageId: `m${number}`, ...message }) },
  answer: result(number, value),
});

test('a history of right answers is blamed for nothing, and every row is measured', () => {
  const history = historyOf(
    sent(1, { task: full }),
    sent(2, direct),
    streamed(
      3,
      [
        { task: sampleTask({ id: 't3', contextId: 'c3' }) },
        { artifactUpdate: { taskId: 't3', contextId: 'c3', artifact: artifact('r1'), append: true } },
        { statusUpdate: { taskId: 't3', contextId: 'c3', status: status('TASK_STATE_COMPLETED') } },
      ],
      { params: { message: userMessage({ messageId: 'm3' }) } },
    ),
    got(4, sampleTask({ id: 't3', contextId: 'c3', status: status('TASK_STATE_COMPLETED') }), { params: { id: 't3' } }),
    {
      answer: error(5, -32001, {
        data: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' },
        ],
      }),
    },
    { malformed: 'no JSON', requestBody: '{', answer: error(null, -32700) },
    { malformed: 'no id', answer: error(7, -32602, { data: [{ '@type': 'x/google.rpc.BadRequest' }] }) },
  );
  expect(judgements(history).filter(([, { kind }]) => kind !== 'holds')).toEqual([]);
});

test('a status may carry the message of the client, which is none of the agent’s', () => {
  const echoed = userMessage({ messageId: 'm7', contextId: 'c1', taskId: 't1' });
  const task = sampleTask({ status: status('TASK_STATE_SUBMITTED', { message: echoed }) });
  const asked = { params: { message: userMessage({ messageId: 'm7' }) } };
  expect(blamed(historyOf({ ...sent(1, { task }), ...asked }, got(2, task)))).toEqual({});
  expect(blamed(historyOf(sent(1, { task })))).toEqual({ 'schema/message-role': 'violated' });
});

test('an empty history leaves every row untested, with a hint', () => {
  for (const [row, judgement] of judgements({ exchanges: [] }))
    expect([row, judgement]).toMatchObject([row, { kind: 'untested', hint: expect.stringMatching(/./) }]);
});

test('what only streams show does not apply to an agent that declares none', () => {
  const target = { ...sampleFacts.target, capabilities: { ...sampleFacts.target.capabilities, streaming: false } };
  const skipped = invariants
    .flatMap((invariant) => Object.entries(invariant.judge({ exchanges: [] }, { ...sampleFacts, target })))
    .filter(([, { kind }]) => kind === 'skip');
  expect(skipped.map(([row]) => row)).toEqual([
    'envelope/stream-content-type',
    'envelope/stream-events',
    'schema/stream-response',
    'schema/status-update',
    'schema/artifact-update',
  ]);
});

describe('one defect blames one row', () => {
  const task = (change: object): Shape => got(1, { ...full, ...change });
  const inStatus = (change: object): Shape => task({ status: { ...full.status, ...change } });
  const inHistory = (change: object): Shape => task({ history: [userMessage(change)] });
  const event = (value: unknown): Shape => streamed(1, [{ task: sampleTask() }, value]);
  const chunk = (change: object, inArtifact: object = {}): Shape =>
    event({
      artifactUpdate: { taskId: 't1', contextId: 'c1', artifact: { ...artifact('r1'), ...inArtifact }, ...change },
    });
  test.for<[string, Shape, string]>([
    ['a bare task as send result', sent(1, sampleTask()), 'schema/send-message-response'],
    ['task and message', sent(1, { task: sampleTask(), ...direct }), 'schema/send-message-response'],
    ['a null result', sent(1, null), 'schema/send-message-response'],
    ['a task in a list', sent(1, { task: [sampleTask()] }), 'schema/send-message-response'],
    ['two payloads', event({ task: sampleTask(), ...statusUpdate('TASK_STATE_WORKING') }), 'schema/stream-response'],
    ['the old kinds', event({ kind: 'status-update', taskId: 't1' }), 'schema/stream-response'],
    ['no status', task({ status: null }), 'schema/task'],
    ['artifacts as object', task({ artifacts: {} }), 'schema/task'],
    ['no state', inStatus({ state: undefined }), 'schema/task-status'],
    ['message as text', inStatus({ message: 'x' }), 'schema/task-status'],
    ['an unknown state', inStatus({ state: 'TASK_STATE_PAUSED' }), 'schema/task-state'],
    ['no messageId', inHistory({ messageId: undefined }), 'schema/message'],
    ['no parts', inHistory({ parts: [] }), 'schema/message'],
    ['a null part', inHistory({ parts: [null] }), 'schema/message'],
    ['an unknown role', inHistory({ role: 'ROLE_SYSTEM' }), 'schema/message-role'],
    ['an agent that says user', sent(1, { message: { ...direct.message, role: 'ROLE_USER' } }), 'schema/message-role'],
    ['a status message of the user', inStatus({ message: agentMessage({ role: 'ROLE_USER' }) }), 'schema/message-role'],
    ['two contents', inHistory({ parts: [{ text: 'x', url: 'y' }] }), 'schema/part'],
    ['raw that is no base64', inHistory({ parts: [{ raw: '%%' }] }), 'schema/part'],
    ['a part of nothing', inHistory({ parts: [{ mediaType: 'text/plain' }] }), 'schema/part-content'],
    ['the old file part', inHistory({ parts: [{ kind: 'file', file: { uri: 'x' } }] }), 'schema/part-content'],
    ['no artifactId', task({ artifacts: [{ parts: [{ text: 'x' }] }] }), 'schema/artifact'],
    ['a chunk without parts', chunk({}, { parts: [] }), 'schema/artifact'],
    ['the same id twice', task({ artifacts: [artifact('r1'), artifact('r1')] }), 'schema/artifact-ids'],
    [
      'no contextId in an update',
      event(statusUpdate('TASK_STATE_WORKING', { contextId: undefined })),
      'schema/status-update',
    ],
    ['append as text', chunk({ append: 'true' }), 'schema/artifact-update'],
    ['a kind', task({ kind: 'task' }), 'schema/no-kind'],
    [
      'the kind of a part',
      task({ artifacts: [{ ...artifact('r1'), parts: [{ kind: 'text', text: 'x' }] }] }),
      'schema/no-kind',
    ],
    ['snake_case', task({ contextId: undefined, context_id: 'c1' }), 'envelope/field-names'],
    ['a required field in snake_case', inHistory({ messageId: undefined, message_id: 'm' }), 'envelope/field-names'],
    ['PascalCase', event({ StatusUpdate: statusUpdate('TASK_STATE_WORKING').statusUpdate }), 'envelope/field-names'],
    ['a state of old', inStatus({ state: 'input-required' }), 'envelope/enum-names'],
    ['a state as number', inStatus({ state: 6 }), 'envelope/enum-names'],
    ['a role of old', inHistory({ role: 'user' }), 'envelope/enum-names'],
    ['an offset', inStatus({ timestamp: '2025-10-28T10:30:00.123+00:00' }), 'envelope/timestamps'],
    ['seconds since 1970', inStatus({ timestamp: 1761647400 }), 'envelope/timestamps'],
    [
      'a status message of the task in another context',
      inStatus({ message: agentMessage({ taskId: 't1', contextId: 'c2' }) }),
      'schema/task-context',
    ],
  ])('%s', ([, shape, row]) => {
    const history = historyOf(shape);
    expect(blamed(history)).toEqual({ [row]: 'violated' });
    expect(judged(history, row)).toMatchObject({ evidence: [{ id: 'x1' }] });
  });

  test('the reason counts instances and says where', () => {
    const bad = { statusUpdate: { taskId: 't1', contextId: 'c1', status: { state: 'TASK_STATE_PAUSED' } } };
    expect(judged(historyOf(streamed(1, [{ task: sampleTask() }, bad, bad])), 'schema/task-state')).toMatchObject({
      reason: '2 of 3 task states are not as defined',
      actual: 'event 1, StreamResponse/statusUpdate/status/state: "TASK_STATE_PAUSED"',
    });
  });
});

describe('cases of two readings are ambiguous', () => {
  const passedOn = agentMessage({ taskId: undefined, contextId: 'c2' });
  test.for<[string, Shape, string]>([
    ['an empty task id', got(1, sampleTask({ id: '' })), 'schema/task'],
    ['an unspecified state', got(1, sampleTask({ status: { state: 'TASK_STATE_UNSPECIFIED' } })), 'schema/task-state'],
    [
      'a status message without context',
      got(1, sampleTask({ status: status('TASK_STATE_WORKING', { message: agentMessage({ contextId: undefined }) }) })),
      'schema/agent-message-context',
    ],
    [
      'whole seconds only',
      got(1, sampleTask({ status: { state: 'TASK_STATE_WORKING', timestamp: '2025-10-28T10:30:00Z' } })),
      'envelope/timestamp-precision',
    ],
    [
      'text beside data: null',
      got(1, sampleTask({ artifacts: [artifact('r', { text: 'x', data: null })] })),
      'schema/part',
    ],
    [
      'a status message of another task',
      got(1, sampleTask({ status: status('TASK_STATE_WORKING', { message: agentMessage({ taskId: 't2' }) }) })),
      'schema/task-context',
    ],
    [
      'a status message of another context, and of no task',
      got(1, sampleTask({ status: status('TASK_STATE_WORKING', { message: passedOn }) })),
      'schema/task-context',
    ],
    [
      'an agent’s message of another task in a history',
      got(1, sampleTask({ history: [agentMessage({ taskId: 't2' })] })),
      'schema/task-context',
    ],
  ])('%s', ([, shape, row]) => {
    expect(blamed(historyOf(shape))).toEqual({ [row]: 'ambiguous' });
  });

  test('one timestamp on a whole second beside others says nothing', () => {
    const at = (timestamp: string) => sampleTask({ status: { state: 'TASK_STATE_WORKING', timestamp } });
    expect(blamed(historyOf(got(1, at('2025-10-28T10:30:00Z')), got(2, at('2025-10-28T10:30:01.001Z'))))).toEqual({});
  });
});

describe('tasks over time', () => {
  const end = (state: string) => sampleTask({ status: status(state) });
  const row = 'get/terminal-stable';

  test('an end that is left is found, whoever saw it', () => {
    for (const first of [
      got(1, end('TASK_STATE_CANCELED')),
      { ...got(1, end('TASK_STATE_CANCELED')), operation: 'CancelTask' } as const,
      sent(1, { task: end('TASK_STATE_CANCELED') }),
      streamed(1, [{ task: sampleTask() }, statusUpdate('TASK_STATE_CANCELED')]),
      {
        operation: 'ListTasks',
        params: {},
        answer: result(1, { tasks: [end('TASK_STATE_CANCELED')], nextPageToken: '', pageSize: 50, totalSize: 1 }),
      } as const,
    ])
      expect(judged(historyOf(first, got(2, end('TASK_STATE_COMPLETED'))), row)).toMatchObject({
        kind: 'violated',
        expected: 'task t1 in TASK_STATE_CANCELED, as x1 showed it',
        actual: 'TASK_STATE_COMPLETED in x2',
        evidence: [{ id: 'x1' }, { id: 'x2' }],
      });
  });

  test.for<[string, string[], string]>([
    ['stays at work, at no time that it names', ['COMPLETED', 'WORKING', 'WORKING'], 'ambiguous'],
    ['goes on to another end', ['COMPLETED', 'WORKING', 'FAILED'], 'violated'],
    ['one read lags at the end of the run', ['COMPLETED', 'WORKING'], 'ambiguous'],
    ['reads lag, then are right', ['COMPLETED', 'WORKING', 'WORKING', 'COMPLETED'], 'ambiguous'],
    ['is right in between', ['COMPLETED', 'COMPLETED', 'WORKING'], 'ambiguous'],
  ])('an ended task that %s', ([, states, kind]) => {
    const reads = states.map((state, index) => got(index + 1, end(`TASK_STATE_${state}`)));
    expect(judged(historyOf(...reads), row)?.kind).toBe(kind);
  });

  test('a status of before the end, however often it is shown, is a view of the past', () => {
    const at = (state: string, timestamp: string) =>
      sampleTask({ status: { state: `TASK_STATE_${state}`, timestamp } });
    const ended = at('COMPLETED', '2025-10-28T10:30:01.000Z');
    const reads = (timestamp: string) => [1, 2].map((index) => got(index + 1, at('WORKING', timestamp)));
    expect(judged(historyOf(got(1, ended), ...reads('2025-10-28T10:30:00.999Z')), row)?.kind).toBe('ambiguous');
    expect(judged(historyOf(got(1, ended), ...reads('2025-10-28T10:30:01.000Z')), row)?.kind).toBe('ambiguous');
    expect(judged(historyOf(got(1, ended), ...reads('2025-10-28T10:30:01.001Z')), row)?.kind).toBe('violated');
  });

  test('an end that is kept holds', () => {
    const history = historyOf(got(1, end('TASK_STATE_FAILED')), got(2, end('TASK_STATE_FAILED')));
    expect(judged(history, row)?.kind).toBe('holds');
    expect(blamed(history)).toEqual({});
  });

  test('what was asked before the end had arrived may be older', () => {
    const history = historyOf(
      got(1, end('TASK_STATE_COMPLETED'), { at: 100, until: 200 }),
      got(2, end('TASK_STATE_WORKING'), { at: 150, until: 400 }),
      streamed(
        3,
        [{ task: end('TASK_STATE_WORKING') }],
        { at: 50, until: 900, params: { id: 't1' } },
        'SubscribeToTask',
      ),
    );
    expect(blamed(history)).toEqual({});
    expect(judged(history, row)).toBeUndefined();
  });

  test('a task without an end, and a purged one, say nothing', () => {
    const history = historyOf(got(1, end('TASK_STATE_WORKING')), got(2, end('TASK_STATE_SUBMITTED')));
    expect(judged(history, row)).toBeUndefined();
  });

  test('another context later', () => {
    expect(blamed(historyOf(got(1, sampleTask()), got(2, sampleTask({ contextId: 'c2' }))))).toEqual({
      'schema/task-context': 'violated',
    });
  });

  test('an absent context later says nothing', () => {
    expect(blamed(historyOf(got(1, sampleTask()), got(2, sampleTask({ contextId: undefined }))))).toEqual({});
  });
});

describe('task ids', () => {
  const row = 'send/task-id-generated';
  const task = (id: string, state = 'TASK_STATE_WORKING') => ({
    task: sampleTask({ id, contextId: `c-${id}`, status: { state } }),
  });

  test('two messages, one id', () => {
    const ended = sent(1, task('t1', 'TASK_STATE_COMPLETED'));
    expect(judged(historyOf(ended, sent(2, task('t1'))), row)).toMatchObject({
      kind: 'violated',
      reason: '1 of 2 tasks started by distinct messages have the id of another task',
      evidence: [{ id: 'x2' }, { id: 'x1' }],
    });
  });

  test('an ended task, once more as it was, may be the answer to a message that says the same', () => {
    const ended = task('t1', 'TASK_STATE_COMPLETED');
    expect(judged(historyOf(sent(1, ended), sent(2, ended)), row)?.kind).toBe('ambiguous');
    const later = {
      task: { ...ended.task, status: { ...ended.task.status, timestamp: '2025-10-28T11:00:00.000Z' } },
    };
    expect(judged(historyOf(sent(1, ended), sent(2, later)), row)?.kind).toBe('violated');
  });

  test('a task that is open may be gone on with', () => {
    expect(judged(historyOf(sent(1, task('t1')), sent(2, task('t1'))), row)?.kind).toBe('ambiguous');
  });

  test.for<[string, Shape, string]>([
    ['two ids', sent(2, task('t2')), 'holds'],
    ['the same message again', sent(2, task('t1'), { messageId: 'm1' }), 'holds'],
  ])('%s', ([, shape, kind]) => {
    expect(judged(historyOf(sent(1, task('t1')), shape), row)?.kind).toBe(kind);
  });

  test.for<[string, object]>([
    ['a follow-up', { taskId: 't1' }],
    ['a message in the same context', { contextId: 'c-t1' }],
    ['a message about the task', { referenceTaskIds: ['t1'] }],
  ])('%s may go on with the task', ([, extra]) => {
    expect(judged(historyOf(sent(1, task('t1')), sent(2, task('t1'), extra)), row)).toBeUndefined();
  });
});

describe('the harness’s own defects are not the agent’s', () => {
  const noParts = { messageId: 'm', role: 'ROLE_USER' };
  const echo = sampleTask({ id: 't7', history: [{ messageId: 'm', role: 'UNRECOGNIZED' }] });
  const wrongSend: Shape = {
    operation: 'SendMessage',
    malformed: 'no parts',
    params: { message: noParts },
    answer: result(1, { task: echo }),
  };

  test('a malformed message that was accepted is not judged where it comes back', () => {
    const history = historyOf(wrongSend, got(2, echo, { params: { id: 't7' } }), {
      operation: 'ListTasks',
      params: {},
      answer: result(3, { tasks: [echo, sampleTask()], nextPageToken: '', pageSize: 50, totalSize: 2 }),
    });
    expect(blamed(history)).toEqual({});
    // The other one is a stranger's.
    expect(judged(history, 'schema/task')).toBeUndefined();
  });

  test('nor where it was sent over another interface, and a list shows it', () => {
    const history = historyOf(
      { operation: 'SendMessage', answer: result(1, { task: sampleTask() }) },
      {
        operation: 'ListTasks',
        params: {},
        answer: result(2, { tasks: [echo, sampleTask()], nextPageToken: '', pageSize: 50, totalSize: 2 }),
      },
    );
    expect(blamed(history)).toEqual({});
    expect(judged(history, 'schema/task')).toMatchObject({
      kind: 'holds',
      reason: '2 Task objects, each as defined',
    });
  });

  test('but a task of its own is, in a list too', () => {
    const history = historyOf(
      { operation: 'SendMessage', answer: result(1, { task: sampleTask({ id: 't7' }) }) },
      {
        operation: 'ListTasks',
        params: {},
        answer: result(2, { tasks: [echo], nextPageToken: '', pageSize: 50, totalSize: 1 }),
      },
    );
    expect(Object.keys(blamed(history))).toContain('schema/message');
  });

  test('nor in a task that it was sent to', () => {
    const followUp: Shape = {
      ...wrongSend,
      params: { message: { ...noParts, taskId: 't7' } },
      answer: error(1, -32602),
    };
    expect(blamed(historyOf(followUp, got(2, echo, { params: { id: 't7' } })))).toEqual({});
  });

  test('answers in the semantics of another version are not judged, those of a patch are', () => {
    const old = { id: 't1', status: { state: 'working' } };
    expect(blamed(historyOf(got(1, old, { version: '0.3' }), got(2, old, { version: '' })))).toEqual({});
    expect(blamed(historyOf(got(1, old, { version: '1.0.1' })))).toEqual({ 'envelope/enum-names': 'violated' });
  });

  test('answers to a request that was meant well and is not are not judged', () => {
    expect(blamed(historyOf({ ...wrongSend, malformed: undefined } as Shape))).toEqual({});
  });
});

test('no defect of the wire makes an invariant throw', () => {
  const anything = fc.oneof(fc.jsonValue(), fc.string(), fc.constant(undefined));
  const member = fc.constantFrom(
    'jsonrpc',
    'id',
    'result',
    'error',
    'task',
    'statusUpdate',
    'message',
    'status',
    'history',
    'artifacts',
    'contextId',
    'state',
  );
  const soup = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      anything,
      fc.dictionary(member, tie('node')),
      fc.array(tie('node'), { maxLength: 2 }),
    ),
  })).node;
  const shapes = fc.array(
    fc.oneof(
      fc.record({ answer: soup, status: fc.constantFrom(200, 400) }),
      soup.map((value): Shape => ({ operation: 'SendMessage', answer: result(1, value) })),
      fc.array(soup, { minLength: 1, maxLength: 3 }).map((values): Shape => streamed(1, values)),
      soup.map((value): Shape => ({
        operation: 'SendMessage',
        malformed: 'x',
        requestBody: JSON.stringify(value) ?? '',
        answer: result(1, value),
      })),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(shapes, (all) => {
      for (const [, judgement] of judgements(historyOf(...all))) expect(judgement.kind).toBeTypeOf('string');
    }),
    { numRuns: 300 },
  );
});
