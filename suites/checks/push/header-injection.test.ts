import { expect, test } from 'vitest';
import { errorOf, got, noAnswer } from '../../testing/answers.ts';
import { notified, registered } from '../../testing/deliveries.ts';
import { factsWith } from '../../testing/facts.ts';
import { headerInjection, injectedName, type Injection } from './header-injection.ts';

const heard = [notified('WORKING'), notified('COMPLETED')];
const { request } = notified('COMPLETED');
const injected = notified('COMPLETED', { request: { ...request, headers: [[injectedName.toLowerCase(), '1']] } });

const clean: Injection = {
  into: 'token',
  broken: registered('a'),
  sound: registered('b'),
  end: got('COMPLETED'),
  toBroken: heard,
  toSound: heard,
};

test.for<[string, string, Partial<Injection>]>([
  ['sanitized', 'holds', {}],
  ['never sent', 'holds', { toBroken: [] }],
  ['refused', 'holds', { broken: registered('a', errorOf('InvalidParamsError')), toBroken: [] }],
  ['injected', 'violated', { toBroken: [notified('WORKING'), injected] }],
  ['injected, whatever came of the other', 'violated', { toBroken: [injected], toSound: [] }],
  ['nobody was notified', 'untested', { toBroken: [], toSound: [] }],
  ['the other was refused', 'untested', { sound: registered('b', errorOf('InvalidParamsError')), toSound: [] }],
  ['no push', 'untested', { broken: registered('a', errorOf('MethodNotFoundError')), toBroken: [] }],
  ['no answer', 'untested', { broken: registered('a', noAnswer()), toBroken: [] }],
])('%s: %s', ([, kind, more]) => {
  const judge = (...all: readonly Injection[]): string =>
    headerInjection.judge(all, factsWith())['push/header-injection'].kind;
  expect(judge({ ...clean, ...more })).toBe(kind);
  // What one place does not show the other does.
  expect(judge(clean, { ...clean, ...more })).toBe(kind === 'untested' ? 'holds' : kind);
});
