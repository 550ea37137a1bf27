import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unelicited } from '../../core/engine/check.ts';
import { ambiguous, holds, untested, violated } from '../../core/findings/judgement.ts';
import { rows } from '../../protocol/requirements/rows.ts';
import { hunt, type HuntOptions, type Outcome } from './hunt.ts';

const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' };
const outcome = (row: string, judgement: Outcome['judgement']): Outcome => ({
  check: 'properties',
  row,
  interface: ref,
  judgement,
});
const right = holds('as the text says');
const wrong = violated({ reason: 'it is wrong', expected: 'this', actual: 'that' });

const options = (perform: (drawn: number) => readonly Outcome[], more: Partial<HuntOptions<number>> = {}) => ({
  suite: 'properties' as const,
  cases: fc.nat({ max: 1_000 }),
  perform: (drawn: number) => Promise.resolve({ outcomes: perform(drawn), steps: [`number ${drawn}`] }),
  rows,
  seed: 7,
  budget: { runs: 60, maxCommands: 1, endsAt: Infinity },
  signal: new AbortController().signal,
  onProgress: () => undefined,
  dependsOnTiming: false,
  ...more,
});

const twoFaults = (drawn: number): readonly Outcome[] => [
  outcome('get/returns-task', drawn >= 100 ? wrong : right),
  outcome('list/order', drawn >= 500 ? wrong : right),
  outcome('list/pages', right),
];

