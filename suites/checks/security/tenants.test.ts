import { expect, test } from 'vitest';
import type { PlanFacts } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, page, sent, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { otherTenant } from './other-tenant.ts';
import { tenants } from './tenants.ts';

const notFound = errorOf('TaskNotFoundError');
const mine = got('WORKING');

const crossing = (answer: CallResult, reached = false, home: CallResult = mine) => [
  {
    ownId: 't1',
    home: [mine, home] as const,
    away: [sent('COMPLETED', { id: 't2' })],
    trespasses: [
      { what: 'GetTask', answer: notFound },
      { what: 'CancelTask', answer, reaches: () => reached },
    ],
    listed: page([]),
  },
];

test.for<[string, Parameters<typeof tenants.judge>[0], string]>([
  ['kept apart', crossing(notFound), 'holds'],
  ['reached', crossing(got('CANCELED'), true), 'violated'],
  ['a list without the task', crossing(page([task('WORKING', { id: 't9' })])), 'holds'],
  ['the tenant is not served', crossing(got('CANCELED'), true, notFound), 'untested'],
  ['no two tenants over one binding', [], 'untested'],
])('tenants: %s', ([, crossings, kind]) => {
  expect(tenants.judge(crossings, factsWith())['security/tenants-separate'].kind).toBe(kind);
});

test.for<[string, readonly string[], readonly string[] | undefined, string]>([
  ['no tenant', [], undefined, 'skip'],
  ['one', ['a'], ['a'], 'skip'],
  ['two of the card', ['a', 'b'], undefined, 'untested'],
  ['two that are kept apart', ['a', 'b'], ['a', 'b'], 'met'],
])('whether tenants can be judged: %s', ([, declared, names, verdict]) => {
  const { target } = factsWith();
  const interfaces = declared.map((tenant) => ({ ...target.interfaces[0]!, tenant }));
  const facts: PlanFacts = {
    target: { ...target, interfaces, ...(names === undefined ? {} : { tenants: { names, ofCard: true } }) },
    interface: null,
    behaviours: null,
    intrusive: false,
    webhooks: false,
    secondPrincipal: false,
  };
  expect(tenants.needs[0]!.decide(facts)?.verdict ?? 'met').toBe(verdict);
});

test.for<[string, CallResult, boolean, CallResult, string]>([
  ['refused', errorOf('InvalidParamsError'), false, mine, 'holds'],
  ['reached', mine, true, mine, 'ambiguous'],
  ['an empty list', page([]), false, mine, 'holds'],
  ['silence', noAnswer(), false, mine, 'untested'],
  ['the control failed', notFound, false, notFound, 'untested'],
])('another tenant: %s', ([, answer, reached, own, kind]) => {
  const observed = { id: 't1', own: [mine, own] as const, asked: [{ what: 'GetTask', answer, reached }] };
  expect(otherTenant.judge(observed, factsWith())['security/tenant-matches'].kind).toBe(kind);
});
