import type { Fault } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';

/** Reported bugs of the requests that agents send to webhooks. */

/** Header fields as they come out where a line break in a value is written as it is. */
const brokenIntoLines = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const [first = '', ...lines] = value.split('\r\n');
      return [[name, first], ...lines.map((line) => line.split(/: (.*)/).slice(0, 2))] as [string, string][];
    }),
  );

/** Line breaks are accepted. */
const accepted: Fault = {
  violations: (found) => found.filter(({ description }) => !/characters/.test(description)),
};

const headersInjected: Fault = {
  ...accepted,
  pushRequest: (request) => ({ ...request, headers: brokenIntoLines(request.headers) }),
};

/** Of one header field alone. */
const injectedInto = (wanted: string): Fault => ({
  ...accepted,
  pushRequest: (request) => {
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      name === wanted ? value : value.split('\r\n')[0]!,
    ]);
    return { ...request, headers: brokenIntoLines(Object.fromEntries(headers)) };
  },
});

export const webhookRequestMutants: readonly Mutant[] = [
  {
    id: 'push/headers-injected',
    description: 'Line breaks in credentials and tokens go into the headers of notifications (a2a-java#1053)',
    breaks: ['push/header-injection'],
    killedBy: ['push/header-injection'],
    fault: headersInjected,
  },
  {
    id: 'push/headers-injected-by-token',
    description: 'Line breaks in tokens go into the headers of notifications, those in credentials do not',
    breaks: ['push/header-injection'],
    killedBy: ['push/header-injection'],
    fault: injectedInto('X-A2A-Notification-Token'),
  },
  {
    id: 'push/dropped-for-users',
    description:
      'Configurations of authenticated users are not found when there is something to send (a2a-python#1016)',
    breaks: ['push/webhook-established'],
    killedBy: ['push/delivery'],
    profile: 'bearer',
    fault: { pushRequest: () => null },
  },
];
