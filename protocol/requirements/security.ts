import { server, unobservable, type RowSpec } from './define.ts';

/** §7.4, §13.3: who is let in. */
const authentication: readonly RowSpec[] = [
  server(
    'security/forged-token',
    'MUST',
    'stated',
    '§3.3.2, §7.4',
    'A token that only looks right (expired, unsigned, or with another signature) is rejected.',
  ),
  server(
    'security/other-scheme',
    'MUST',
    'stated',
    '§7.4, §13.3',
    'Invalid credentials of a scheme that the card does not declare are rejected, as those of its own are.',
  ),
  server(
    'security/rejection-code',
    'SHOULD',
    'stated',
    '§7.4, §3.3.2',
    'A rejection has the code of the binding for authentication.',
  ),
  server(
    'security/rejected-not-processed',
    'MUST',
    'stated',
    '§3.3.2, §7.4',
    'A message that is rejected for its credentials is not processed: no task comes of it.',
  ),
  server(
    'security/extended-card-authentication',
    'MUST',
    'stated',
    '§13.3, §3.1.11',
    'GetExtendedAgentCard requires authentication.',
    { ambiguity: 'extended-card-public' },
  ),
];

const scoped = (operation: string, id: string, section: string, more: { readonly ambiguity?: string } = {}): RowSpec =>
  server(
    `security/${id}-scoped`,
    'MUST',
    'stated',
    section,
    `${operation} reaches no task outside of the caller’s access boundaries.`,
    more,
  );

/** §13.1: what principals reach of each other's. Lists: `list/authorization-scoping`; configurations: `push/access`. */
const isolation: readonly RowSpec[] = [
  scoped('GetTask', 'get', '§13.1, §3.3.2', { ambiguity: 'context-of-others' }),
  scoped('CancelTask', 'cancel', '§13.1, §3.3.2'),
  scoped('SubscribeToTask', 'subscribe', '§13.1, §3.3.2'),
  scoped('A message, streaming or not,', 'send', '§13.1, §3.3.2, §3.4.2'),
];

/** a2a.proto AgentInterface.tenant, §13.1: what tenants reach of each other's. */
const tenants: readonly RowSpec[] = [
  server(
    'security/tenant-matches',
    'SHOULD',
    'defined',
    'a2a.proto AgentInterface.tenant, §8.3.2',
    'A request under another tenant than that of the interface, or under none, does not reach the tasks of that tenant.',
    { ambiguity: 'tenant-routing' },
  ),
  server(
    'security/tenants-separate',
    'MUST',
    'stated',
    '§13.1',
    'Tenants between whom there is a boundary do not reach each other’s tasks.',
  ),
];

/** §7, §13.1, §13.3, §13.4: what no run against a server shows. */
const unmeasured: readonly RowSpec[] = [
  unobservable(
    'security/client-credentials',
    'MUST',
    'stated',
    '§3.1.11, §7.3',
    'client',
    'Clients authenticate the request for the extended card by a declared scheme, and send their credentials with every request.',
    'a duty of clients',
  ),
  unobservable(
    'security/card-replacement',
    'SHOULD',
    'stated',
    '§3.1.11, §13.3',
    'client',
    'Clients replace the public card by the extended one for the time of their session.',
    'a duty of clients',
  ),
  unobservable(
    'security/checks-before-queries',
    'MUST',
    'stated',
    '§13.1',
    'server',
    'Authorization is checked before any query that could leak the existence of a resource.',
    'the order of work inside an agent is not visible; for what leaks of it see errors/not-found-or-forbidden',
  ),
  unobservable(
    'security/model-documented',
    'SHOULD',
    'stated',
    '§13.1, §13.3',
    'operator',
    'The authorization model is documented, and what each level of authentication is shown.',
    'documents are for readers',
  ),
  unobservable(
    'security/extended-card-permissions',
    'MUST',
    'stated',
    '§13.3',
    'server',
    'Privileged information of the extended card is shown to those alone who have the permission.',
    'which information is privileged, and whose, is the agent’s own model',
  ),
  unobservable(
    'security/extended-card-contents',
    'SHOULD',
    'stated',
    '§13.3',
    'server',
    'An extended card has no sensitive information, and a version of its own.',
    'what is sensitive, and when a card is a new one, is the agent’s own to say',
  ),
  unobservable(
    'security/credentials-secret',
    'MUST',
    'stated',
    '§13.4',
    'operator',
    'API keys, tokens and other credentials are treated as secrets.',
    'how secrets are kept is not visible from outside',
  ),
  unobservable(
    'security/logs',
    'MUST',
    'stated',
    '§13.4',
    'operator',
    'Logs hold no credentials and no personal data.',
    'logs are not visible from outside',
  ),
];

/** §7, §13.1, §13.3: who is let in, and what they see. */
export const securityRows: readonly RowSpec[] = [...authentication, ...isolation, ...tenants, ...unmeasured];
