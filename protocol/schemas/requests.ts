import {
  bool,
  defineMessage,
  int32,
  message as messageField,
  repeated,
  required,
  string,
  struct,
  timestamp,
  type Blame,
} from './define.ts';
import { taskPushNotificationConfig } from './push.ts';
import { message, taskState } from './task.ts';

/** Requests are the harness's own: a problem in them blames no row of the agent. */
const harness: Blame = () => null;

export const sendMessageConfiguration = defineMessage('SendMessageConfiguration', harness, {
  acceptedOutputModes: repeated(string),
  taskPushNotificationConfig: messageField(taskPushNotificationConfig),
  historyLength: int32,
  returnImmediately: bool,
});

export const sendMessageRequest = defineMessage('SendMessageRequest', harness, {
  tenant: string,
  message: required(messageField(message)),
  configuration: messageField(sendMessageConfiguration),
  metadata: struct,
});

export const getTaskRequest = defineMessage('GetTaskRequest', harness, {
  tenant: string,
  id: required(string),
  historyLength: int32,
});

export const listTasksRequest = defineMessage('ListTasksRequest', harness, {
  tenant: string,
  contextId: string,
  status: taskState,
  pageSize: int32,
  pageToken: string,
  historyLength: int32,
  statusTimestampAfter: timestamp,
  includeArtifacts: bool,
});

export const cancelTaskRequest = defineMessage('CancelTaskRequest', harness, {
  tenant: string,
  id: required(string),
  metadata: struct,
});

export const subscribeToTaskRequest = defineMessage('SubscribeToTaskRequest', harness, {
  tenant: string,
  id: required(string),
});

const configOfTask = { tenant: string, taskId: required(string), id: required(string) };

export const getTaskPushNotificationConfigRequest = defineMessage(
  'GetTaskPushNotificationConfigRequest',
  harness,
  configOfTask,
);

export const deleteTaskPushNotificationConfigRequest = defineMessage(
  'DeleteTaskPushNotificationConfigRequest',
  harness,
  configOfTask,
);

export const listTaskPushNotificationConfigsRequest = defineMessage('ListTaskPushNotificationConfigsRequest', harness, {
  tenant: string,
  taskId: required(string),
  pageSize: int32,
  pageToken: string,
});

export const getExtendedAgentCardRequest = defineMessage('GetExtendedAgentCardRequest', harness, { tenant: string });
