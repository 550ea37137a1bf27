import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { ambiguous, holds, skip, untested, violated, type Judgement } from '../findings/judgement.ts';
import type { Exchange } from '../history/exchange.ts';
import { defineInvariant } from '../invariants/invariant.ts';
import { interfaceKey } from '../target/target.ts';
import { serve } from '../wire/testing/serve.ts';
import { defineCheck, defineTargetCheck, Unelicited, type Check, type ProbeContext } from './check.ts';
import { refOf, row, rowsOf, runChecks, targetOf } from './testing/fixtures.ts';

type Judge = () => Record<string, Judgement>;

const yes = holds('yes');
const both: Judge = () => ({ 'area/a': yes, 'area/b': yes });

const check = (
  id: string,
  probe: (context: ProbeContext) => Promise<unknown> = () => Promise.resolve(null),
  judge: Judge = both,
  more: Partial<Check> = {},
): Check => ({
  ...defineCheck<string, unknown>({ id, title: id, requirements: ['area/a', 'area/b'], needs: [], probe, judge }),
  ...(more as object),
});

const difference = { reason: 'differs', expected: 'this', actual: 'that' };
const never = (): Promise<never> => new Promise(() => undefined);
const verdicts = ({ findings }: { findings: readonly { requirement: string; verdict: string }[] }) =>
  findings.map(({ requirement, verdict }) => `${requirement} ${verdict}`);

describe('the outcome of a check', () => {
  test.for<[string, Judge, string[]]>([
    ['holds', both, ['area/a pass', 'area/b pass']],
    [
      'violated, by level',
      () => ({ 'area/a': violated(difference), 'area/b': violated(difference) }),
      ['area/a fail', 'area/b warn'],
    ],
    [
      'several readings',
      () => ({ 'area/a': ambiguous('either', ['one', 'other']), 'area/b': yes }),
      ['area/a warn', 'area/b pass'],
    ],
    [
      'untested and skip',
      () => ({ 'area/a': untested('no', 'do'), 'area/b': skip('no') }),
      ['area/a untested', 'area/b skip'],
    ],
    ['a judge that misses a row', () => ({ 'area/a': yes }), ['area/a pass', 'area/b error']],
    [
      'a judge that speaks of another row',
      () => ({ ...both(), 'area/c': yes }),
      ['area/a pass', 'area/b pass', 'area/c error'],
    ],
    [
      'a judge that throws',
      () => {
        throw new Error('odd\n  stack');
      },
      ['area/a error', 'area/b error'],
    ],
  ])('%s', async ([, judge, expected]) => {
    expect(verdicts(await runChecks({ checks: [check('one', undefined, judge)] }))).toEqual(expected);
  });

  test('a finding carries what the judge said, and the row', async () => {
    const exchange = { id: 'x1' } as Exchange;
    const judge: Judge = () => ({
      'area/a': violated(difference, exchange),
      'area/b': ambiguous('either', ['one', 'other'], exchange),
    });
    const { findings, end } = await runChecks({ checks: [check('one', undefined, judge)] });
    expect(findings).toEqual([
      {
        check: 'one',
        requirement: 'area/a',
        level: 'MUST',
        section: '§1',
        interface: refOf('http://127.0.0.1:1/rpc'),
        verdict: 'fail',
        ...difference,
        durationMs: expect.any(Number) as number,
        evidence: [exchange],
      },
      expect.objectContaining({ verdict: 'warn', readings: ['one', 'other'], evidence: [exchange] }),
    ]);
    expect(end).toEqual({ kind: 'complete' });
  });

  test('a row that does not exist is a fault', async () => {
    const { findings } = await runChecks({ checks: [check('one')], rows: rowsOf(row('area/a')) });
    expect(findings).toMatchObject([
      { verdict: 'pass' },
      { requirement: 'area/b', verdict: 'error', reason: 'there is no such requirement row' },
    ]);
  });

  test('a behaviour that could not be brought about leaves every row untested', async () => {
    const evidence = [{ id: 'x1' } as Exchange];
    const { findings } = await runChecks({
      checks: [check('one', () => Promise.reject(new Unelicited('no task came', 'do this', evidence)))],
    });
    expect(findings).toMatchObject([
      { verdict: 'untested', reason: 'no task came', hint: 'do this', evidence },
      { verdict: 'untested', reason: 'no task came', hint: 'do this', evidence },
    ]);
  });

  test.for<[string, () => Promise<unknown>]>([
    ['rejects', () => Promise.reject(new TypeError('x is\n   undefined'))],
    [
      'throws',
      () => {
        throw new TypeError('x is\n   undefined');
      },
    ],
  ])('a probe that %s is a fault of the harness, in one line', async ([, probe]) => {
    const { findings } = await runChecks({ checks: [check('one', probe)] });
    expect(findings).toMatchObject([
      { verdict: 'error', reason: 'TypeError: x is undefined' },
      { verdict: 'error', reason: 'TypeError: x is undefined' },
    ]);
  });

  const hasty = { operationMs: 20, taskMs: 20, graceMs: 5, pollMs: 1 };

  test('a probe that never ends without the agent’s doing is a fault of the harness', async () => {
    const { findings } = await runChecks({ checks: [check('one', never)], deadlines: hasty });
    expect(findings).toMatchObject([
      { verdict: 'error', reason: 'the check was not done within 125 ms' },
      { verdict: 'error' },
    ]);
  });

  test('a probe that waits for the agent too long is untested', async () => {
    await using server = await serve(() => undefined);
    const wait = ({ client }: ProbeContext) => client.call('GetTask', { id: 't' }, { timeoutMs: 60_000 });
    const { findings, history } = await runChecks({
      checks: [check('one', wait)],
      deadlines: hasty,
      target: targetOf([refOf(server.url)]),
    });
    expect(findings).toMatchObject([{ verdict: 'untested', hint: expect.stringContaining('--timeout') as string }, {}]);
    expect(history.exchanges).toMatchObject([{ endedBy: 'client', failure: { kind: 'aborted' } }]);
  });
});

