import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { holds, type Judgement } from '../findings/judgement.ts';
import { serve } from '../wire/testing/serve.ts';
import { defineCheck, type Check, type ProbeContext } from './check.ts';
import { refOf, runChecks, targetOf } from './testing/fixtures.ts';

const yes = holds('yes');

const check = (id: string, probe: (context: ProbeContext) => Promise<unknown> = () => Promise.resolve(null)): Check =>
  defineCheck<string, unknown>({
    id,
    title: id,
    requirements: ['area/a', 'area/b'],
    needs: [],
    probe,
    judge: (): Record<string, Judgement> => ({ 'area/a': yes, 'area/b': yes }),
  });

describe('a target that stops answering', () => {
  test('is asked twice, and then the run ends', async () => {
    await using server = await serve((_, response) => response.end('{"result":{"id":"t","status":{}}}'));
    const ask = ({ client }: ProbeContext) => client.call('GetTask', { id: 't' });
    let questions = 0;
    const { findings, end, events, lastExchangesBeforeLoss, history } = await runChecks({
      checks: [
        check('before', ask),
        check('killer', async (context) => {
          await server.close();
          const after = await ask(context);
          expect(after.reply).toMatchObject({ kind: 'none', failure: { kind: 'refused' } });
          return null;
        }),
        check('after', ask),
      ],
      concurrency: 1,
      target: targetOf([refOf(server.url)]),
      isAlive: () => {
        questions += 1;
        return Promise.resolve(false);
      },
    });
    expect(questions).toBe(2);
    expect(end).toMatchObject({ kind: 'target-lost', reason: expect.stringContaining('refused at x2') as string });
    expect(events.filter(({ type }) => type === 'target-lost')).toHaveLength(1);
    // The probe that saw it die was judged; what came later never ran.
    expect(findings.map(({ check: id, verdict }) => `${id} ${verdict}`).filter((_, index) => index % 2 === 0)).toEqual([
      'before pass',
      'killer pass',
      'after untested',
    ]);
    expect(findings.at(-1)?.reason).toMatch(/^not run: the target no longer answers/);
    expect(lastExchangesBeforeLoss.map(({ id }) => id)).toEqual(['x1', 'x2']);
    expect(history.exchanges).toHaveLength(2);
  });

  test.for<[string, () => Promise<boolean>, string, number]>([
    ['that still answers is not lost', () => Promise.resolve(true), 'complete', 1],
    ['that cannot even be asked is', () => Promise.reject(new Error('no')), 'target-lost', 2],
  ])('a target %s', async ([, isAlive, kind, questions]) => {
    let asked = 0;
    const { end } = await runChecks({
      checks: [check('one', ({ client }) => client.call('GetTask', { id: 't' }))],
      isAlive: () => {
        asked += 1;
        return isAlive();
      },
    });
    expect([end.kind, asked]).toEqual([kind, questions]);
  });

  test('comes back within the grace', async () => {
    const answers = [false, true];
    const { end } = await runChecks({
      checks: [check('one', ({ client }) => client.call('GetTask', { id: 't' })), check('two')],
      concurrency: 1,
      isAlive: () => Promise.resolve(answers.shift() ?? true),
    });
    expect(end.kind).toBe('complete');
  });

  test('a fault of a probe while the target is lost is not the harness’s', async () => {
    const { findings } = await runChecks({
      checks: [
        check('one', async ({ client, signal }) => {
          await client.call('GetTask', { id: 't' });
          await once(signal, 'abort');
          throw new TypeError('no result');
        }),
      ],
      deadlines: { operationMs: 20, taskMs: 20_000, graceMs: 5, pollMs: 1 },
      isAlive: () => Promise.resolve(false),
    });
    expect(findings).toMatchObject([
      { verdict: 'untested', reason: expect.stringContaining('no longer answers') as string },
      {},
    ]);
  });
});
