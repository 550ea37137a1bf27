import { cardAmbiguities } from './card-ambiguities.ts';
import { listAmbiguities } from './list-ambiguities.ts';
import { pushAmbiguities } from './push-ambiguities.ts';

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
    '§3.1.2, §3.3.2, §3.5.2, §11.7',
    [
      '§3.1.2: after the Task only update events follow, and the stream closes at the terminal state',
      '§11.7: the final Task may be sent again before the stream closes',
      '§3.5.2: all streams get the same events, so also the Task that begins the stream of a follow-up message',
      '§3.3.2: any operation may return an error, so also a stream that has begun',
    ],
    'A last Task of the same state is accepted on every binding; a Task of a follow-up, a repeated final status and an error are a warn.',
  ),
  ambiguity(
    'stream-contents',
    '§3.1.2, §3.5.2',
    [
      '§3.1.2: a stream MAY include updates, which ones is the agent’s choice',
      '§3.5.2: events MUST be broadcast to all active streams',
    ],
    'A stream without the terminal state is a warn, and a subscription without updates where other streams have none either.',
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
    'auth-required-stream',
    '§7.6.1, §11.7',
    [
      '§7.6.1: streams SHOULD be kept open where the credential comes out-of-band, which is the rule',
      '§11.7: a stream closes at a terminal or interrupted state; a credential may be negotiated in-band',
    ],
    'A stream that the agent closes at AUTH_REQUIRED is a warn.',
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
    'context-id-dropped',
    '§3.4.1, a2a.proto Task.context_id',
    [
      '§3.4.1: a client’s contextId is accepted and preserved, or the request is rejected',
      'Task.context_id is not REQUIRED: an agent without contexts may show none',
    ],
    'A task without any contextId after a client’s contextId is a warn; another contextId is a fail.',
  ),
  ambiguity(
    'context-reuse-refused',
    '§3.4.1, §3.4.3',
    [
      '§3.4.3: clients may use contextId without taskId to start a new task within an existing context',
      '§3.4.1: contexts may expire, and what an agent cannot accept it rejects',
    ],
    'A refusal of a contextId that the agent has just given out is a warn.',
  ),
  ambiguity(
    'mismatch-rejection',
    '§3.4.3, a2a.proto TaskState',
    [
      '§3.4.3: the message is rejected: by an error, as §3.4.1 says for contexts',
      'an answer that processes nothing (a Message, a task in TASK_STATE_REJECTED) rejects it too',
    ],
    'A Message or a rejected task is a warn; any other task is a fail.',
  ),
  ambiguity(
    'follow-up-refused',
    '§3.4.3, §3.3.3',
    [
      '§3.4.3: the client continues an interrupted task by a new message with its taskId',
      '§3.3.3: agents MAY accept additional messages for tasks in non-terminal states',
    ],
    'A refusal is a warn; TaskNotFoundError for a task that GetTask shows, or another task instead, is a fail.',
  ),
  ambiguity(
    'read-delay',
    '§3.1.3, a2a.proto A2AService.GetTask',
    [
      'the current, latest state is returned: what an answer has reported is there',
      'no consistency between operations is promised: a replica may lag for a moment',
    ],
    'A read that lags and then is right is a warn; one that stays wrong is a fail.',
  ),
  ambiguity(
    'cancel-failure',
    '§3.1.5, §3.3.2',
    [
      '§3.1.5: a task that cannot be canceled is answered with TaskNotCancelableError',
      '§3.3.2: an internal failure is a system error, and the success of a cancel is not guaranteed',
    ],
    'Another error than those of §3.1.5 is a warn; one that calls a good request malformed or a known task unknown is a fail.',
  ),
  ambiguity(
    'zero-values',
    '§5.7, a2a.proto',
    [
      '§5.7: a REQUIRED field MUST be present and set; "" and the zero value of an enum are how proto3 writes unset',
      'the field is in the JSON text; TASK_STATE_UNSPECIFIED is described as "unknown or indeterminate"',
    ],
    'An empty REQUIRED string or an UNSPECIFIED enum value that is written out is a warn; an absent field is violated.',
  ),
  ambiguity(
    'null-oneof-member',
    'a2a.proto Part.data, ProtoJSON',
    [
      'null is a value of google.protobuf.Value: "data": null beside another member sets two',
      'null stands for an absent field',
    ],
    'A Part with one set member and "data": null is a warn; "data": null alone is a content.',
  ),
  ambiguity(
    'timestamp-precision',
    '§5.6.1',
    [
      'millisecond precision SHOULD be used where available',
      'fractional seconds MAY be omitted when millisecond precision is not available',
    ],
    'A warn where no timestamp of the run has a fraction; one that has none may fall on a whole second.',
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
    'immediate-follow-up',
    '§3.2.2, a2a.proto SendMessageConfiguration.return_immediately',
    [
      'with returnImmediately the operation returns immediately, even if processing goes on',
      '"after creating the task": a further message creates none',
    ],
    'An answer that waits for the end of the work under way is a warn.',
  ),
  ambiguity(
    'text-kept',
    'a2a.proto Task.history, Part.text, §3.7',
    [
      'the history holds the messages, and a text is a string of characters, of whatever plane and form',
      '§3.7: what is kept of messages is for the agent to say, so that it may clean their text',
    ],
    'A text that is changed is a warn, which names the place.',
  ),
  ambiguity(
    'named-stream-events',
    '§9.4.2, SSE',
    [
      '§9.4.2 shows events without a name, each a JSON-RPC response',
      'an SSE event of another name is no message of the stream',
    ],
    'A named event is read like any other; one that holds no JSON-RPC response is a warn.',
  ),
  ambiguity(
    'history-of-task',
    'a2a.proto Task.history, TaskStatus.message, Message.task_id',
    [
      'history and status are of this task, so their messages are about this task',
      'a message keeps the task and context it was associated with wherever it is shown',
    ],
    'A message of the agent in history or status that names another task is a warn; this task in another context a fail.',
  ),
  ambiguity(
    'cancel-again',
    '§3.3.1, §3.3.2',
    [
      '§3.3.1: a duplicate cancel MAY return TaskNotFoundError if the task has been canceled and purged: only then',
      '§3.3.1: multiple cancellation requests have the same effect: the task stays canceled, whatever the answer',
    ],
    'TaskNotFoundError while GetTask shows the task, or an internal error, is a warn; any other error or state is a fail.',
  ),
  ambiguity(
    'task-id-form',
    '§3.3.2, §3.4.2',
    [
      '§3.4.2: an id that does not correspond to an existing task is TaskNotFoundError; §3.3.2: "it might be invalid"',
      '§3.3.2: "Invalid task ID format" is an example of a validation error (-32602)',
    ],
    'InvalidParamsError is a warn where the form of ids is the agent’s own, a fail for a UUID beside UUIDs.',
  ),
  ambiguity(
    'range-of-numbers',
    'JSON-RPC 2.0 §4, RFC 8259 §6',
    [
      'JSON-RPC 2.0 §4: an id may be a number, any number',
      'RFC 8259 §6: implementations may set limits on the range and precision of numbers',
    ],
    'A negative id, or one beyond 32 bits, that is refused as an invalid request is a warn.',
  ),
  ambiguity(
    'open-task-continued',
    '§3.1.1, §3.3.1, §3.4.2, §3.4.3',
    [
      '§3.4.2: each new task gets a unique id: two messages that name no task make two tasks',
      '§3.1.1: a message MAY create a task, and no section forbids to go on with one that is open',
      '§3.3.1: sending MAY be idempotent: a message that says the same as another may be answered with the task of that one',
    ],
    'A new task under the id of one that had ended is a fail; the ended task as it was, or one that may have been open, a warn.',
  ),
  ambiguity(
    'subscribe-method',
    '§5.3, §11.3.2, a2a.proto A2AService.SubscribeToTask',
    [
      '§5.3, §11.3.2: POST /tasks/{id}:subscribe',
      'a2a.proto: its google.api.http annotation is get: "/tasks/{id=*}:subscribe"',
    ],
    'Either method is accepted, and used where the other is not there; neither is a fail.',
  ),
  ambiguity(
    'tenant-place',
    'a2a.proto A2AService, §8.3.2, §11.3',
    [
      'a2a.proto: additional_bindings put the tenant before the path: /{tenant}/…',
      '§8.3.2: the tenant is a field of the request, and the paths of §11.3 have none: it is in the body or the query',
    ],
    'A server that knows only the field is a warn; one that knows neither is a fail.',
  ),
  ambiguity(
    'tenant-routing',
    'a2a.proto AgentInterface.tenant, §8.3.2',
    [
      'the tenant of a request must match that of the interface, and routes it to a tenant or agent',
      'what the value means is the server’s to say, so that ids of tasks may be known under every tenant',
    ],
    'A task that is reached under another tenant, or under none, is a warn; between tenants that the user keeps apart a fail.',
  ),
  ambiguity(
    'context-of-others',
    '§13.1, §3.4.1',
    [
      '§13.1: what a principal makes is its own, wherever it is made',
      '§13.1: boundaries are the agent’s own: whoever has begun a context may see what others send into it',
    ],
    'A task that one principal makes in a context of another, and the other sees, is a warn; any other task of another a fail.',
  ),
  ambiguity(
    'http-json-media-type',
    '§11.1 of v1.0.0 and v1.0.1',
    [
      'v1.0.1: application/a2a+json SHOULD be used for requests and responses',
      'v1.0.0: application/json for requests and responses',
    ],
    'application/json is a warn: a patch is invisible on the wire (§3.6).',
  ),
  ambiguity(
    'http-server-error',
    '§3.3.2',
    [
      '§3.3.2: all input parameters MUST be validated, and a validation error is 400',
      '§3.3.2: a status of 5xx is a system error of the server, whatever the request',
      'a filter with a value that no task has lists none',
    ],
    'A rejection with 5xx is a warn, and so is an empty page for a filter without a value; serving the request otherwise is a fail.',
  ),
  ambiguity(
    'problem-json',
    '§11.6, §6.4, §6.5',
    [
      '§11.6: HTTP error responses use google.rpc.Status, with ErrorInfo for the errors of A2A',
      '§6.4 and §6.5 show errors as application/problem+json (RFC 9457)',
    ],
    'An error in the form of the examples is a warn; any other body is a fail.',
  ),
  ambiguity(
    'status-code-number',
    '§11.6, google.rpc.Status',
    [
      '§11.6: the error code is mapped to the HTTP status and to error.code, and the example shows 404 in both',
      'google.rpc.Status.code is a value of google.rpc.Code',
    ],
    'A value of google.rpc.Code is a warn; any other number is a fail.',
  ),
  ambiguity(
    'error-in-stream',
    '§11.7, §3.3.2',
    [
      '§11.7: the data of an event is a StreamResponse',
      '§3.3.2: any operation may return an error, and a stream that has begun has no other place for it',
    ],
    'A google.rpc.Status in an event is accepted; anything else is a fail.',
  ),
  ambiguity(
    'cancel-unsupported',
    '§3.1.5, §3.3.2',
    [
      '§3.1.5: a task that has ended, or is unknown, has an error of its own',
      '§3.3.2: UnsupportedOperationError: the agent supports no CancelTask at all',
    ],
    'An agent that answers any CancelTask so gets a warn.',
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
  ambiguity(
    'lenient-json',
    '§9.5, RFC 8259 §9',
    [
      '§9.5: invalid JSON is JSONParseError (-32700)',
      'RFC 8259 §9: a parser MAY accept non-JSON forms or extensions, like member names without quotes',
    ],
    'Member names without quotes that were understood are a warn; a text that breaks off is not.',
  ),
  ambiguity(
    'stream-broken-off',
    '§3.5.2, §3.3.2, §3.1.2',
    [
      '§3.5.2: each stream MUST receive the same events, so none ends before the task does while others go on',
      '§3.5.2 speaks of active streams; only the end of the task MUST close one, and nothing forbids to end it earlier',
      '§3.3.2: any operation may return an error, so also a stream that has begun',
    ],
    'A stream that is ended early is compared up to there; what it misses after an error of the tables is a warn.',
  ),
  ...listAmbiguities,
  ...pushAmbiguities,
  ...cardAmbiguities,
];
