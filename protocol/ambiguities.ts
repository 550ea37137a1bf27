/**
 * Where the pinned text contradicts itself or leaves more than one reading: every reading is accepted, and the report
 * names them. Rows point here by `ambiguity`.
 */
export interface Ambiguity {
  readonly id: string;
  readonly sections: string;
  readonly readings: readonly [string, string, ...string[]];
  /** What judges do with it. */
  readonly handling: string;
}

const ambiguity = (id: string, sections: string, readings: Ambiguity['readings'], handling: string): Ambiguity => ({
  id,
  sections,
  readings,
  handling,
});

export const ambiguities: readonly Ambiguity[] = [
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
    'error-data-shape',
    '§9.5 of v1.0.0 and v1.0.1',
    [
      'v1.0.1: error.data is an array of objects, each with @type',
      'v1.0.0: the example of a standard JSON-RPC error carries a plain object in error.data',
    ],
    'An object as data of one of the five JSON-RPC errors is a warn.',
  ),
  ambiguity(
    'error-info-level',
    '§9.5 of v1.0.0 and v1.0.1',
    ['v1.0.0: A2A errors on JSON-RPC MUST include ErrorInfo', 'v1.0.1: SHOULD use well-known types such as ErrorInfo'],
    'Absence is a warn: a patch is invisible on the wire (§3.6).',
  ),
  ambiguity(
    'agent-message-context',
    'a2a.proto Message, §3.4.1',
    [
      'proto comment: for server messages, context_id must be provided',
      '§3.4.1: agents MAY generate a contextId, and only a generated one MUST be included; the field is not marked REQUIRED',
    ],
    'Absence is a warn.',
  ),
  ambiguity(
    'immediate-or-blocking',
    '§3.1.1, §3.2.2',
    ['§3.1.1: the operation MUST return immediately', '§3.2.2: blocking MUST wait for a terminal or interrupted state'],
    'Judged by §3.2.2, which is the more specific text; a direct Message is not affected.',
  ),
  ambiguity(
    'auth-required-message',
    '§7.6.1',
    ['a status message MUST explain the required authorization', 'unless negotiated out-of-band or by an extension'],
    'Absence is a warn: a negotiation cannot be seen.',
  ),
  ambiguity(
    'results-in-artifacts',
    '§3.1.1, §3.7',
    ['§3.7: messages SHOULD NOT deliver task outputs', '§3.1.1: a direct Message may answer simple interactions'],
    'Only a task that completes without any artifact but with a status message is named.',
  ),
  ambiguity(
    'cancel-reply-state',
    '§3.1.5',
    ['output: updated task with cancellation status', 'the server attempts to cancel, success is not guaranteed'],
    'A reply in another state is accepted while the task may still become canceled.',
  ),
  ambiguity(
    'final-snapshot',
    '§3.1.2, §11.7',
    [
      '§3.1.2: after the Task only update events follow',
      '§11.7: the final Task may be sent again before the stream closes',
    ],
    'A last Task of the same terminal state is accepted on every binding.',
  ),
  ambiguity(
    'stream-contents',
    '§3.1.2, §3.5.2',
    [
      '§3.1.2: a stream MAY include updates, which ones is the agent’s choice',
      '§3.5.2: events MUST be broadcast to all active streams',
    ],
    'A stream without the terminal state is a warn.',
  ),
  ambiguity(
    'disconnect',
    '§3.5.2',
    [
      'the task lifecycle is independent of any individual stream’s lifecycle',
      'said of several streams only, without a keyword',
    ],
    'A task canceled by its last stream’s disconnect is a warn.',
  ),
  ambiguity(
    'invalid-params-code',
    '§9.5, JSON-RPC 2.0 §5.1',
    [
      '-32602 is for invalid method parameters',
      '-32600 has the standard message "Request payload validation error" in the table of §9.5',
    ],
    '-32600 for wrong parameters is a warn.',
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
    'version-patch',
    '§3.6, §14.2.1',
    ['§3.6: patch numbers MUST not be considered', '§14.2.1: the value MUST be Major.Minor, so 1.0.1 is malformed'],
    'Both serving and VersionNotSupportedError are accepted.',
  ),
];
