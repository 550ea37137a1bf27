import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** What the text leaves open about values and their form (§4, §5.5 to §5.7). */
export const dataAmbiguities: readonly Ambiguity[] = [
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
    'results-in-artifacts',
    '§3.1.1, §3.7',
    ['§3.7: messages SHOULD NOT deliver task outputs', '§3.1.1: a direct Message may answer simple interactions'],
    'Only a task that completes without any artifact but with a status message is named.',
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
    'text-kept',
    'a2a.proto Task.history, Part.text, §3.7',
    [
      'the history holds the messages, and a text is a string of characters, of whatever plane and form',
      '§3.7: what is kept of messages is for the agent to say, so that it may clean their text',
    ],
    'A text that is changed is a warn, which names the place.',
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
];
