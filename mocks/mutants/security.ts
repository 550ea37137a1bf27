import type { Binding } from '../reference-agent/bindings.ts';
import { bindings } from '../reference-agent/bindings.ts';
import type { Fault, Policy } from '../reference-agent/hooks.ts';
import type { OperationName } from '../reference-agent/types.ts';
import { operationNames } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';

const authentication = 'security/authentication';
const missing = 'errors/authentication-missing';
const invalid = 'errors/authentication-invalid';
const forged = 'security/forged-token';
const otherScheme = 'security/other-scheme';

const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  fault: Fault,
  more: Partial<Pick<Mutant, 'profile' | 'options' | 'mayBreak' | 'killedBy'>> = {},
): Mutant => ({
  id: `security/${id}`,
  description,
  breaks,
  killedBy: [authentication],
  profile: 'bearer',
  ...more,
  fault,
});

const kebab = (name: string): string => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** The operation that wrong tokens of every kind are tried on. */
const tried = 'GetTask';

const suffixOf: Readonly<Record<Binding, string>> = { JSONRPC: '', 'HTTP+JSON': '-rest', GRPC: '-grpc' };

const opened = (operation: OperationName, binding: Binding): Mutant => ({
  ...mutant(
    `${kebab(operation)}-open${suffixOf[binding]}`,
    `${operation} is done for whoever asks, over ${binding}`,
    [
      missing,
      invalid,
      ...(operation === tried ? [forged, otherScheme] : []),
      ...(operation === 'GetExtendedAgentCard' ? ['security/extended-card-authentication'] : []),
    ],
    { policy: { openOperations: [operation] } },
  ),
  options: { bindings: [binding] },
});

/** Not every one over every binding: the place where it is forgotten is what differs. */
const openOperations: readonly Mutant[] = [
  ...operationNames.map((operation) => opened(operation, 'JSONRPC')),
  ...(['ListTasks', 'SubscribeToTask', 'DeleteTaskPushNotificationConfig'] as const).flatMap((operation) =>
    bindings.filter((binding) => binding !== 'JSONRPC').map((binding) => opened(operation, binding)),
  ),
];

const taskNotFound = [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' },
];

const scopedBy: Readonly<Partial<Record<OperationName, string>>> = {
  GetTask: 'security/get-scoped',
  CancelTask: 'security/cancel-scoped',
  SubscribeToTask: 'security/subscribe-scoped',
  SendMessage: 'security/send-scoped',
  SendStreamingMessage: 'security/send-scoped',
  ListTasks: 'list/authorization-scoping',
  CreateTaskPushNotificationConfig: 'push/access',
  GetTaskPushNotificationConfig: 'push/access',
  ListTaskPushNotificationConfigs: 'push/access',
  DeleteTaskPushNotificationConfig: 'push/access',
};

/** An operation that does not ask whose the task is. */
const unscoped = (operation: OperationName, row: string, binding: Binding): Mutant => ({
  ...mutant(
    `${kebab(operation)}-of-others${suffixOf[binding]}`,
    `${operation} reaches the tasks of other principals, over ${binding}`,
    [row],
    { policy: { ownershipIgnoredBy: [operation] } },
  ),
  killedBy: ['security/isolation'],
  options: { bindings: [binding] },
});

const unscopedOperations: readonly Mutant[] = [
  ...operationNames.flatMap((operation) => {
    const row = scopedBy[operation];
    return row === undefined ? [] : [unscoped(operation, row, 'JSONRPC')];
  }),
  ...(['GetTask', 'CancelTask', 'ListTasks'] as const).flatMap((operation) =>
    bindings
      .filter((binding) => binding !== 'JSONRPC')
      .map((binding) => unscoped(operation, scopedBy[operation]!, binding)),
  ),
];

const policy = (chosen: Policy): Fault => ({ policy: chosen });

