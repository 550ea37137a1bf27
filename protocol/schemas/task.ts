import { taskStates } from '../task-state.ts';
import {
  bytes,
  dataModel,
  defineMessage,
  enumeration,
  memberOf,
  message as messageField,
  repeated,
  required,
  string,
  struct,
  timestamp,
  value,
} from './define.ts';

export const taskState = enumeration({
  name: 'TaskState',
  values: taskStates,
  unspecified: 'TASK_STATE_UNSPECIFIED',
  row: 'schema/task-state',
});

export const role = enumeration({
  name: 'Role',
  values: ['ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT'],
  unspecified: 'ROLE_UNSPECIFIED',
  row: 'schema/message-role',
});

export const part = defineMessage(
  'Part',
  dataModel('schema/part', { 'oneof-none': 'schema/part-content' }),
  {
    text: memberOf('content', string),
    raw: memberOf('content', bytes),
    url: memberOf('content', string),
    data: memberOf('content', value),
    metadata: struct,
    filename: string,
    mediaType: string,
  },
  { content: { none: 'problem' } },
);

export const message = defineMessage('Message', dataModel('schema/message'), {
  messageId: required(string),
  contextId: string,
  taskId: string,
  role: required(role),
  parts: required(repeated(messageField(part))),
  metadata: struct,
  extensions: repeated(string),
  referenceTaskIds: repeated(string),
});

export const artifact = defineMessage('Artifact', dataModel('schema/artifact'), {
  artifactId: required(string),
  name: string,
  description: string,
  parts: required(repeated(messageField(part))),
  metadata: struct,
  extensions: repeated(string),
});

export const taskStatus = defineMessage('TaskStatus', dataModel('schema/task-status'), {
  state: required(taskState),
  message: messageField(message),
  timestamp,
});

export const task = defineMessage('Task', dataModel('schema/task'), {
  id: required(string),
  contextId: string,
  status: required(messageField(taskStatus)),
  artifacts: repeated(messageField(artifact)),
  history: repeated(messageField(message)),
  metadata: struct,
});
