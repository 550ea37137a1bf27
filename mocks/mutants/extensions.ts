import type { ErrorContent } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { AgentCard, OperationName } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';

const mutant = (
  id: string,
  description: string,
  breaks: string,
  killer: string,
  fault: Fault,
  more: Pick<Mutant, 'profile'> = {},
): Mutant => ({ id: `extensions/${id}`, description, breaks: [breaks], killedBy: [killer], fault, ...more });

const declared =
  (...extensions: readonly object[]) =>
  (card: AgentCard): object => ({ ...card, capabilities: { ...card.capabilities, extensions } });

/** Operations that call a request without the required extension invalid. */
const invalidWithout =
  (...operations: readonly OperationName[]): NonNullable<Fault['error']> =>
  (error, { operation }): ErrorContent =>
    error.code === -32008 && operations.includes(operation)
      ? { code: -32600, message: 'Request payload validation error' }
      : error;

const required = { profile: 'required-extension' } as const;
const operations = 'extensions/required-operations';
const byUri = 'extensions/declared-by-uri';

/** §3.3.4, §4.6. */
export const extensionMutants: readonly Mutant[] = [
  mutant('declared-by-word', 'An extension is declared by a word', byUri, 'extensions/declaration', {
    card: declared({ uri: 'geolocation' }),
  }),
  mutant('declared-without-uri', 'An extension is declared without its URI', byUri, 'extensions/declaration', {
    card: declared({ description: 'Something more' }),
  }),
  mutant('declared-twice', 'An extension is declared twice', byUri, 'extensions/declaration', {
    card: declared({ uri: 'urn:example:geo' }, { uri: 'urn:example:geo', description: 'Again' }),
  }),
  mutant(
    'reading-without-is-invalid',
    'GetTask without the required extension is an invalid request',
    operations,
    operations,
    { error: invalidWithout('GetTask') },
    required,
  ),
  mutant(
    'stream-without-is-invalid',
    'A stream without the required extension is an invalid request',
    operations,
    operations,
    { error: invalidWithout('SendStreamingMessage', 'SubscribeToTask') },
    required,
  ),
  mutant(
    'cancel-without-is-invalid',
    'A cancel without the required extension is an invalid request',
    operations,
    operations,
    { error: invalidWithout('CancelTask') },
    required,
  ),
  {
    id: 'extensions/not-demanded-over-grpc',
    description: 'Metadata of gRPC is not looked at: the required extension is demanded over JSON-RPC alone',
    breaks: ['errors/extension-required', 'errors/extension-version', 'extensions/required-operations'],
    killedBy: ['errors/extensions', operations],
    profile: 'required-extension',
    options: { bindings: ['JSONRPC', 'GRPC'] },
    fault: { only: ['GRPC'], policy: { requiredExtensionIgnored: true } },
  },
  {
    id: 'extensions/list-unsplit',
    description: 'The list of extensions is taken for the URI of a single one',
    breaks: ['extensions/comma-separated', 'errors/extension-unknown'],
    killedBy: ['extensions/list', 'errors/extensions'],
    profile: 'required-extension',
    fault: { policy: { extensionListUnsplit: true } },
  },
  mutant(
    'falls-back',
    'Any version of the optional extension activates that of the agent',
    'extensions/no-fallback',
    'extensions/no-fallback',
    { policy: { extensionFallback: true } },
  ),
  mutant(
    'undeclared-in-artifacts',
    'Artifacts name an extension that the card does not declare',
    'extensions/named-ones-declared',
    'invariants/extensions',
    {
      update: (update) =>
        'artifactUpdate' in update
          ? {
              artifactUpdate: {
                ...update.artifactUpdate,
                artifact: { ...update.artifactUpdate.artifact, extensions: ['urn:example:undeclared'] },
              },
            }
          : update,
    },
  ),
];
