import { describe, expect, test } from 'vitest';
import type { JudgeFacts } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { Target } from '../../../core/target/target.ts';
import { errorOf, got, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { contentType } from './content-type.ts';
import { extendedCard } from './extended-card.ts';
import { anotherVersionOf } from '../extensions/extension-header.ts';
import { extensions } from './extensions.ts';
import { jsonRpc } from './json-rpc.ts';
import { pushUndeclared } from './push-undeclared.ts';
import { streamingUndeclared } from './streaming-undeclared.ts';
import { terminalTask } from './terminal-task.ts';
import { unknownTask } from './unknown-task.ts';
import { versions } from './versions.ts';

const notFound = errorOf('TaskNotFoundError');
const unsupported = errorOf('UnsupportedOperationError');
const invalid = errorOf('InvalidParamsError');
const noMethod = errorOf('MethodNotFoundError');
const done = got('COMPLETED');

const factsOf = (target: Partial<Target>): JudgeFacts => {
  const facts = factsWith();
  return { ...facts, target: { ...facts.target, ...target } };
};

describe('unknown task', () => {
  type Observation = Parameters<typeof unknownTask.judge>[0];
  const right: Observation = {
    wellFormed: true,
    known: [done, done],
    get: notFound,
    cancel: notFound,
    cancelKnown: errorOf('TaskNotCancelableError'),
    send: notFound,
    subscribe: notFound,
    stream: notFound,
    streamNew: sent('WORKING'),
  };

  test.for<[string, Partial<Observation>, Partial<Record<string, string>>]>([
    ['all right', {}, {}],
    [
      'nothing to compare with',
      { known: [done, notFound] },
      { get: 'untested', cancel: 'untested', send: 'untested', subscribe: 'untested', stream: 'untested' },
    ],
    ['get: another error', { get: invalid }, { get: 'violated' }],
    [
      'an id whose form is the agent’s own',
      { wellFormed: false, get: invalid, send: invalid, cancel: unsupported },
      { get: 'ambiguous', send: 'ambiguous', cancel: 'violated' },
    ],
    ['cancel: another error', { cancel: errorOf('TaskNotCancelableError') }, { cancel: 'violated' }],
    ['no cancel at all', { cancel: unsupported, cancelKnown: unsupported }, { cancel: 'ambiguous' }],
    ['send: creates a task', { send: sent('COMPLETED') }, { send: 'violated' }],
    ['subscribe: unsupported', { subscribe: unsupported }, { subscribe: 'violated' }],
    ['subscribe: no such operation', { subscribe: noMethod }, { subscribe: 'ambiguous' }],
    ['send: no such operation', { send: noMethod }, { send: 'violated' }],
    [
      'no streams at all',
      { subscribe: unsupported, stream: unsupported, streamNew: unsupported },
      { subscribe: 'untested', stream: 'untested' },
    ],
    ['none declared', { subscribe: null, stream: null, streamNew: null }, { subscribe: 'skip', stream: 'skip' }],
    ['silence', { get: noAnswer() }, { get: 'untested' }],
  ])('%s', ([, more, differences]) => {
    const judged = unknownTask.judge({ ...right, ...more }, factsWith());
    const kinds = Object.fromEntries(
      Object.entries(judged).map(([row, { kind }]) => [row.replace('errors/', '').replace('-unknown-task', ''), kind]),
    );
    const usual = { get: 'holds', cancel: 'holds', subscribe: 'holds', send: 'holds', stream: 'holds' };
    expect(kinds).toEqual({ ...usual, ...differences });
  });
});

describe('terminal task', () => {
  const asked = (answer: CallResult, before = done, after: CallResult = done) => ({ answer, before, after });
  const ended = (answer: CallResult, before = done, after: CallResult = done) => [
    {
      state: 'TASK_STATE_COMPLETED',
      send: asked(answer, before, after),
      stream: asked(answer, before, after),
      subscribe: null,
    },
  ];

  test.for<[string, Parameters<typeof terminalTask.judge>[0], string]>([
    ['refused', ended(unsupported), 'holds'],
    ['accepted', ended(sent('COMPLETED')), 'violated'],
    ['accepted, and at work again', ended(sent('WORKING'), done, got('WORKING')), 'violated'],
    ['another error', ended(invalid), 'violated'],
    ['not found, though GetTask shows it', ended(notFound), 'violated'],
    ['purged', ended(notFound, done, notFound), 'untested'],
    ['not ended when it was asked', ended(sent('WORKING'), got('WORKING')), 'untested'],
    ['one of two', [...ended(unsupported), ...ended(sent('FAILED'))], 'violated'],
    ['no ended task', [], 'untested'],
  ])('%s', ([, observed, kind]) => {
    const judged = terminalTask.judge(observed, factsWith());
    expect(judged['errors/send-terminal-task'].kind).toBe(kind);
    expect(judged['errors/stream-terminal-task'].kind).toBe(kind);
  });

  test('where there is no SubscribeToTask at all, that is for another row', () => {
    const [without] = ended(noMethod);
    const judged = terminalTask.judge([{ ...without!, subscribe: asked(noMethod) }], factsWith());
    expect(judged['errors/subscribe-terminal-task'].kind).toBe('ambiguous');
    expect(judged['errors/send-terminal-task'].kind).toBe('violated');
  });
});

describe('versions', () => {
  const refused = errorOf('VersionNotSupportedError');
  const served = {
    served: [done, done],
    unsupported: refused,
    minor: refused,
    empty: refused,
    absent: refused,
    patch: done,
    parameter: done,
  };
  type Versions = typeof served;
  const judge = (more: Partial<Versions>, facts = factsWith()) =>
    versions.judge({ own: notFound, versions: { ...served, ...more } }, facts);

  test.for<[string, Partial<Versions>, string, string]>([
    ['unsupported refused', {}, 'unsupported', 'holds'],
    ['unsupported served', { unsupported: done }, 'unsupported', 'violated'],
    ['unsupported: another error', { unsupported: invalid }, 'unsupported', 'violated'],
    ['another minor version served', { minor: done }, 'unsupported', 'ambiguous'],
    ['another minor version: another error', { minor: invalid }, 'unsupported', 'violated'],
    ['no control', { served: [done, noAnswer()], unsupported: done }, 'unsupported', 'untested'],
    ['empty refused', {}, 'empty', 'holds'],
    ['empty served', { empty: done }, 'empty', 'violated'],
    ['empty: the method is unknown to 0.3', { empty: errorOf('MethodNotFoundError') }, 'empty', 'holds'],
    ['empty: not found', { empty: notFound }, 'empty', 'violated'],
    ['absent refused', {}, 'absent', 'holds'],
    ['absent served', { absent: done }, 'absent', 'ambiguous'],
    ['patch served', {}, 'patch', 'holds'],
    ['patch refused', { patch: refused }, 'patch', 'ambiguous'],
    ['parameter read', {}, 'parameter', 'holds'],
    ['parameter not read', { parameter: refused }, 'parameter', 'violated'],
    ['nothing is read', { absent: done }, 'parameter', 'untested'],
  ])('%s', ([, more, row, kind]) => {
    expect(judge(more)[`errors/version-${row}` as 'errors/version-empty'].kind).toBe(kind);
  });

  test('an agent that lists 0.3 at the same URL may mean that by an empty version', () => {
    const { interface: ref } = factsWith();
    const facts = factsOf({ unmeasured: [{ interface: { ...ref!, version: '0.3' }, reason: 'old' }] });
    expect(judge({ empty: done }, facts)['errors/version-empty'].kind).toBe('skip');
  });

  test.for([
    ['anything is said', notFound, 'holds'],
    ['refused', refused, 'violated'],
    ['silence', noAnswer(), 'untested'],
  ] as const)('own version: %s', ([, own, kind]) => {
    expect(versions.judge({ own, versions: null }, factsWith())['errors/version-served'].kind).toBe(kind);
  });
});

describe('content type', () => {
  const right = errorOf('ContentTypeNotSupportedError');
  const observed = { served: done, text: right, file: right, servedStream: done, stream: right };

  test.for<[string, Partial<Parameters<typeof contentType.judge>[0]>, string]>([
    ['refused', {}, 'holds'],
    ['taken everywhere', { text: done, file: done, stream: done }, 'untested'],
    ['looked at in files only', { text: done, stream: done }, 'holds'],
    ['another error', { text: errorOf('InternalError') }, 'violated'],
    ['invalid params', { text: invalid }, 'ambiguous'],
    ['files are refused otherwise', { file: errorOf('InternalError') }, 'ambiguous'],
    ['another error on streams', { stream: unsupported }, 'violated'],
    ['no streams at all', { stream: unsupported, servedStream: unsupported }, 'holds'],
    ['text is not taken either', { served: right, servedStream: right }, 'untested'],
  ])('%s', ([, more, kind]) => {
    expect(contentType.judge({ ...observed, ...more }, factsWith())['errors/content-type'].kind).toBe(kind);
  });

  test('a card that takes everything', () => {
    const facts = factsOf({ card: { defaultInputModes: ['*/*'] } });
    expect(contentType.judge(observed, facts)['errors/content-type'].kind).toBe('skip');
  });
});

describe('extensions', () => {
  const required = errorOf('ExtensionSupportRequiredError');
  const observed = { served: done, unknown: done, undeclared: required, otherVersion: required };

  test.for<[string, Partial<Parameters<typeof extensions.judge>[0]>, readonly [string, string, string]]>([
    ['all right', {}, ['holds', 'holds', 'holds']],
    ['none required', { undeclared: null, otherVersion: null }, ['skip', 'skip', 'holds']],
    ['not demanded', { undeclared: done, otherVersion: done }, ['violated', 'violated', 'holds']],
    ['another error', { undeclared: invalid, otherVersion: invalid }, ['violated', 'ambiguous', 'holds']],
    ['an unknown one is refused', { unknown: invalid }, ['holds', 'holds', 'violated']],
    ['no control', { served: invalid }, ['untested', 'untested', 'untested']],
  ])('%s', ([, more, kinds]) => {
    const judged = extensions.judge({ ...observed, ...more }, factsWith());
    expect(Object.values(judged).map(({ kind }) => kind)).toEqual(kinds);
  });

  test.for([
    ['https://example.com/ext/v1', 'https://example.com/ext/v99'],
    ['https://example.com/ext/v1.2/', 'https://example.com/ext/v99'],
    ['https://example.com/ext', 'https://example.com/ext/v99'],
  ] as const)('another version of %s', ([uri, other]) => {
    expect(anotherVersionOf(uri)).toBe(other);
  });
});

describe('capabilities that are not declared', () => {
  const push = errorOf('PushNotificationNotSupportedError');
  const four = (...answers: CallResult[]) => answers.map((answer, index) => ({ operation: `push ${index}`, answer }));

  test.for<[string, Parameters<typeof pushUndeclared.judge>[0], string]>([
    ['refused', { known: [done, done], answers: four(push, push) }, 'holds'],
    ['one unknown method', { known: [done, done], answers: four(push, errorOf('MethodNotFoundError')) }, 'violated'],
    ['served', { known: [done, done], answers: four(resultOf({})) }, 'violated'],
    ['the task was purged', { known: [done, notFound], answers: four(notFound) }, 'untested'],
  ])('push: %s', ([, observed, kind]) => {
    expect(pushUndeclared.judge(observed, factsWith())['errors/push-undeclared'].kind).toBe(kind);
  });

  const right = { served: sent('COMPLETED'), stream: unsupported, subscribe: unsupported, known: done };
  test.for<[string, Parameters<typeof streamingUndeclared.judge>[0], string]>([
    ['refused', { ...right, stream: unsupported }, 'holds'],
    ['no task', { ...right, served: resultOf({ message: {} }), subscribe: null, known: null }, 'holds'],
    ['served', { ...right, stream: sent('WORKING') }, 'violated'],
    ['unknown method', { ...right, stream: errorOf('MethodNotFoundError') }, 'violated'],
    ['unknown, though GetTask shows it', { ...right, subscribe: notFound }, 'violated'],
    ['purged', { ...right, subscribe: notFound, known: notFound }, 'holds'],
    ['nothing works', { served: invalid, stream: invalid, subscribe: null, known: null }, 'untested'],
  ])('streaming: %s', ([, observed, kind]) => {
    expect(streamingUndeclared.judge(observed, factsWith())['errors/streaming-undeclared'].kind).toBe(kind);
  });

  const custom: CallResult = {
    ...invalid,
    reply: { kind: 'error', error: { name: undefined, code: -32000, message: 'log in', details: undefined } },
  };
  test.for<[string, boolean, CallResult, CallResult | readonly CallResult[], string]>([
    ['undeclared, refused', false, unsupported, notFound, 'holds'],
    ['undeclared, served', false, resultOf({}), notFound, 'violated'],
    ['undeclared, not configured', false, errorOf('ExtendedAgentCardNotConfiguredError'), notFound, 'violated'],
    ['undeclared, but authentication comes first', false, custom, notFound, 'untested'],
    ['declared, a card', true, resultOf({}), notFound, 'holds'],
    ['declared, not configured', true, errorOf('ExtendedAgentCardNotConfiguredError'), notFound, 'holds'],
    ['declared, unsupported', true, unsupported, notFound, 'violated'],
    ['declared, unknown method', true, errorOf('MethodNotFoundError'), notFound, 'violated'],
    ['declared, not authenticated', true, custom, notFound, 'untested'],
    ['nothing works', true, unsupported, errorOf('InternalError'), 'untested'],
    ['an id that the agent does not like', false, resultOf({}), invalid, 'violated'],
    ['an odd answer, but another call is served', false, resultOf({}), [errorOf('InternalError'), done], 'violated'],
  ])('extended card: %s', ([, extendedAgentCard, card, served, kind]) => {
    const facts = factsWith();
    const capabilities = { ...facts.target.capabilities, extendedAgentCard };
    const judged = extendedCard.judge({ card, served: [served].flat() }, factsOf({ capabilities }));
    const row = extendedAgentCard ? 'errors/extended-card-unconfigured' : 'errors/extended-card-undeclared';
    expect(judged[row].kind).toBe(kind);
  });
});

describe('JSON-RPC', () => {
  const one = (answer: CallResult, arguable?: 'MethodNotFoundError') => [
    { violation: 'wrong', answer, ...(arguable ? { arguable } : {}) },
  ];
  const observed = {
    wellFormed: [notFound],
    notJson: one(errorOf('JSONParseError')),
    nearlyJson: one(errorOf('JSONParseError')),
    notRequest: one(errorOf('InvalidRequestError')),
    otherVersion: one(errorOf('InvalidRequestError')),
    unknownMethod: one(errorOf('MethodNotFoundError')),
  };

  test.for<[string, Partial<Parameters<typeof jsonRpc.judge>[0]>, readonly [string, string, string]]>([
    ['all right', {}, ['holds', 'holds', 'holds']],
    ['no JSON is no request', { notJson: one(errorOf('InvalidRequestError')) }, ['violated', 'holds', 'holds']],
    ['no request is bad params', { notRequest: one(invalid) }, ['holds', 'violated', 'holds']],
    [
      'an arguable error',
      { notRequest: one(errorOf('MethodNotFoundError'), 'MethodNotFoundError') },
      ['holds', 'ambiguous', 'holds'],
    ],
    ['JSON-RPC 1.0 is served', { otherVersion: one(notFound) }, ['holds', 'ambiguous', 'holds']],
    ['JSON-RPC 1.0 is bad params', { otherVersion: one(invalid) }, ['holds', 'violated', 'holds']],
    ['an unknown method is served', { unknownMethod: one(resultOf({})) }, ['holds', 'holds', 'violated']],
    ['a lenient parser', { nearlyJson: one(invalid) }, ['ambiguous', 'holds', 'holds']],
    [
      'a lenient parser, but no request',
      { nearlyJson: one(errorOf('InvalidRequestError')) },
      ['violated', 'holds', 'holds'],
    ],
    ['nothing is served', { wellFormed: [errorOf('InternalError')] }, ['untested', 'untested', 'untested']],
    [
      'an odd answer, but another call is served',
      { wellFormed: [errorOf('InternalError'), done] },
      ['holds', 'holds', 'holds'],
    ],
    ['silence', { notJson: one(noAnswer()), nearlyJson: [] }, ['untested', 'holds', 'holds']],
  ])('%s', ([, more, kinds]) => {
    const judged = jsonRpc.judge({ ...observed, ...more }, factsWith());
    expect(Object.values(judged).map(({ kind }) => kind)).toEqual(kinds);
  });
});
