import { skip } from '../findings/judgement.ts';
import { inspectPayloads, instancesOf } from './data-model.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances } from './tally.ts';

const row = 'push/config-object';

export const pushConfigs = defineInvariant({
  id: 'invariants/push-configs',
  title: 'Every push notification configuration that the agent sends is as a2a.proto defines it',
  provenance: { kind: 'spec' },
  requirements: [row],
  judge(history, { target }) {
    const instances = instancesOf(inspectPayloads(history), row, ({ objects }) =>
      ['TaskPushNotificationConfig', 'AuthenticationInfo'].reduce(
        (sum, name) => sum + (objects.get(name)?.length ?? 0),
        0,
      ),
    );
    if (instances.length === 0 && !target.capabilities.pushNotifications) {
      return { [row]: skip('the card does not declare capabilities.pushNotifications') };
    }
    return {
      [row]: judgeInstances(instances, {
        counted: 'objects of push notification configurations',
        wrong: 'are not as defined',
        right: 'as defined',
        hint: 'the agent gave no configuration back: name a message for "input-required" or "long-running", --stimuli <file>',
      }),
    };
  },
});