test('a check of the target has no interface', async () => {
  const seen: unknown[] = [];
  const card = defineTargetCheck({
    id: 'card',
    title: 'card',
    requirements: ['area/a'],
    needs: [],
    probe: (context) => Promise.resolve(Object.keys(context).toSorted()),
    judge: (observation, facts) => {
      seen.push(observation, facts.interface, facts.behaviours);
      return { 'area/a': yes };
    },
  });
  const { findings } = await runChecks({ checks: [card] });
  expect(findings).toMatchObject([{ interface: null, verdict: 'pass' }]);
  expect(seen).toEqual([
    ['cardKeys', 'deadlines', 'http', 'id', 'interfaces', 'random', 'signal', 'target'],
    null,
    null,
  ]);
});

test('findings come in the order of the plan, whatever ends first', async () => {
  const second = Promise.withResolvers<void>();
  const checks = [
    check('first', () => second.promise),
    check('second', () => {
      second.resolve();
      return Promise.resolve();
    }),
  ];
  const { findings } = await runChecks({ checks });
  expect(findings.map(({ check: id }) => id)).toEqual(['first', 'first', 'second', 'second']);
});

test('no more checks at a time than allowed; exclusive ones alone, afterwards', async () => {
  let running = 0;
  const log: string[] = [];
  const probe = (name: string) => async () => {
    running += 1;
    log.push(`${name} ${running}`);
    await new Promise(setImmediate);
    running -= 1;
  };
  const checks = [
    check('alone', probe('alone'), both, { exclusive: true }),
    ...['a', 'b', 'c', 'd', 'e'].map((name) => check(name, probe(name))),
    check('alone too', probe('alone too'), both, { exclusive: true }),
  ];
  await runChecks({ checks, concurrency: 2 });
  expect(Math.max(...log.slice(0, 5).map((entry) => Number(entry.at(-1))))).toBe(2);
  expect(log.slice(5)).toEqual(['alone 1', 'alone too 1']);
});

test('each interface has places of its own, and what lasts is begun first', async () => {
  const log: string[] = [];
  const hangs = Promise.withResolvers<void>();
  const probe = (name: string) => async (context: ProbeContext) => {
    const { binding } = context.interface;
    log.push(`${name} ${binding}`);
    // The first interface hangs until the other is through.
    if (binding === 'JSONRPC') await hangs.promise;
    else if (name === 'b') hangs.resolve();
  };
  const checks = [
    check('a', probe('a')),
    check('lasts', probe('lasts'), both, { lasting: true }),
    check('b', probe('b')),
  ];
  const target = targetOf([refOf('http://a.test/rpc'), refOf('http://a.test/rest', 'HTTP+JSON')]);
  const { findings } = await runChecks({ checks, target, concurrency: 1 });
  expect(log).toEqual(['lasts JSONRPC', 'lasts HTTP+JSON', 'a HTTP+JSON', 'b HTTP+JSON', 'a JSONRPC', 'b JSONRPC']);
  expect(findings.map(({ check: id }) => id)).toEqual([
    'a',
    'a',
    'a',
    'a',
    'lasts',
    'lasts',
    'lasts',
    'lasts',
    'b',
    'b',
    'b',
    'b',
  ]);
});

test('events tell what happens, in order', async () => {
  const checks = [
    check('one'),
    check('two', undefined, both, { needs: [{ description: 'x', decide: () => ({ verdict: 'skip', reason: 'no' }) }] }),
  ];
  const { events, findings } = await runChecks({ checks });
  expect(
    events.map((event) => (event.type === 'finding' ? `${event.finding.check} ${event.finding.verdict}` : event.type)),
  ).toEqual(['planned', 'two skip', 'two skip', 'started', 'one pass', 'one pass', 'finished']);
  expect(events[0]).toEqual({ type: 'planned', checks: 1 });
  expect(findings).toHaveLength(4);
});

