import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** What the text leaves open about errors, versions and requests that are wrong (§3.3.2, §3.6, §5.4, §9.5). */
export const errorAmbiguities: readonly Ambiguity[] = [
  ambiguity(
    'error-data-shape',
    '§9.5 of v1.0.0 and v1.0.1',
    [
      'v1.0.1: error.data is an array of objects, each with @type',
      'v1.0.0: the example of an error that is none of A2A’s own carries a plain object in error.data',
    ],
    'An object as data of another error than the nine of A2A is a warn.',
  ),
  ambiguity(
    'error-info-level',
    '§9.5 of v1.0.0 and v1.0.1',
    ['v1.0.0: A2A errors on JSON-RPC MUST include ErrorInfo', 'v1.0.1: SHOULD use well-known types such as ErrorInfo'],
    'Absence is a warn: a patch is invisible on the wire (§3.6).',
  ),
  ambiguity(
    'detail-types',
    '§9.5, §11.6 of v1.0.0 and v1.0.1',
    [
      'v1.0.1: well-known types such as google.rpc.BadRequest SHOULD be used',
      'v1.0.0: additional context MAY be included, of any type',
    ],
    'A type of the agent’s own is a warn, by either patch; a run that is held to v1.0.0 leaves the row out.',
  ),
  ambiguity(
    'invalid-params-code',
    '§9.5, §5.7, JSON-RPC 2.0 §5.1',
    [
      '-32602 is for invalid method parameters',
      '-32600 has the standard message "Request payload validation error" in the table of §9.5',
      '§5.7: what is not recognized is ignored: a string in the place of an object is one without known fields',
      'a oneof has one member; a parser may let the last one win',
    ],
    '-32600 for wrong parameters is a warn, and so are a string that was taken for an object, and a part of which one content was taken.',
  ),
  ambiguity(
    'missing-required-field',
    '§5.7, §3.3.2, §13.4',
    [
      '§3.3.2: servers MUST validate all input parameters',
      '§5.7: implementations SHOULD reject messages with missing required fields',
    ],
    'Accepting such a message is a warn.',
  ),
  ambiguity(
    'content-type-refusal',
    '§3.1.1, §3.3.2',
    ['an unsupported media type is answered with ContentTypeNotSupportedError', 'an agent may support any media type'],
    'Accepting is not graded; a refusal by another error is a warn, since its cause may be another.',
  ),
  ambiguity(
    'version-empty',
    '§3.6.1, §3.6.2',
    [
      'an empty version MUST be interpreted as 0.3, which a 1.0 interface refuses',
      'an interface may serve 0.3 without declaring it',
    ],
    'Any error that 0.3 explains is accepted; serving the 1.0 method is not.',
  ),
  ambiguity(
    'version-minor',
    '§3.6.2',
    [
      'a version is matched by Major.Minor: one that the interface does not support MUST be refused',
      'which versions it supports is the agent’s to say: it may take all minor versions of a major one for compatible',
    ],
    'Serving a minor version that there is not is a warn.',
  ),
  ambiguity(
    'version-by-interface',
    '§5.1, §3.6.2',
    [
      '§5.1: all interfaces of an agent have the same errors',
      '§3.6.2: a version is supported by an interface, and each may support others',
    ],
    'A version that one interface refuses and another serves is a warn; serving one that there is not has a row of its own.',
  ),
  ambiguity(
    'params-omitted',
    '§9.3, §9.4, JSON-RPC 2.0 §4',
    [
      'JSON-RPC 2.0 §4: params may be omitted',
      '§9.3, §9.4: requests are shown with params, but for GetExtendedAgentCard (§9.4.8)',
    ],
    'Refusing ListTasks without params is a warn, refusing GetExtendedAgentCard without them is not allowed.',
  ),
  ambiguity(
    'version-absent',
    '§3.6.1, §3.6.2',
    [
      '§3.6.1: clients of 0.3 send no header, and 0.3 is assumed for an empty one: none means 0.3',
      '§3.6.2 speaks of an empty value only: what an absent header means is left to the agent',
    ],
    'Serving the 1.0 method without a version is a warn.',
  ),
  ambiguity(
    'version-patch',
    '§3.6, §14.2.1',
    ['§3.6: patch numbers MUST not be considered', '§14.2.1: the value MUST be Major.Minor, so 1.0.1 is malformed'],
    'Both serving and VersionNotSupportedError are accepted.',
  ),
  ambiguity(
    'lenient-request',
    '§9.5, JSON-RPC 2.0 §3, §4',
    [
      '§9.5: JSON that is not a valid Request object is InvalidRequestError (-32600)',
      'JSON-RPC 2.0 §3: servers should consider to handle requests of JSON-RPC 1.0, which have no jsonrpc member',
    ],
    'Serving a request whose only fault is its jsonrpc member is a warn.',
  ),
  ambiguity(
    'extension-version-error',
    '§4.6.3, §3.3.2',
    [
      '§4.6.3: an error indicating unsupported extension, which the table has as ExtensionSupportRequiredError',
      '§4.6.3 names no error: any that speaks of the extension will do',
    ],
    'Another error than ExtensionSupportRequiredError is a warn; serving the request is a fail.',
  ),
  ambiguity(
    'slow-or-stuck',
    '§3.3.3, §3.2.2',
    [
      '§3.3.3: when a Task is returned, processing continues in the background',
      'no time is named: an agent that is busy is as silent as one that has forgotten the task',
    ],
    'A task that never moves, while its like end quickly, is a warn.',
  ),
  ambiguity(
    'optional-fields-refused',
    'a2a.proto SendMessageRequest, CancelTaskRequest, §3.3.2',
    [
      'a2a.proto: fields that any client may set, and that an agent need not use',
      '§3.3.2: all operations may return errors, and no section says that an agent has to take such a request',
    ],
    'A request that is called invalid for such a field is a fail, one that is refused in another way a warn.',
  ),
  ambiguity(
    'lenient-json',
    '§9.5, RFC 8259 §9',
    [
      '§9.5: invalid JSON is JSONParseError (-32700)',
      'RFC 8259 §9: a parser MAY accept non-JSON forms or extensions, like member names without quotes',
    ],
    'Member names without quotes that were understood are a warn; a text that breaks off is not.',
  ),
];
