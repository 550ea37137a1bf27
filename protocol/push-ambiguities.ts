import type { Ambiguity } from './ambiguity.ts';

/** What the text leaves open about push notifications (§3.1.7 to §3.1.10, §4.3.3, §13.2). */
export const pushAmbiguities: readonly Ambiguity[] = [
  {
    id: 'push-config-task',
    sections: '§3.1.7, a2a.proto TaskPushNotificationConfig.task_id',
    readings: [
      '§3.1.7: the created configuration is returned, and it has a task',
      'a2a.proto: task_id is not marked REQUIRED, and the client has just named it',
    ],
    handling: 'A created configuration without taskId is a warn, with another one a fail.',
  },
  {
    id: 'push-config-secrets',
    sections: '§3.1.8, §13.2',
    readings: [
      '§3.1.8: the configuration is returned with its webhook URL and its notification settings',
      '§13.2: tokens and credentials are secrets; an agent may keep its settings of authentication to itself',
    ],
    handling:
      'Token and credentials may be left out or masked; an authentication without its scheme is a warn, a missing URL a fail.',
  },
  {
    id: 'push-delete-again',
    sections: '§3.1.10',
    readings: [
      '§3.1.10: deleting is idempotent: a further deletion succeeds, too',
      '§3.1.10: it has the same effect: the configuration stays deleted, whatever the answer',
    ],
    handling: 'Success and TaskNotFoundError are accepted; another error is a warn, another effect a fail.',
  },
  {
    id: 'push-delete-unknown-task',
    sections: '§3.1.10',
    readings: [
      '§3.1.10: a task id that does not exist is answered with TaskNotFoundError',
      '§3.1.10: deleting is idempotent: what is not there is deleted already',
    ],
    handling: 'Success is a warn.',
  },
  {
    id: 'push-inline-undeclared',
    sections: '§3.3.4',
    readings: [
      '§3.3.4: a feature that requires a capability which the card does not declare MUST be answered with an error',
      '§3.3.4: named for push notifications are the operations Create, Get, List and Delete alone',
    ],
    handling: 'A message that is accepted with such a configuration is a warn.',
  },
  {
    id: 'push-refused',
    sections: '§3.1.7, §3.3.4, §13.2',
    readings: [
      '§3.1.7, §3.3.4: an agent that declares pushNotifications creates configurations',
      '§13.2: an agent may refuse URLs that it does not allow, and need not say so',
    ],
    handling: 'An agent that refuses each configuration is a warn, and untested where it says that it is for the URL.',
  },
  {
    id: 'push-unreachable',
    sections: '§3.1.7, §4.3.3, §13.2',
    readings: [
      '§3.1.7, §4.3.3: a webhook is established, and delivery is attempted at least once',
      '§13.2: the agent does not call private addresses, or its attempts do not reach this one (it runs in a container)',
    ],
    handling: 'Where no notification at all reached the receiver it is a warn; where others came a fail.',
  },
  {
    id: 'push-order',
    sections: '§3.5.2, §4.3.3',
    readings: [
      '§3.5.2: all implementations deliver events in the order they were generated',
      '§3.5.2 speaks of streams; §4.3.3: deliveries are retried and repeated, which may reorder them',
    ],
    handling: 'A new update that is delivered after the terminal one is a warn.',
  },
  {
    id: 'push-retry',
    sections: '§4.3.3, §13.2',
    readings: [
      '§13.2: agents SHOULD implement retry logic',
      '§4.3.3: agents MAY implement retry logic; no time is named',
    ],
    handling: 'A retry that did not come while the run waited leaves the row untested.',
  },
];