test('the same seed gives the same numbers, and checks and interfaces differ', async () => {
  const drawn: string[] = [];
  const draw = async ({ id, random, interface: on }: ProbeContext) =>
    drawn.push(`${on.binding} ${id('m')} ${random()}`);
  const target = targetOf([refOf('http://a.test/rpc'), refOf('http://a.test/rest', 'HTTP+JSON')]);
  for (const seed of [1, 1, 2])
    await runChecks({ checks: [check('one', draw), check('two', draw)], target, seed, concurrency: 1 });
  const [first, again, other] = [drawn.slice(0, 4), drawn.slice(4, 8), drawn.slice(8)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first.map((line) => line.split(' ')[1])).size).toBe(4);
});

test('what a probe leaves open is closed, and recorded before the history is judged', async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await serve((_, response) => {
    response.on('close', () => closed.resolve());
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: {"result":{"task":{"id":"t"}}}\n\n');
  });
  const forgetful = async ({ sendStreaming }: ProbeContext) =>
    (await sendStreaming('completes')).next(() => true, 20_000);
  const { history } = await runChecks({ checks: [check('one', forgetful)], target: targetOf([refOf(server.url)]) });
  expect(history.exchanges).toMatchObject([{ endedBy: 'client', outcome: 'ok', events: [{}] }]);
  await closed.promise;
});

test('a probe that goes on after its check is over can send nothing', async () => {
  let requests = 0;
  await using server = await serve((_, response) => {
    requests += 1;
    response.end('{}');
  });
  const late = Promise.withResolvers<unknown>();
  const probe = async ({ client, signal }: ProbeContext) => {
    void once(signal, 'abort').then(() => client.call('GetTask', { id: 't' }).catch(late.resolve));
  };
  await runChecks({ checks: [check('one', probe)], target: targetOf([refOf(server.url)]) });
  expect(await late.promise).toMatchObject({ message: 'the check is over' });
  expect(requests).toBe(0);
});

describe('a run that is interrupted', () => {
  test('gives what was found, and says what was not', async () => {
    const controller = new AbortController();
    const checks = [
      check('done'),
      check('at work', () => {
        controller.abort();
        return never();
      }),
      check('waiting'),
    ];
    const { findings, end } = await runChecks({ checks, concurrency: 1, signal: controller.signal });
    expect(end).toMatchObject({ kind: 'interrupted' });
    expect(
      findings
        .map(({ check: id, verdict, reason }) => `${id}: ${verdict}, ${reason}`)
        .filter((_, index) => index % 2 === 0),
    ).toEqual([
      'done: pass, yes',
      'at work: untested, not finished: the run was interrupted',
      'waiting: untested, not run: the run was interrupted',
    ]);
  });

  test('before it began runs nothing', async () => {
    const { findings } = await runChecks({ checks: [check('one')], signal: AbortSignal.abort() });
    expect(findings).toMatchObject([{ verdict: 'untested' }, { verdict: 'untested' }]);
  });
});

describe('invariants', () => {
  const invariant = (more: object = {}) =>
    defineInvariant<string>({
      id: 'invariants/one',
      title: 'one',
      provenance: { kind: 'spec' },
      requirements: ['area/a'],
      judge: ({ exchanges }, { interface: on }) => ({ 'area/a': holds(`${exchanges.length} of ${interfaceKey(on)}`) }),
      ...more,
    });

  test('judge the whole history of each interface, once', async () => {
    await using server = await serve((_, response) => response.end('{}'));
    const refs = [refOf(`${server.url}/1`), refOf(`${server.url}/2`)];
    const ask = ({ client }: ProbeContext) => client.call('GetTask', { id: 't' });
    const { findings, events } = await runChecks({
      checks: [check('one', ask), check('two', ask)],
      target: targetOf(refs),
      invariants: [invariant()],
    });
    expect(findings.slice(8).map(({ check: id, reason, interface: on }) => [id, reason, on])).toEqual(
      refs.map((ref) => ['invariants/one', `2 of ${interfaceKey(ref)}`, ref]),
    );
    expect(events[0]).toEqual({ type: 'planned', checks: 6 });
    expect(events.at(-1)).toMatchObject({ type: 'finished', check: 'invariants/one' });
  });

  test('of a contract are judged only where it is promised', async () => {
    const promised = invariant({ provenance: { kind: 'contract', contract: 'durability' } });
    const run = (contracts: 'durability'[]) =>
      runChecks({ invariants: [promised], target: targetOf([refOf('http://a.test')], { contracts }) });
    expect((await run([])).findings).toEqual([]);
    expect((await run(['durability'])).findings).toHaveLength(1);
  });

  test('that throw are a fault, and a selection holds for them', async () => {
    const broken = invariant({
      judge: () => {
        throw new Error('odd');
      },
    });
    expect((await runChecks({ invariants: [broken] })).findings).toMatchObject([
      { verdict: 'error', reason: 'the judge failed: Error: odd' },
    ]);
    expect((await runChecks({ invariants: [broken], select: { check: () => false } })).findings).toEqual([]);
  });
});
