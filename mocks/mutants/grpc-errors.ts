import type { Fault, GrpcStatus, ReplyContext } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';

/** §5.4, §10.6: errors on gRPC with another status than the table has, or another name. */

const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  fault: Fault,
  more: Pick<Mutant, 'profile' | 'mayBreak'> = {},
): Mutant => ({
  id: `grpc/${id}`,
  description,
  breaks,
  killedBy,
  fault,
  ...more,
  options: { bindings: ['GRPC'] },
});

/** Errors on their way out. */
const inErrors = (change: (status: GrpcStatus, context: ReplyContext) => Partial<GrpcStatus>): Fault => ({
  grpcReply: (reply, context) =>
    reply.status === undefined || context.errorCode === undefined
      ? reply
      : { ...reply, status: { ...reply.status, ...change(reply.status, context) } },
});

/** Another status for one error of A2A, which goes on naming itself. */
const otherStatus = (
  id: string,
  description: string,
  errorCode: number,
  code: number,
  more: Pick<Mutant, 'profile'> = {},
): Mutant =>
  mutant(
    id,
    description,
    ['errors/code-mapping'],
    ['invariants/error-answers'],
    inErrors((status, context) => (context.errorCode === errorCode ? { code } : status)),
    more,
  );

type Detail = Readonly<Record<string, unknown>>;

/** Another ErrorInfo in the errors of A2A. */
const otherInfo = (id: string, description: string, change: (info: Detail) => object): Mutant =>
  mutant(
    id,
    description,
    ['grpc/error-info'],
    ['grpc/error-info'],
    inErrors(({ details }) =>
      Array.isArray(details)
        ? { details: (details as readonly Detail[]).map((detail) => ('reason' in detail ? change(detail) : detail)) }
        : {},
    ),
  );

const camelCase = (reason: unknown): string =>
  String(reason)
    .toLowerCase()
    .replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const grpcErrorMutants: readonly Mutant[] = [
  otherStatus('unknown-task-is-unknown', 'TaskNotFoundError has the status UNKNOWN', -32001, 2),
  otherStatus('ended-task-is-aborted', 'TaskNotCancelableError has the status ABORTED', -32002, 10),
  otherStatus('no-push-is-internal', 'PushNotificationNotSupportedError has the status INTERNAL', -32003, 13, {
    profile: 'minimal',
  }),
  otherStatus('unsupported-is-invalid', 'UnsupportedOperationError has the status INVALID_ARGUMENT', -32004, 3),
  otherStatus(
    'content-type-is-unimplemented',
    'ContentTypeNotSupportedError has the status UNIMPLEMENTED',
    -32005,
    12,
    {
      profile: 'text-only',
    },
  ),
  otherStatus(
    'no-extended-card-is-not-found',
    'ExtendedAgentCardNotConfiguredError has the status NOT_FOUND',
    -32007,
    5,
    {
      profile: ['extended-unconfigured', 'bearer'],
    },
  ),
  otherStatus('extension-is-denied', 'ExtensionSupportRequiredError has the status PERMISSION_DENIED', -32008, 7, {
    profile: 'required-extension',
  }),
  otherStatus('version-is-out-of-range', 'VersionNotSupportedError has the status OUT_OF_RANGE', -32009, 11),
  otherInfo('other-domain', 'The ErrorInfo of A2A errors has the domain of the agent', (info) => ({
    ...info,
    domain: 'agent.example.com',
  })),
  otherInfo('reason-with-suffix', 'The reason of A2A errors ends in _ERROR', (info) => ({
    ...info,
    reason: `${String(info['reason'])}_ERROR`,
  })),
  otherInfo('reason-in-camel-case', 'The reason of A2A errors is in CamelCase', (info) => ({
    ...info,
    reason: camelCase(info['reason']),
  })),
  mutant(
    'one-error-unnamed',
    'TaskNotCancelableError alone has no ErrorInfo',
    ['grpc/error-info'],
    ['grpc/error-info'],
    inErrors((status, { errorCode }) => (errorCode === -32002 ? { details: undefined } : status)),
  ),
  mutant(
    'version-ignored',
    'The A2A-Version of the metadata is not looked at',
    ['errors/version-unsupported', 'errors/version-empty', 'errors/version-absent'],
    ['errors/versions'],
    { policy: { versionIgnored: true } },
  ),
  mutant(
    'authentication-ignored',
    'The authorization of the metadata is not looked at',
    [
      'errors/authentication-missing',
      'errors/authentication-invalid',
      'security/forged-token',
      'security/other-scheme',
      'security/extended-card-authentication',
      // Whoever calls is one and the same.
      'security/get-scoped',
      'security/cancel-scoped',
      'security/subscribe-scoped',
      'security/send-scoped',
      'list/authorization-scoping',
      'push/access',
    ],
    ['security/authentication'],
    { policy: { authenticationIgnored: true, extendedCardUnprotected: true } },
    { profile: 'bearer', mayBreak: ['errors/not-found-or-forbidden'] },
  ),
  mutant(
    'no-challenge',
    'UNAUTHENTICATED says nothing of a scheme',
    ['errors/authentication-challenge'],
    ['security/authentication'],
    {
      grpcReply: (reply) =>
        reply.status?.code === 16
          ? { ...reply, trailers: {}, status: { code: 16, message: 'No', details: undefined } }
          : reply,
    },
    { profile: 'bearer' },
  ),
  mutant(
    'ended-task-canceled',
    'A cancel of a task that has ended is answered with the task',
    ['cancel/terminal-refused'],
    ['cancel/ended-task'],
    { policy: { ignoreCancelOfTerminal: true } },
  ),
  mutant(
    'no-error-text',
    'TaskNotFoundError has no message, neither in its fields nor in its details',
    ['errors/message-text'],
    ['invariants/error-answers'],
    inErrors((status, { errorCode }) => (errorCode === -32001 ? { message: '' } : status)),
  ),
];
