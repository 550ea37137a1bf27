import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { goodCard } from '../../testing/card-answers.ts';
import { control } from '../shared/refusal.ts';
import { judgeDeclaration } from './declaration.ts';
import { judgeList } from './list.ts';
import { extensionsNamed, judgeFallback } from './no-fallback.ts';
import { judgeBare } from './required-operations.ts';

describe('declared', () => {
  test.for<[string, readonly object[], string]>([
    ['nothing', [], 'skip'],
    ['URIs of any kind', [{ uri: 'urn:a:b' }, { uri: 'https://example.com/x/v1' }, { uri: 'tag:x,2026:y' }], 'holds'],
    ['two versions', [{ uri: 'https://example.com/x/v1' }, { uri: 'https://example.com/x/v2' }], 'holds'],
    ['of another type, which other rows judge', [{ uri: 7 }], 'holds'],
    ['a word', [{ uri: 'geolocation' }], 'violated'],
    ['no URI', [{}], 'violated'],
    ['the same one twice', [{ uri: 'urn:a:b' }, { uri: 'urn:a:b' }], 'violated'],
  ])('%s', ([, extensions, kind]) => {
    expect(judgeDeclaration({ ...goodCard, capabilities: { extensions } })).toMatchObject({ kind });
  });
});

describe('required', () => {
  const done = sent('COMPLETED');
  const refused = errorOf('ExtensionSupportRequiredError');
  const ok = control('with it', done);

  test.for<[string, CallResult, string, string]>([
    ['GetTask', refused, 'refused', 'holds'],
    ['GetTask', done, 'served', 'ambiguous'],
    ['GetTask', errorOf('InvalidRequestError'), 'refused in another way', 'violated'],
    ['SendStreamingMessage', refused, 'refused', 'holds'],
    ['SendStreamingMessage', done, 'served', 'violated'],
  ])('%s is %s', ([operation, answer, , kind]) => {
    expect(judgeBare({ operation, answer, proof: ok })).toMatchObject({ kind });
  });

  test('without a control nothing is judged', () => {
    expect(judgeBare({ operation: 'GetTask', answer: done, proof: control('with it', refused) })).toMatchObject({
      kind: 'untested',
    });
  });
});

describe('a list', () => {
  const done = sent('COMPLETED');
  test.for<[string, CallResult, CallResult, string]>([
    ['is read', done, done, 'holds'],
    ['is taken for one URI', done, errorOf('ExtensionSupportRequiredError'), 'violated'],
    ['is refused for another reason', done, errorOf('InvalidParamsError'), 'ambiguous'],
    ['is refused by chance', done, noAnswer(), 'untested'],
    ['of one is refused, too', errorOf('InternalError'), done, 'untested'],
  ])('%s', ([, once, twice, kind]) => {
    expect(judgeList({ once, twice })).toMatchObject({ kind });
  });
});

describe('no fallback', () => {
  const uri = 'https://example.com/ext/v1';
  const other = 'https://example.com/ext/v99';
  const without = sent('COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: '' }] }] });
  const naming = sent('COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: '' }], extensions: [uri] }] });
  const echoing = sent('COMPLETED', {
    history: [{ messageId: 'm', role: 'ROLE_USER', parts: [{ text: '' }], extensions: [uri] }],
  });

  test.for<[string, Partial<Parameters<typeof judgeFallback>[0]>, string]>([
    ['its own version alone', {}, 'holds'],
    ['any version', { another: [naming, naming] }, 'violated'],
    ['any version, once', { another: [naming, without] }, 'holds'],
    ['whether asked or not', { plain: [naming], another: [naming] }, 'untested'],
    ['asked or not, now and then', { plain: [without, naming], another: [naming, naming] }, 'untested'],
    ['in no answer', { own: without }, 'untested'],
    ['in what the client wrote', { another: [echoing, echoing], own: without }, 'untested'],
    ['refused', { another: [errorOf('ExtensionSupportRequiredError')] }, 'untested'],
  ])('%s', ([, more, kind]) => {
    expect(judgeFallback({ uri, other, plain: [without], own: naming, another: [without], ...more })).toMatchObject({
      kind,
    });
  });

  test('a direct message and a status say it, too', () => {
    const message = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: '' }], extensions: [uri] };
    expect(extensionsNamed(resultOf({ message }))).toEqual(new Set([uri]));
    expect(extensionsNamed(sent('COMPLETED', { status: { message } }))).toEqual(new Set([uri]));
    expect(extensionsNamed(resultOf(null))).toEqual(new Set());
  });
});
