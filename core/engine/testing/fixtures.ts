import type { RequirementRow } from '../../../protocol/requirements/row.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import type { Behaviours } from '../../target/behaviours.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../../target/target.ts';
import { createHttpPort } from '../../wire/http/undici-port.ts';
import { createBindingClient } from '../../wire/connect.ts';
import { createTaskBudget } from '../../wire/task-budget.ts';
import type { Check, Deadlines } from '../check.ts';
import type { RunEvent } from '../events.ts';
import { makePlan, type PlanOptions } from '../plan.ts';
import { runPlan, type RunOptions, type RunResult } from '../run.ts';

export const row = (id: string, more: Partial<RequirementRow> = {}): RequirementRow => ({
  id,
  level: 'MUST',
  basis: 'stated',
  section: '§1',
  role: 'server',
  text: `${id} holds`,
  ...more,
});

export const rowsOf = (...rows: readonly RequirementRow[]): ReadonlyMap<string, RequirementRow> =>
  new Map(rows.map((each) => [each.id, each]));

export const refOf = (url: string, binding = 'JSONRPC'): InterfaceRef => ({ binding, version: '1.0', url });

export const targetOf = (interfaces: readonly InterfaceRef[], more: Partial<Target> = {}): Target => ({
  url: 'http://a.test',
  cardUrl: 'http://a.test/.well-known/agent-card.json',
  card: {},
  interfaces,
  unmeasured: [],
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, requiredExtensions: [] },
  dialect: 'a2a-1.0',
  contracts: [],
  ...more,
});

/** Long enough never to pass in a test that does not wait for them. */
export const patient: Deadlines = { operationMs: 20_000, taskMs: 20_000, graceMs: 5, pollMs: 1 };

const hello: Behaviours['elicited'] = {
  completes: {
    stimulus: { name: 'completes', parts: [{ text: 'hello' }], messageIdPrefix: 'kit-', source: 'config' },
    outcome: 'task',
    states: [],
    artifactEvents: 0,
    exchanges: [],
  },
};

export const behavesAs = (ref: InterfaceRef, elicited: Behaviours['elicited'] = hello): Behaviours => ({
  interface: ref,
  elicited,
  missing: { fails: 'it never failed' },
});

export interface RunChecks extends Partial<Omit<RunOptions, 'plan' | 'port' | 'recorder' | 'connect'>> {
  readonly checks?: readonly Check[];
  readonly planned?: Partial<PlanOptions>;
}

/** Plans and runs checks against interfaces that need not be there; gives also the events of the run. */
export async function runChecks({
  checks = [],
  planned = {},
  ...more
}: RunChecks): Promise<RunResult & { readonly events: RunEvent[] }> {
  const recorder = new HistoryRecorder('test');
  const port = createHttpPort({ recorder });
  const events: RunEvent[] = [];
  const target = more.target ?? targetOf([refOf('http://127.0.0.1:1/rpc')]);
  const rows = more.rows ?? rowsOf(row('area/a'), row('area/b', { level: 'SHOULD' }));
  const deadlines = more.deadlines ?? patient;
  const guard = createTaskBudget(100);
  const behaviours = new Map(target.interfaces.map((ref) => [interfaceKey(ref), behavesAs(ref)]));
  try {
    const result = await runPlan({
      plan: makePlan({ checks, rows, target, behaviours, intrusive: false, ...planned }),
      target,
      rows,
      invariants: [],
      deadlines,
      seed: 1,
      port,
      recorder,
      connect: (ref) => createBindingClient({ port, interface: ref, deadlines, guard }),
      listener: (event) => events.push(event),
      ...more,
    });
    return { ...result, events };
  } finally {
    await port.close();
  }
}
