import { expect, test } from 'vitest';
import { holds } from '../findings/judgement.ts';
import { interfaceKey } from '../target/target.ts';
import { defineCheck, defineTargetCheck, type Check, type Need } from './check.ts';
import { needsWebhook } from './needs.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import { behavesAs, refOf, row, rowsOf, targetOf } from './testing/fixtures.ts';

const ref = refOf('http://a.test/rpc');
const other = refOf('http://a.test/rest', 'HTTP+JSON');
const rows = rowsOf(row('area/a'), row('area/b', { level: 'SHOULD' }), row('area/rpc', { bindings: ['JSONRPC'] }));

const need = (decide: Need['decide']): Need => ({ description: 'a need', decide });
const met = need(() => null);
const skipped = need(() => ({ verdict: 'skip', reason: 'the card says no' }));
const untested = need(() => ({ verdict: 'untested', reason: 'not elicited', hint: 'do this' }));

const check = (id: string, more: Partial<Parameters<typeof defineCheck>[0]> = {}): Check =>
  defineCheck({
    id,
    title: id,
    requirements: ['area/a', 'area/b'],
    needs: [],
    probe: () => Promise.resolve(null),
    judge: () => ({ 'area/a': holds('yes'), 'area/b': holds('yes') }),
    ...more,
  });

const plan = (checks: readonly Check[], more: Partial<PlanOptions> = {}) => {
  const target = targetOf([ref, other]);
  const behaviours = new Map([[interfaceKey(ref), behavesAs(ref)]]);
  return makePlan({ checks, rows, target, behaviours, intrusive: false, ...more });
};

test('a check runs once an interface, a check of the target once', () => {
  const card = defineTargetCheck({
    id: 'card',
    title: 'card',
    requirements: ['area/a'],
    needs: [],
    probe: () => Promise.resolve(null),
    judge: () => ({ 'area/a': holds('yes') }),
  });
  const { items, decided } = plan([check('one'), card]);
  expect(items.map(({ check: { id }, interface: on, place }) => [id, on, place])).toEqual([
    ['one', ref, 0],
    ['one', other, 1],
    ['card', null, -1],
  ]);
  expect(items.map(({ behaviours }) => behaviours?.interface)).toEqual([ref, undefined, undefined]);
  expect(decided).toEqual([]);
});

test('a check of one binding runs on it alone; so does a row', () => {
  expect(plan([check('one', { bindings: ['HTTP+JSON'] })]).items.map(({ interface: on }) => on)).toEqual([other]);
  const { items } = plan([check('one', { requirements: ['area/a', 'area/rpc'] })]);
  expect(items.map(({ rows: wanted }) => wanted)).toEqual([['area/a', 'area/rpc'], ['area/a']]);
});

test('a row of bindings that the run does not speak is not applicable, or not measured', () => {
  const checks = [check('one', { requirements: ['area/a', 'area/rpc'] })];
  const invariants = [{ id: 'invariants/rpc', requirements: ['area/rpc'] }];
  const decidedOn = (target: ReturnType<typeof targetOf>) => plan(checks, { target, invariants }).decided;
  expect(decidedOn(targetOf([ref, other]))).toEqual([]);
  expect(decidedOn(targetOf([other]))).toMatchObject([
    {
      check: 'one',
      requirement: 'area/rpc',
      interface: null,
      verdict: 'skip',
      reason: 'the card declares no interface of JSONRPC',
    },
    { check: 'invariants/rpc', requirement: 'area/rpc', verdict: 'skip' },
  ]);
  const leftOut = targetOf([other], { unmeasured: [{ interface: ref, reason: 'left out: --binding HTTP+JSON' }] });
  expect(decidedOn(leftOut)).toMatchObject([
    { verdict: 'untested', reason: 'the interface of JSONRPC is not measured: left out: --binding HTTP+JSON' },
    { verdict: 'untested' },
  ]);
});

test.for<[string, Need[], string | undefined, string]>([
  ['nothing unmet', [met], undefined, 'run'],
  ['skip', [met, skipped, untested], undefined, 'skip'],
  ['untested', [untested, skipped], 'do this', 'untested'],
])('%s is decided without any I/O', ([, needs, hint, verdict]) => {
  const { items, decided } = plan([check('one', { needs, bindings: ['JSONRPC'] })]);
  if (verdict === 'run') return expect([items.length, decided.length]).toEqual([1, 0]);
  expect(items).toEqual([]);
  expect(decided).toMatchObject([
    {
      check: 'one',
      requirement: 'area/a',
      level: 'MUST',
      section: '§1',
      interface: ref,
      verdict,
      durationMs: 0,
      evidence: [],
    },
    { check: 'one', requirement: 'area/b', level: 'SHOULD', interface: ref, verdict },
  ]);
  expect(decided[0]?.hint).toBe(hint);
});

test('a need sees what is known before the probe', () => {
  const facts: unknown[] = [];
  plan([check('one', { needs: [need((seen) => (facts.push(seen), null))] })], { intrusive: true });
  expect(facts).toMatchObject([
    { interface: ref, behaviours: { interface: ref }, intrusive: true },
    { interface: other, behaviours: null, intrusive: true },
  ]);
});

test('an intrusive check needs leave', () => {
  const intrusive = check('one', { intrusive: true, bindings: ['JSONRPC'] });
  expect(plan([intrusive]).decided).toMatchObject([{ verdict: 'untested', hint: 'allow it: --intrusive' }, {}]);
  expect(plan([intrusive], { intrusive: true }).items).toHaveLength(1);
});

test('a check that needs a webhook runs where the agent can be told of one', () => {
  const notified = check('one', { needs: [needsWebhook], bindings: ['JSONRPC'] });
  expect(plan([notified]).decided[0]).toMatchObject({
    verdict: 'untested',
    hint: expect.stringContaining('--webhook-url <url>') as string,
  });
  expect(plan([notified], { webhooks: true }).items).toHaveLength(1);
});

test('a selection leaves out checks and rows; a check without a wanted row is not run', () => {
  const checks = [check('one', { bindings: ['JSONRPC'] }), check('two', { bindings: ['JSONRPC'], needs: [skipped] })];
  expect(plan(checks, { select: { check: (id) => id === 'one' } })).toMatchObject({
    items: [{ check: { id: 'one' } }],
    decided: [],
  });
  expect(plan(checks, { select: { row: ({ level }) => level === 'MUST' } })).toMatchObject({
    items: [{ rows: ['area/a'] }],
    decided: [{ requirement: 'area/a' }],
  });
  expect(plan(checks, { select: { row: () => false } })).toMatchObject({ items: [], decided: [] });
});
