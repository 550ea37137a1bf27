import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, resultOf } from '../../testing/answers.ts';
import { config, listed, registered } from '../../testing/deliveries.ts';
import { factsWith } from '../../testing/facts.ts';
import type { Observation } from './config-judges.ts';
import { configs } from './configs.ts';
import { deletion } from './deletion.ts';

const [notFound, invalid] = [errorOf('TaskNotFoundError'), errorOf('InvalidParamsError')];
const alive = got('INPUT_REQUIRED');
const authentication = { scheme: 'Bearer', credentials: 'c' };
const second = registered('b', config('b', { authentication }), { authentication });

const clean: Observation = {
  created: [registered('a'), second],
  got: [config('a'), config('b', { authentication })],
  list: listed(['a', 'b']),
  paged: listed(['a'], ['b']),
  deleted: resultOf({}),
  task: alive,
};

const sameId = { ...registered('a'), url: 'http://w/first' };
const refused = (page: CallResult) => ({ pages: [page], complete: false, endless: false });
const withFirst = (answer: CallResult) => ({ created: [registered('a', answer), second] as const });

type Case = readonly [string, keyof ReturnType<typeof configs.judge>, string, Partial<Observation>];

test.for<Case>([
  ['all there', 'push/supported', 'holds', {}],
  ['no such method', 'push/supported', 'violated', { list: refused(errorOf('MethodNotFoundError')) }],
  ['not supported', 'push/supported', 'violated', withFirst(errorOf('PushNotificationNotSupportedError'))],
  ['unsupported', 'push/supported', 'ambiguous', { deleted: errorOf('UnsupportedOperationError') }],
  ['not everything asked', 'push/supported', 'untested', { got: [null, null] }],
  ['returned', 'push/create-returns-config', 'holds', {}],
  ['another url', 'push/create-returns-config', 'violated', withFirst(config('a', { url: 'http://w/other' }))],
  ['another task', 'push/create-returns-config', 'violated', withFirst(config('a', { taskId: 't2' }))],
  ['no task', 'push/create-returns-config', 'ambiguous', withFirst(config('a', { taskId: undefined }))],
  ['refused', 'push/create-returns-config', 'holds', withFirst(invalid)],
  ['an id', 'push/create-assigns-id', 'holds', {}],
  ['no id', 'push/create-assigns-id', 'violated', withFirst(config('a', { id: '' }))],
  ['two ids', 'push/ids-unique', 'holds', {}],
  ['one id', 'push/ids-unique', 'violated', { created: [sameId, registered('a')] }],
  ['no ids', 'push/ids-unique', 'untested', withFirst(config('a', { id: undefined }))],
  ['got', 'push/get-returns-config', 'holds', {}],
  ['not got', 'push/get-returns-config', 'violated', { got: [notFound, clean.got[1]] }],
  [
    'not got, the task being over',
    'push/get-returns-config',
    'holds',
    { got: [notFound, clean.got[1]], task: got('COMPLETED') },
  ],
  ['no answer', 'push/get-returns-config', 'holds', { got: [noAnswer(), clean.got[1]] }],
  ['got with another url', 'push/get-returns-config', 'violated', { got: [config('b'), clean.got[1]] }],
  ['got without its scheme', 'push/get-returns-config', 'ambiguous', { got: [clean.got[0], config('b')] }],
  [
    'of one id nothing is said of the first',
    'push/get-returns-config',
    'holds',
    { created: [sameId, registered('a')], got: [config('a'), config('a')] },
  ],
  ['both listed', 'push/list-all', 'holds', {}],
  ['listed over pages', 'push/list-all', 'holds', { list: listed(['a'], ['b']) }],
  ['one missing', 'push/list-all', 'violated', { list: listed(['a']) }],
  ['an empty list without the member', 'push/list-all', 'violated', { list: { ...listed([]), pages: [resultOf({})] } }],
  ['the list refused', 'push/list-all', 'violated', { list: refused(invalid) }],
  ['no list answered', 'push/list-all', 'untested', { list: refused(noAnswer()) }],
  ['no list of a task that is over', 'push/list-all', 'untested', { list: listed([]), task: got('COMPLETED') }],
  ['pages', 'push/list-pages', 'holds', {}],
  ['no pages', 'push/list-pages', 'skip', { paged: listed(['a', 'b']) }],
  ['a last page that is empty', 'push/list-pages', 'holds', { paged: listed(['a'], ['b'], []) }],
  ['pages too large', 'push/list-pages', 'violated', { paged: listed(['a', 'b'], []) }],
  ['a page lost', 'push/list-pages', 'violated', { paged: listed(['a'], []) }],
  ['the same page again', 'push/list-pages', 'violated', { paged: listed(['a'], ['a'], ['b']) }],
  ['no end', 'push/list-pages', 'violated', { paged: { ...listed(['a'], ['b']), complete: false, endless: true } }],
])('%s: %s %s', ([, row, kind, more]) => {
  expect(configs.judge({ ...clean, ...more }, factsWith())[row].kind).toBe(kind);
});

