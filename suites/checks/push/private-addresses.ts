import { defineCheck, type JudgeFacts, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Target } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { hostOf, isThisMachine } from '../../../fixtures/guest/hosts.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { otherCause } from '../shared/refusal.ts';
import { deleteConfigs, isMissing, register, registerAnywhere, type Registered } from './configuration.ts';
import { needsWaitingTask, startWaitingTask } from './waiting-task.ts';

interface Observation {
  /** One that the agent should accept. */
  readonly acceptable: Registered;
  readonly inPrivateRanges: readonly Registered[];
  readonly local: readonly Registered[];
}

const privateHosts = ['10.255.255.254', '172.31.255.254', '192.168.255.254'];
const linkLocalHost = '169.254.169.254';

/** An agent on loopback has its clients there, too. */
const localHosts = ({ interfaces }: Pick<Target, 'interfaces'>): readonly string[] =>
  interfaces.some(({ url }) => isThisMachine(hostOf(url) ?? ''))
    ? [linkLocalHost]
    : [linkLocalHost, '127.0.0.1', 'localhost'];

/**
 * §13.2: URLs that could lead into the agent's own network are rejected. Nothing is ever sent to them: each that is accepted is
 * deleted while its task waits.
 */
export const privateAddresses = defineCheck({
  id: 'push/private-addresses',
  title: 'Webhook URLs in private networks',
  requirements: ['push/private-addresses', 'push/local-addresses'],
  needs: [needsCapability('pushNotifications'), needsWaitingTask],

  async probe(context: ProbeContext): Promise<Observation> {
    const { target } = context;
    const { id: taskId, before } = await startWaitingTask(context);
    const acceptable = await registerAnywhere(context, taskId);
    let allGone = await deleteConfigs(context, acceptable);
    const tried = async (hosts: readonly string[]): Promise<readonly Registered[]> => {
      const all: Registered[] = [];
      for (const host of hosts) {
        // What could not be taken back once is not given again.
        if (!allGone) break;
        const registered = await register(context, taskId, { url: `https://${host}:9/a2a-gauntlet` });
        allGone = await deleteConfigs(context, registered);
        all.push(registered);
      }
      return all;
    };
    const inPrivateRanges = await tried(privateHosts);
    const local = await tried(localHosts(target));
    if (allGone) await cancelTaskIn(context, before);
    return { acceptable, inPrivateRanges, local };
  },

  judge({ acceptable, inPrivateRanges, local }, facts: JudgeFacts) {
    return {
      'push/private-addresses': rejected(acceptable, inPrivateRanges, privateHosts.length),
      'push/local-addresses': rejected(acceptable, local, localHosts(facts.target).length),
    };
  },
});

const isRejected = ({ reply }: CallResult): boolean => reply.kind === 'error';

function rejected(acceptable: Registered, tried: readonly Registered[], wanted: number): Judgement {
  const hint = 'see the answers of the agent; a webhook that it accepts may help: --webhook-url <url>';
  const evidence = [acceptable, ...tried].map(({ answer }) => answer.exchange);
  if (acceptable.answer.reply.kind !== 'result') {
    return untested(`no webhook URL is accepted: ${describeReply(acceptable.answer.reply)}`, hint, ...evidence);
  }
  const accepted = tried.filter(({ answer }) => answer.reply.kind === 'result');
  if (accepted.length > 0) {
    return violated(
      {
        reason: 'a webhook URL that leads into a private network is accepted',
        expected: 'it is rejected',
        actual: `accepted: ${accepted.map(({ url }) => new URL(url).hostname).join(', ')}`,
      },
      ...evidence,
    );
  }
  const unclear = tried.find(
    ({ answer }) => otherCause(answer) !== undefined || isMissing(answer) || !isRejected(answer),
  );
  if (unclear !== undefined || tried.length < wanted) {
    const why = unclear === undefined ? 'a configuration could not be deleted' : describeReply(unclear.answer.reply);
    return untested(`not every URL was judged by the agent: ${why}`, hint, ...evidence);
  }
  return holds(`rejected: ${tried.map(({ url }) => new URL(url).hostname).join(', ')}`, ...evidence);
}