describe('a hunt', () => {
  test('shrinks each fault to its smallest case, and goes on after one is found', async () => {
    const { findings, figures } = await hunt(options(twoFaults));
    const found = findings.map(({ requirement, verdict, counterexample }) => [
      requirement,
      verdict,
      counterexample?.steps,
    ]);
    expect(found).toEqual([
      ['get/returns-task', 'fail', ['number 100']],
      ['list/order', 'fail', ['number 500']],
      ['list/pages', 'pass', undefined],
    ]);
    expect(figures).toEqual({ runs: 60, unsteady: 0, end: 'runs' });
  });

  test('makes a counterexample again by its seed and path alone', async () => {
    const { findings } = await hunt(options(twoFaults));
    const again = findings[1]!.counterexample!;
    const drawn: number[] = [];
    const replayed = await hunt(
      options(
        (number) => {
          drawn.push(number);
          return twoFaults(number);
        },
        { again, seed: 99 },
      ),
    );
    expect(drawn).toEqual([500]);
    expect(replayed.findings.map(({ requirement, verdict }) => [requirement, verdict])).toEqual([
      ['get/returns-task', 'fail'],
      ['list/order', 'fail'],
      ['list/pages', 'pass'],
    ]);
    expect(replayed.figures.runs).toBe(1);
  });

  test('says of a case that it makes again what it could not measure, and how often it was made', async () => {
    const again = { seed: 7, path: '0' };
    const unmeasured = () => [outcome('list/order', untested('no answer in time', 'run again'))];
    const timed = await hunt(options(unmeasured, { again, dependsOnTiming: true }));
    expect(timed.findings.map(({ verdict, reason }) => [verdict, reason])).toEqual([['untested', 'no answer in time']]);
    expect(timed.figures.runs).toBe(6);

    const full = (): never => {
      throw new Unelicited('this run may create no more than 1 task', 'raise --max-tasks');
    };
    const { findings, figures } = await hunt(options(full, { again }));
    expect(findings).toEqual([]);
    expect(figures).toMatchObject({ runs: 0, end: 'tasks' });
  });

  test('a case of which requests were not taken up is not the one that was to be made again', async () => {
    const again = { seed: 7, path: '0' };
    const perform = (outcomes: readonly Outcome[], unserved?: string) => ({
      again,
      dependsOnTiming: true,
      perform: () => Promise.resolve({ outcomes, steps: [], unserved }),
    });
    const limited = '3 of 4 requests of the case were not taken up: HTTP 429 looks like rate limiting';
    const nothing = await hunt(options(() => [], perform([], limited)));
    expect(nothing).toMatchObject({ findings: [], figures: { runs: 0, end: 'not-elicited', reason: limited } });
    const accused = await hunt(options(() => [], perform([outcome('list/order', wrong)], limited)));
    expect(accused).toMatchObject({ findings: [{ verdict: 'fail' }], figures: { runs: 1, end: 'runs' } });
    const served = await hunt(options(() => [], perform([])));
    expect(served.figures).toMatchObject({ runs: 6, end: 'runs' });
  });

  test('tells how often it came again what may be a matter of timing', async () => {
    let made = 0;
    const everyOther = () => [outcome('list/order', (made += 1) % 2 === 1 ? wrong : right)];
    const { findings } = await hunt(options(everyOther, { cases: fc.constant(1), dependsOnTiming: true }));
    expect(findings[0]!.counterexample!.hitRate).toEqual({ hits: 1, runs: 2 });
    expect(findings[0]!.reason).toBe('it is wrong (seen in 2 of 3 tries)');
    const { findings: sure } = await hunt(options(twoFaults));
    expect(sure[0]!.counterexample).not.toHaveProperty('hitRate');
  });

  test('draws the same cases from the same seed', async () => {
    const draw = async (): Promise<readonly number[]> => {
      const drawn: number[] = [];
      await hunt(options((number) => (drawn.push(number), [outcome('list/pages', right)])));
      return drawn;
    };
    expect(await draw()).toEqual(await draw());
  });

  test('counts what holds, and grades by the row: a violated SHOULD and an ambiguity warn', async () => {
    const { findings } = await hunt(
      options(() => [
        outcome('get/history-zero-omitted', wrong),
        outcome('list/pages', ambiguous('it may be', ['one', 'another'])),
        outcome('list/order', right),
      ]),
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(['warn', 'warn', 'pass']);
    expect(findings[2]!.reason).toBe('60 generated cases: as the text says');
  });

  test('what one answer shows is shown, however seldom, and says how often it came again', async () => {
    let made = 0;
    const once = () => [outcome('list/order', (made += 1) === 3 ? wrong : right)];
    const { findings, figures } = await hunt(options(once));
    expect(findings[0]).toMatchObject({ verdict: 'fail', reason: 'it is wrong (seen in 1 of 3 tries)' });
    expect(figures.unsteady).toBe(0);
  });

  test('what may be a matter of timing counts only where it comes again', async () => {
    let made = 0;
    const once = () => [outcome('list/order', (made += 1) === 3 ? wrong : right)];
    const { findings, figures } = await hunt(options(once, { dependsOnTiming: true }));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(figures).toMatchObject({ unsteady: 1, end: 'runs', runs: 60 });
  });

  test('says nothing of rows that the binding of the interface does not have', async () => {
    const grpc = { ...ref, binding: 'GRPC' };
    const { findings } = await hunt(options(() => [{ ...outcome('errors/invalid-params', wrong), interface: grpc }]));
    expect(findings).toEqual([]);
  });

  test('keeps what it found when no further task may be made', async () => {
    let made = 0;
    const { findings, figures } = await hunt(
      options(() => {
        made += 1;
        if (made > 10) throw new Unelicited('this run may create no more than 10 tasks', 'raise --max-tasks');
        return [outcome('list/order', right)];
      }),
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(figures).toMatchObject({ end: 'tasks', reason: 'this run may create no more than 10 tasks', runs: 10 });
  });

  test('a fault of the harness is thrown, also where it comes while a case is made smaller', async () => {
    const broken = (from: number) =>
      hunt(
        options((drawn) => {
          if (drawn < from) throw new TypeError('of the harness');
          return [outcome('list/order', drawn >= 100 ? wrong : right)];
        }),
      );
    await expect(broken(1_001)).rejects.toThrow('of the harness');
    await expect(broken(500)).rejects.toThrow('of the harness');
  });

  test('ends with the signal, and with the time', async () => {
    const ended = await hunt(options(() => [], { signal: AbortSignal.abort() }));
    expect(ended.figures).toMatchObject({ runs: 0, end: 'interrupted' });
    const late = await hunt(options(() => [], { budget: { runs: 5, maxCommands: 1, endsAt: 0 } }));
    expect(late.figures).toMatchObject({ runs: 0, end: 'time' });
  });
});
