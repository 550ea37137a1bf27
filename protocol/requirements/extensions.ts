import { server, unobservable, type RowSpec } from './define.ts';

/** §3.2.6, §3.3.4, §4.6: extensions. What a message without a required one is answered with: `errors/extension-…`. */
export const extensionRows: readonly RowSpec[] = [
  server(
    'extensions/declared-by-uri',
    'SHOULD',
    'defined',
    '§4.6.1, a2a.proto AgentExtension.uri',
    'An extension is declared by its URI, which is unique in the card.',
  ),
  server(
    'extensions/comma-separated',
    'MUST',
    'defined',
    '§3.2.6, §14.2.2',
    'The value of A2A-Extensions is a comma-separated list: a required extension is found among others.',
  ),
  server(
    'extensions/required-operations',
    'MUST',
    'stated',
    '§3.3.4',
    'Without support for a required extension other operations than SendMessage, too, are answered with ExtensionSupportRequiredError.',
    { ambiguity: 'extension-required-operations' },
  ),
  server(
    'extensions/no-fallback',
    'MUST',
    'stated',
    '§4.6.3',
    'An agent does not fall back to its own version of an optional extension where another version is requested.',
  ),
  server(
    'extensions/named-ones-declared',
    'SHOULD',
    'defined',
    '§4.6.1, a2a.proto Message.extensions, Artifact.extensions',
    'Extensions that messages and artifacts of the agent name are declared in its card.',
  ),
  unobservable(
    'extensions/client-opt-in',
    'SHOULD',
    'defined',
    '§4.6.1, §3.2.6',
    'client',
    'Clients name the extensions that they want to use in A2A-Extensions.',
    'a duty of clients',
  ),
];
