import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** Where the text on Agent Cards leaves more than one reading. */
export const cardAmbiguities: readonly Ambiguity[] = [
  {
    id: 'card-canonical-form',
    sections: '§8.4.1, §8.4.2, §8.4.3, §5.7',
    readings: [
      '§8.4.1: members with default values are omitted, unless they are REQUIRED, or optional and explicitly set',
      '§8.4.2, §8.4.3: properties with default values are removed; §8.4.1: the JSON respects the presence of proto3, whose printers differ',
    ],
    handling:
      'A signature over another reading than that of §8.4.1 is a warn, and so is one that does not verify beside one that does; a signature over no reading is a fail.',
  },
  {
    id: 'card-key-set',
    sections: '§8.4.2, §8.4.3, RFC 7515 §4.1.2',
    readings: [
      'RFC 7515 §4.1.2: one of the keys behind jku is the one that was signed with',
      '§8.4.3: keys are rotated, clients may have a store of them, and a URL may be one of their network',
    ],
    handling:
      'A set without the key, and a place where nothing is, or a page for people, is a warn; what is no JWK Set is a fail.',
  },
  {
    id: 'extension-required-operations',
    sections: '§3.3.4, §3.3.2',
    readings: [
      '§3.3.4: where the client does not declare support for a required extension, the agent MUST return ExtensionSupportRequiredError',
      '§3.3.4, §3.3.2: when the server requests use of the extension: an operation that does not use it may be served',
    ],
    handling: 'Serving a message, plain or streamed, is a fail; serving another operation is a warn.',
  },
  {
    id: 'extended-card-public',
    sections: '§13.3, §3.1.11',
    readings: [
      '§13.3: GetExtendedAgentCard MUST require authentication, whatever it answers',
      '§13.3, §3.1.11: agents may return another card by who asks, and the public one is known to everybody',
    ],
    handling: 'The public card as the answer to a stranger is a warn; anything more than it a fail.',
  },
  {
    id: 'scheme-values',
    sections: '§5.7, a2a.proto SecurityScheme, ImplicitOAuthFlow, PasswordOAuthFlow, OAuth2SecurityScheme',
    readings: [
      'a scheme is of one of the five kinds; its URLs MUST be in the form of a URL, which is absolute, and those of metadata have TLS',
      '§5.7: a kind of a later version is ignored; RFC 3986 §4.1: a relative reference has the form of a URL; whether an agent is in production cannot be seen',
    ],
    handling:
      'A relative reference is a warn, metadata over plain http, and what is named like a kind of scheme and is none of the five; words in place of a URL are a fail, and a scheme of no kind.',
  },
  {
    id: 'custom-binding-name',
    sections: '§5.8 of v1.0.1, §12.7 of v1.0.0',
    readings: ['v1.0.1: a custom binding SHOULD be identified by a URI', 'v1.0.0: a clear, descriptive transport name'],
    handling: 'A name that is no URI is a warn, by either patch; a run that is held to v1.0.0 leaves the row out.',
  },
  ambiguity(
    'empty-required-arrays',
    '§5.7, §8.4.1, §3.1.4',
    [
      '§5.7: arrays marked as required MUST contain at least one element',
      '§8.4.1 shows a card with "skills": [] and calls it included; an empty page of ListTasks has no task',
    ],
    'An empty `skills` is a warn; other required arrays of the card are judged by §5.7.',
  ),
  ambiguity(
    'interface-url-in-production',
    'a2a.proto AgentInterface.url, §8.3.1',
    [
      'the URL must be a valid absolute HTTPS URL in production',
      'whether an agent is in production cannot be seen; a relative reference is resolved against where the card was retrieved (RFC 3986 §5.1.3)',
    ],
    'A relative reference, plain http after a card over https, and an address of the reader’s own machine are a warn.',
  ),
  ambiguity(
    'card-at-times',
    '§8.1, §14.3, §3.3.2',
    [
      '§14.3: the resource returns an AgentCard object, whenever it is asked',
      '§3.3.2: temporary unavailability is an error like others; one of several servers may be starting',
    ],
    'A card that is missing once and there again is a warn; one that is gone is a fail.',
  ),
];