/** §7.4, §13.1, §13.3: what lets the wrong ones in. */
export const securityMutants: readonly Mutant[] = [
  mutant(
    'credentials-ignored',
    'Credentials are demanded by the card and never looked at',
    [
      missing,
      invalid,
      forged,
      otherScheme,
      'security/extended-card-authentication',
      ...new Set(Object.values(scopedBy)),
    ],
    policy({ authenticationIgnored: true, extendedCardUnprotected: true }),
    { mayBreak: ['errors/not-found-or-forbidden'] },
  ),
  ...openOperations,
  mutant(
    'any-token-taken',
    'That there is a token is all that is looked at',
    [invalid, forged],
    policy({ anyCredentialsTaken: true }),
    { options: { bindings } },
  ),
  mutant('any-password-taken', 'Any user and password will do', [invalid], policy({ anyCredentialsTaken: true }), {
    profile: 'basic',
  }),
  mutant('any-key-taken', 'Any API key will do', [invalid], policy({ anyCredentialsTaken: true }), {
    profile: 'api-key',
  }),
  mutant(
    'tokens-unverified',
    'The claims of a token are read, its signature and its end are not',
    [forged],
    policy({ tokensUnverified: true }),
    { options: { bindings } },
  ),
  mutant(
    'other-schemes-taken',
    'Credentials of a scheme that is not known are passed on unseen',
    [otherScheme],
    policy({ otherSchemesTaken: true }),
    { options: { bindings } },
  ),
  mutant(
    'keys-or-anything',
    'With an Authorization field of whatever kind no key is asked for',
    [otherScheme],
    policy({ otherSchemesTaken: true }),
    { profile: 'api-key' },
  ),
  mutant(
    'rejected-afterwards',
    'A request is authenticated only when it has been done',
    ['security/rejected-not-processed'],
    policy({ rejectedAfterwards: true }),
  ),
  mutant(
    'extended-card-open',
    'The extended card is given to everybody',
    ['security/extended-card-authentication'],
    policy({ extendedCardUnprotected: true }),
    { profile: 'full', killedBy: ['security/extended-card-access'], options: { bindings } },
  ),
  ...unscopedOperations,
  ...(
    ['CancelTask', 'SendMessage', 'CreateTaskPushNotificationConfig', 'DeleteTaskPushNotificationConfig'] as const
  ).map((operation) => ({
    ...mutant(
      `${kebab(operation)}-of-others-unsaid`,
      `${operation} on a task of another principal is refused only when it has been done`,
      [scopedBy[operation]!],
      policy({ othersServedUnsaid: [operation] }),
    ),
    killedBy: ['security/isolation'],
  })),
  mutant(
    'ownership-ignored',
    'Tasks belong to nobody: the store does not know principals',
    [...new Set(Object.values(scopedBy))],
    policy({ ownershipIgnored: true }),
    { killedBy: ['security/isolation'], options: { bindings }, mayBreak: ['errors/not-found-or-forbidden'] },
  ),
  mutant(
    'tenants-share-tasks',
    'The store knows no tenants: each sees the tasks of all',
    ['security/tenants-separate'],
    policy({ tenantsShared: true }),
    { killedBy: ['security/tenants'], profile: 'tenants' },
  ),
  mutant(
    'tenants-share-tasks-rest',
    'The store knows no tenants: each sees the tasks of all',
    ['security/tenants-separate'],
    policy({ tenantsShared: true }),
    { killedBy: ['security/tenants'], profile: 'tenants', options: { bindings: ['HTTP+JSON'] } },
  ),
  mutant(
    'tenants-share-tasks-grpc',
    'The store knows no tenants: each sees the tasks of all',
    ['security/tenants-separate'],
    policy({ tenantsShared: true }),
    { killedBy: ['security/tenants'], profile: 'tenants', options: { bindings: ['GRPC'] } },
  ),
  mutant(
    'any-tenant',
    'The tenant of a request is not looked at',
    ['security/tenant-matches'],
    policy({ anyTenantTaken: true }),
    { killedBy: ['security/other-tenant'], profile: 'full', options: { tenants: ['acme'], bindings } },
  ),
  mutant(
    'rejected-as-not-found',
    'Strangers are told that there is no such task, whatever they ask',
    ['security/rejection-code', 'errors/authentication-challenge'],
    {
      reply: (envelope) =>
        envelope.error?.code === -32000
          ? { ...envelope, error: { code: -32001, message: 'Task not found', data: taskNotFound } }
          : envelope,
      httpResponse: ({ status, headers, body }) => {
        const { 'WWW-Authenticate': _, ...others } = headers;
        return status === 401 ? { status: 200, headers: others, body } : { status, headers, body };
      },
    },
  ),
];