type Deletion = Parameters<typeof deletion.judge>[0];
const done = resultOf({});
/** `{"jsonrpc":"2.0","id":1}` */
const formless: CallResult = { ...done, reply: { kind: 'malformed', why: 'neither result nor error', status: 200 } };
const after = { answer: done, gone: notFound, kept: config('b') };
const deleted: Deletion = {
  created: [registered('a'), registered('b')],
  before: [config('a'), config('b')],
  first: after,
  list: listed(['b']),
  again: after,
  task: alive,
};

describe('deletion', () => {
  test.for<readonly [string, keyof ReturnType<typeof deletion.judge>, string, Partial<Deletion>]>([
    ['gone', 'push/delete-removes', 'holds', {}],
    ['still got', 'push/delete-removes', 'violated', { first: { ...after, gone: config('a') } }],
    ['still listed', 'push/delete-removes', 'violated', { list: listed(['a', 'b']) }],
    ['refused', 'push/delete-removes', 'violated', { first: { ...after, answer: notFound } }],
    ['gone, without a result', 'push/delete-removes', 'holds', { first: { ...after, answer: formless } }],
    [
      'still got, without a result',
      'push/delete-removes',
      'violated',
      { first: { ...after, answer: formless, gone: config('a') } },
    ],
    ['again, without a result', 'push/delete-idempotent', 'holds', { again: { ...after, answer: formless } }],
    ['failed', 'push/delete-removes', 'untested', { first: { ...after, answer: errorOf('InternalError') } }],
    [
      'no such operation',
      'push/delete-removes',
      'untested',
      { first: { ...after, answer: errorOf('MethodNotFoundError') } },
    ],
    ['not got before', 'push/delete-removes', 'untested', { before: [notFound, config('b')] }],
    ['the task is over', 'push/delete-removes', 'untested', { task: got('COMPLETED') }],
    ['the other stays', 'push/config-persists', 'holds', {}],
    ['the other is gone', 'push/config-persists', 'violated', { first: { ...after, kept: notFound } }],
    [
      'the other is gone with its task',
      'push/config-persists',
      'untested',
      { first: { ...after, kept: notFound }, task: got('CANCELED') },
    ],
    ['the other was not there', 'push/config-persists', 'untested', { before: [config('a'), notFound] }],
    ['no answer about the other', 'push/config-persists', 'untested', { first: { ...after, kept: noAnswer() } }],
    ['again', 'push/delete-idempotent', 'holds', {}],
    ['again: not found', 'push/delete-idempotent', 'holds', { again: { ...after, answer: notFound } }],
    ['again: another error', 'push/delete-idempotent', 'ambiguous', { again: { ...after, answer: invalid } }],
    ['again: no answer', 'push/delete-idempotent', 'untested', { again: { ...after, answer: noAnswer() } }],
    ['again: it is back', 'push/delete-idempotent', 'violated', { again: { ...after, gone: config('a') } }],
    ['again: the other is gone', 'push/delete-idempotent', 'violated', { again: { ...after, kept: notFound } }],
    [
      'the other was gone before',
      'push/delete-idempotent',
      'holds',
      { first: { ...after, kept: notFound }, again: { ...after, kept: notFound } },
    ],
    ['not deleted at first', 'push/delete-idempotent', 'untested', { first: { ...after, answer: invalid } }],
  ])('%s: %s %s', ([, row, kind, more]) => {
    expect(deletion.judge({ ...deleted, ...more }, factsWith())[row].kind).toBe(kind);
  });
});
