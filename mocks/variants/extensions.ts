import type { Fault } from '../reference-agent/hooks.ts';
import { optionalExtensionUri } from '../reference-agent/settings.ts';
import type { Variant } from './variant.ts';

/** Every artifact names the extension, whether it was asked for or not. */
const always: Fault = {
  update: (update) =>
    'artifactUpdate' in update
      ? {
          artifactUpdate: {
            ...update.artifactUpdate,
            artifact: { ...update.artifactUpdate.artifact, extensions: [optionalExtensionUri] },
          },
        }
      : update,
};

/** §3.3.4, §4.6: unusual and right. */
export const extensionVariants: readonly Variant[] = [
  {
    id: 'extensions/required-of-messages',
    description: 'The required extension is demanded of messages, and of nothing else',
    allowedBy: '§3.3.4: "when a server requests use of an extension", which other operations need not use',
    warns: ['extensions/required-operations'],
    profile: 'required-extension',
    fault: { policy: { requiredExtensionOfMessagesOnly: true } },
  },
  {
    id: 'extensions/always-named',
    description: 'An optional extension takes part in every artifact, also where nobody asked for it',
    allowedBy:
      'a2a.proto Artifact.extensions: those that contributed to the artifact; §4.6.3 speaks of versions that are requested',
    fault: always,
  },
  {
    id: 'extensions/never-named',
    description: 'An optional extension is declared and shows in no message or artifact',
    allowedBy: '§4.6.2: extensions may extend other points than messages and artifacts',
    fault: {
      update: (update) => {
        if (!('artifactUpdate' in update)) return update;
        const { extensions: _, metadata: __, ...artifact } = update.artifactUpdate.artifact;
        return { artifactUpdate: { ...update.artifactUpdate, artifact } };
      },
    },
  },
  {
    id: 'extensions/many-declared',
    description:
      'Extensions of several kinds of URI, several versions of one, and one that only the extended card declares',
    allowedBy: '§4.6.1, §4.6.3: each version is an extension of its own; §3.1.11',
    fault: {
      card: (card, { extended }) => ({
        ...card,
        capabilities: {
          ...card.capabilities,
          extensions: [
            { uri: 'urn:example:geo' },
            { uri: 'https://example.com/ext/a/v1', params: { any: [null, 1] } },
            { uri: 'https://example.com/ext/a/v2', required: false },
            { uri: 'tag:example.com,2026:b', description: '' },
            ...(extended ? [{ uri: 'urn:example:for-you' }] : []),
            { uri: optionalExtensionUri },
          ],
        },
      }),
    },
  },
];
