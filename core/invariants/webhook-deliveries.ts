import { skip, type Judgement } from '../findings/judgement.ts';
import { header, type History, type WebhookDelivery } from '../history/exchange.ts';
import { registrations, type Registration } from '../history/notifications.ts';
import { defineInvariant, type InvariantFacts } from './invariant.ts';
import { judgeInstances, type Defect, type Instance, type Words } from './tally.ts';

const unheard =
  'no notification came: name stimuli that work a while, --stimuli <file>; give an address that the agent reaches, --webhook-url';

/** Rows of notifications: not applicable where the card declares none and none came. */
export const judgeNotifications = (
  instances: readonly Instance[],
  words: Omit<Words, 'hint'>,
  { target }: InvariantFacts,
): Judgement =>
  instances.length === 0 && !target.capabilities.pushNotifications
    ? skip('the card does not declare capabilities.pushNotifications')
    : judgeInstances(instances, { ...words, hint: unheard });

const instancesOf = (
  deliveries: readonly WebhookDelivery[],
  defectOf: (delivery: WebhookDelivery) => Defect | undefined,
): readonly Instance[] => deliveries.map((delivery) => ({ exchanges: [delivery], defect: defectOf(delivery) }));

const method = ({ request }: WebhookDelivery): Defect | undefined =>
  request.method === 'POST' ? undefined : { expected: 'POST', actual: request.method };

function mediaType({ request }: WebhookDelivery): Defect | undefined {
  const type = header(request.headers, 'content-type');
  if (type?.split(';')[0]?.trim().toLowerCase() === 'application/a2a+json') return undefined;
  return { expected: 'application/a2a+json', actual: type ?? 'no Content-Type' };
}

/** Schemes whose credentials are what stands behind their name; of others a client makes them (Digest), or nobody knows how. */
const sentAsTheyAre: ReadonlySet<string> = new Set(['bearer', 'basic']);

const otherScheme = [
  '§4.3.3: the header field is the scheme and the credentials, whatever they are',
  'a2a.proto AuthenticationInfo: the scheme is one of the IANA registry, and the format of the credentials depends on it',
] as const;

/** Compared as received, and told without the secret. Scheme names are case-insensitive (RFC 9110 §11.1). */
function credentials(
  delivery: WebhookDelivery,
  { scheme = '', credentials: secret = '' }: Registration,
): Defect | undefined {
  const sent = header(delivery.request.headers, 'authorization');
  const [, sentScheme = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(sent ?? '') ?? [];
  if (sentScheme.toLowerCase() === scheme.toLowerCase() && rest === secret) return undefined;
  const expected = `Authorization: ${scheme} and the credentials of the configuration`;
  const doubt = sentAsTheyAre.has(scheme.toLowerCase()) ? {} : { readings: otherScheme };
  if (sent === undefined) return { expected, actual: 'no Authorization header', ...doubt };
  if (sentScheme.toLowerCase() !== scheme.toLowerCase()) return { expected, actual: 'another scheme', ...doubt };
  return { expected, actual: rest === '' ? 'no credentials' : 'other credentials', ...doubt };
}

/** Credentials with a line break cannot be sent as they are (RFC 9110 §5.5). */
const isFieldValue = (secret: string | undefined): boolean => secret !== undefined && !/[\r\n\0]/.test(secret);

/** §3.5.3, §4.3.3, §13.2: the HTTP request that brings a notification. */
export const webhookDeliveries = defineInvariant({
  id: 'invariants/webhook-deliveries',
  title: 'Notifications are POSTed as their configuration says',
  provenance: { kind: 'spec' },
  requirements: ['push/http-post', 'push/content-type', 'push/authentication', 'push/token'],
  judge(history: History, facts) {
    const { deliveries = [] } = history;
    const known = registrations(history);
    const registrationOf = ({ intent }: WebhookDelivery): Registration | undefined => known.get(intent.webhook);
    const authenticated = deliveries.filter((delivery) => isFieldValue(registrationOf(delivery)?.credentials));
    const withToken = deliveries.filter((delivery) => registrationOf(delivery)?.token !== undefined);
    return {
      'push/http-post': judgeNotifications(
        instancesOf(deliveries, method),
        { counted: 'notifications', wrong: 'were not sent by POST', right: 'sent by POST' },
        facts,
      ),
      'push/content-type': judgeNotifications(
        instancesOf(deliveries, mediaType),
        { counted: 'notifications', wrong: 'have another Content-Type', right: 'of application/a2a+json' },
        facts,
      ),
      'push/authentication': judgeNotifications(
        instancesOf(authenticated, (delivery) => credentials(delivery, registrationOf(delivery)!)),
        {
          counted: 'notifications of configurations with credentials',
          wrong: 'do not carry them',
          right: 'with its credentials',
        },
        facts,
      ),
      // A freedom: any way of sending it is right.
      'push/token': judgeNotifications(
        instancesOf(withToken, () => undefined),
        { counted: 'notifications of configurations with a token', wrong: 'lack it', right: 'as the agent chooses' },
        facts,
      ),
    };
  },
});
