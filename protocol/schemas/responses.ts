import {
  bool,
  dataModel,
  defineMessage,
  int32,
  memberOf,
  message as messageField,
  repeated,
  required,
  string,
  struct,
} from './define.ts';
import { taskPushNotificationConfig } from './push.ts';
import { artifact, message, task, taskStatus } from './task.ts';

export const taskStatusUpdateEvent = defineMessage('TaskStatusUpdateEvent', dataModel('schema/status-update'), {
  taskId: required(string),
  contextId: required(string),
  status: required(messageField(taskStatus)),
  metadata: struct,
});

export const taskArtifactUpdateEvent = defineMessage('TaskArtifactUpdateEvent', dataModel('schema/artifact-update'), {
  taskId: required(string),
  contextId: required(string),
  artifact: required(messageField(artifact)),
  append: bool,
  lastChunk: bool,
  metadata: struct,
});

export const sendMessageResponse = defineMessage(
  'SendMessageResponse',
  dataModel('schema/send-message-response'),
  {
    task: memberOf('payload', messageField(task)),
    message: memberOf('payload', messageField(message)),
  },
  { payload: { none: 'problem' } },
);

export const streamResponse = defineMessage(
  'StreamResponse',
  dataModel('schema/stream-response'),
  {
    task: memberOf('payload', messageField(task)),
    message: memberOf('payload', messageField(message)),
    statusUpdate: memberOf('payload', messageField(taskStatusUpdateEvent)),
    artifactUpdate: memberOf('payload', messageField(taskArtifactUpdateEvent)),
  },
  { payload: { none: 'problem' } },
);

export const listTasksResponse = defineMessage('ListTasksResponse', dataModel(null), {
  tasks: required(repeated(messageField(task)), { mayBeEmpty: true }),
  nextPageToken: required(string, { mayBeEmpty: true }),
  pageSize: required(int32),
  totalSize: required(int32),
});

export const listTaskPushNotificationConfigsResponse = defineMessage(
  'ListTaskPushNotificationConfigsResponse',
  dataModel('push/config-object'),
  { configs: repeated(messageField(taskPushNotificationConfig)), nextPageToken: string },
);
