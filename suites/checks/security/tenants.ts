import {
  defineTargetCheck,
  type Need,
  type ProbeContext,
  type TargetProbeContext,
} from '../../../core/engine/check.ts';
import type { Judgement } from '../../../core/findings/judgement.ts';
import type { InterfaceRef } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { taskOn } from '../list/page.ts';
import { startWaitingTask } from '../push/waiting-task.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { refusalOf, worst } from '../shared/refusal.ts';
import { taskIn } from '../shared/task-parts.ts';
import { judgeTrespass, showsTask, type Boundary, type Trespass } from './isolation-judges.ts';
import { wasServed } from './rejection-judges.ts';

/** A task of one tenant in the hands of another, over one binding. */
interface Crossing {
  readonly ownId: string;
  /** GetTask at home, before and after. */
  readonly home: readonly [CallResult, CallResult];
  /** What the other tenant is served of its own. */
  readonly away: readonly CallResult[];
  readonly trespasses: readonly Trespass[];
  readonly listed: CallResult;
}

const tenantsOf = (refs: readonly InterfaceRef[]): ReadonlySet<string> =>
  new Set(refs.flatMap(({ tenant }) => tenant ?? []));

const needsTenants: Need = {
  description: 'several tenants that must not see each other’s tasks (--tenant <one> --tenant <other>)',
  decide({ target: { interfaces, unmeasured, tenants } }) {
    if (tenantsOf([...interfaces, ...unmeasured.map((one) => one.interface)]).size < 2)
      return { verdict: 'skip', reason: 'the card has no two tenants' };
    const named = tenants?.names ?? [];
    if (named.length < 2) {
      return {
        verdict: 'untested',
        reason: 'the boundary between tenants is the agent’s own (§13.1): no two were named',
        hint: 'name those that must not see each other’s tasks: --tenant <one> --tenant <other>',
      };
    }
    return tenantsOf(interfaces).size > 1
      ? null
      : {
          verdict: 'untested',
          reason: 'of the tenants only one is measured',
          hint: 'see the interfaces that are not measured',
        };
  },
};

/** §13.1, a2a.proto AgentInterface.tenant: tenants whom the user names have tasks of their own. */
export const tenants = defineTargetCheck({
  id: 'security/tenants',
  title: 'Tasks of one tenant in the hands of another',
  requirements: ['security/tenants-separate'],
  needs: [needsTenants],

  async probe({ interfaces }: TargetProbeContext): Promise<readonly Crossing[]> {
    // All at once: they are many requests one after the other, each of tasks of its own.
    const crossings: Promise<Crossing>[] = [];
    for (const sharing of Map.groupBy(interfaces, (one) => one.interface.binding).values()) {
      const [home, ...others] = sharing.filter((one) => one.behaviours.elicited.completes !== undefined);
      const away = others.find((one) => one.interface.tenant !== home?.interface.tenant);
      if (home === undefined || away === undefined) continue;
      crossings.push(cross(home, away), cross(away, home));
    }
    return Promise.all(crossings);
  },

  judge: (crossings) => ({ 'security/tenants-separate': worst(crossings.flatMap(judgeCrossing)) }),
});

async function cross(home: ProbeContext, away: ProbeContext): Promise<Crossing> {
  const { elicited } = home.behaviours;
  const goesOn = elicited['input-required'] ?? elicited['long-running'];
  const { id } = goesOn === undefined ? home.taskOf(await home.send('completes')) : await startWaitingTask(home);
  const read = (): Promise<CallResult> => home.client.call('GetTask', { id });
  const before = await read();
  const own = await away.send('completes');
  const ownId = taskIn(own)?.id;
  const served = ownId === undefined ? [own] : [own, await away.client.call('GetTask', { id: ownId })];
  const what = (operation: string): string =>
    `${operation} under tenant ${away.interface.tenant} of a task of ${home.interface.tenant}, over ${home.interface.binding}`;
  const get = await away.client.call('GetTask', { id });
  const listed = await away.client.call('ListTasks', { pageSize: 100, historyLength: 0 });
  const subscribed = home.target.capabilities.streaming
    ? [await refusalOf(await away.client.stream('SubscribeToTask', { id }), away.deadlines.operationMs)]
    : [];
  const canceled = await away.client.call('CancelTask', { id });
  const after = await read();
  await cancelTaskIn(home, after);
  return {
    ownId: id,
    home: [before, after],
    away: served,
    listed,
    trespasses: [
      { what: what('GetTask'), answer: get, reaches: showsTask(id) },
      ...subscribed.map((answer) => ({ what: what('SubscribeToTask'), answer, reaches: showsTask(id) })),
      { what: what('CancelTask'), answer: canceled, reaches: showsTask(id) },
      { what: what('ListTasks'), answer: listed, reaches: (answer) => taskOn(answer, id) !== undefined },
    ],
  };
}

function judgeCrossing({ home, away, trespasses }: Crossing): readonly Judgement[] {
  const refused = [...home, ...away].find((answer) => !wasServed(answer));
  const boundary: Boundary = {
    unproven: refused && `a tenant is not served what is its own: ${describeReply(refused.reply)}`,
    shares: [],
    evidence: [...home, ...away].map(({ exchange }) => exchange),
  };
  return trespasses.map((one) => judgeTrespass(one, boundary));
}
