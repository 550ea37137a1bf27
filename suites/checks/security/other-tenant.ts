import { defineCheck, type Need, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { taskOn } from '../list/page.ts';
import { worst } from '../shared/refusal.ts';
import { showsTask } from './isolation-judges.ts';
import { unrelated, wasServed } from './rejection-judges.ts';

interface Observation {
  readonly id: string;
  /** GetTask under the tenant of the interface, before and after. */
  readonly own: readonly [CallResult, CallResult];
  readonly asked: readonly { readonly what: string; readonly answer: CallResult; readonly reached: boolean }[];
}

const needsDeclaredTenant: Need = {
  description: 'interface with a tenant',
  decide: ({ interface: ref, target }) =>
    ref?.tenant && target.tenants?.ofCard !== false
      ? null
      : { verdict: 'skip', reason: 'the card declares no tenant for this interface' },
};

const readings = [
  'a2a.proto AgentInterface.tenant, GetTaskRequest.tenant: the value routes the request, and must match that of the interface',
  'a2a.proto AgentInterface.tenant: what it means is the server’s to say: ids of tasks may be known to all tenants',
] as const;

/** a2a.proto AgentInterface.tenant: a request of another tenant, or of none, is not one of this interface. */
export const otherTenant = defineCheck({
  id: 'security/other-tenant',
  title: 'A task under another tenant than that of its interface',
  requirements: ['security/tenant-matches'],
  needs: [needsDeclaredTenant, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const { id } = context.taskOf(await context.send('completes'));
    const own = (): Promise<CallResult> => client.call('GetTask', { id });
    const before = await own();
    const tenant = context.id('tenant');
    const other = await client.call('GetTask', { tenant, id });
    const listed = await client.call('ListTasks', { tenant, pageSize: 100, historyLength: 0 });
    const none = await client.call('GetTask', { tenant: '', id });
    return {
      id,
      own: [before, await own()],
      asked: [
        { what: 'GetTask under a tenant that there is not', answer: other, reached: showsTask(id)(other) },
        {
          what: 'ListTasks under a tenant that there is not',
          answer: listed,
          reached: taskOn(listed, id) !== undefined,
        },
        { what: 'GetTask without a tenant', answer: none, reached: showsTask(id)(none) },
      ],
    };
  },

  judge: ({ own, asked }) => ({
    'security/tenant-matches': worst(
      asked.map(({ what, answer, reached }): Judgement => {
        const evidence = [answer.exchange, ...own.map(({ exchange }) => exchange)];
        const lost = own.find((one) => !wasServed(one));
        if (lost !== undefined)
          return untested(`the control failed: GetTask: ${describeReply(lost.reply)}`, 'see its exchange', ...evidence);
        const cause = unrelated(answer);
        if (cause !== undefined) return untested(`${what}: ${cause}`, 'run again; see --timeout', ...evidence);
        return reached
          ? ambiguous(`${what} reaches the task`, readings, ...evidence)
          : holds(
              `${what}: ${wasServed(answer) ? 'nothing of the tenant is shown' : describeReply(answer.reply)}`,
              ...evidence,
            );
      }),
    ),
  }),
});
