import { describe, expect, test } from 'vitest';
import type { Finding, Verdict } from '../../core/findings/finding.ts';
import { madeFinding as finding } from '../../core/findings/testing/made-up.ts';
import type { Mutant } from '../../mocks/mutants/mutant.ts';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { bindingOf, expectationOf, isLayered } from './layered.ts';

const mutant: Mutant = {
  id: 'get/m',
  description: 'd',
  breaks: ['get/x', 'get/y'],
  killedBy: ['get/check', 'get/other'],
  fault: {},
};

describe('what a mutant can show in front of an agent', () => {
  const shown = (...clean: Finding[]) => {
    const expectation = expectationOf(mutant, clean);
    return expectation && [expectation.mutant.breaks, expectation.mutant.killedBy];
  };

  test('all of it where all its rows pass', () => {
    expect(shown(finding('get/check', 'get/x', 'pass'), finding('get/other', 'get/y', 'pass'))).toEqual([
      ['get/x', 'get/y'],
      ['get/check', 'get/other'],
    ]);
  });

  test('no row that is accused without it, whichever check passes it', () => {
    expect(
      shown(
        finding('get/check', 'get/x', 'pass'),
        finding('get/other', 'get/y', 'pass'),
        finding('get/check', 'get/y', 'fail'),
      ),
    ).toEqual([['get/x'], ['get/check']]);
  });

  test.for<[string, Verdict]>([
    ['untested', 'untested'],
    ['skip', 'skip'],
    ['warn', 'warn'],
  ])('nothing where its rows are %s', ([, verdict]) => {
    expect(shown(finding('get/check', 'get/x', verdict))).toBeUndefined();
  });

  test('what is accused without it is no blame', () => {
    const { mayBreak } = expectationOf(mutant, [
      finding('get/check', 'get/x', 'pass'),
      finding('list/check', 'list/z', 'fail'),
    ])!.mutant;
    expect(mayBreak).toContain('list/z');
  });
});

describe('a layer can be', () => {
  test.for<[string, Partial<Mutant>, boolean]>([
    ['what changes answers', { fault: { payload: (payload) => payload } }, true],
    ['what remembers', { fault: () => ({ event: (event) => event }) }, true],
    ['what one binding answers', { fault: {}, options: { bindings: ['GRPC'] } }, true],
    ['nothing that reaches into the agent', { fault: { policy: {} } }, false],
    ['nothing of an agent with a profile', { profile: 'minimal' }, false],
    ['nothing that needs other options', { options: { longRunningMs: 5 } }, false],
  ])('%s', ([, more, layered]) => {
    expect(isLayered({ ...mutant, ...more })).toBe(layered);
  });

  test('most of the mutants, on every binding', () => {
    const layered = mutants.filter(isLayered);
    expect(layered.length).toBeGreaterThan(150);
    expect([...new Set(layered.map(bindingOf))].toSorted()).toEqual(['GRPC', 'HTTP+JSON', 'JSONRPC']);
  });
});
