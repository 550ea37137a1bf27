import type { Field, MessageType } from './proto-json.ts';
import type { OperationName } from './types.ts';
import { roles, taskStates } from './types.ts';

/** Descriptions of the request messages of `a2a.proto`, one for each operation. */

const string: Field = { kind: 'string' };
const requiredString: Field = { kind: 'string', required: true };
const strings: Field = { kind: 'string', repeated: true };
const bool: Field = { kind: 'bool' };
const int32: Field = { kind: 'int32' };
const struct: Field = { kind: 'struct' };

const part: MessageType = {
  name: 'Part',
  oneof: ['text', 'raw', 'url', 'data'],
  fields: {
    text: string,
    raw: { kind: 'bytes' },
    url: string,
    data: { kind: 'value' },
    metadata: struct,
    filename: string,
    mediaType: string,
  },
};

const message: MessageType = {
  name: 'Message',
  fields: {
    messageId: requiredString,
    contextId: string,
    taskId: string,
    role: { kind: 'enum', values: roles, required: true },
    parts: { kind: 'message', message: () => part, repeated: true, required: true },
    metadata: struct,
    extensions: strings,
    referenceTaskIds: strings,
  },
};

const authenticationInfo: MessageType = {
  name: 'AuthenticationInfo',
  fields: { scheme: requiredString, credentials: string },
};

const pushConfig: MessageType = {
  name: 'TaskPushNotificationConfig',
  fields: {
    tenant: string,
    id: string,
    taskId: string,
    url: requiredString,
    token: string,
    authentication: { kind: 'message', message: () => authenticationInfo },
  },
};

const sendConfiguration: MessageType = {
  name: 'SendMessageConfiguration',
  fields: {
    acceptedOutputModes: strings,
    taskPushNotificationConfig: { kind: 'message', message: () => pushConfig },
    historyLength: int32,
    returnImmediately: bool,
  },
};

const sendMessage: MessageType = {
  name: 'SendMessageRequest',
  fields: {
    tenant: string,
    message: { kind: 'message', message: () => message, required: true },
    configuration: { kind: 'message', message: () => sendConfiguration },
    metadata: struct,
  },
};

const pushConfigRef = (name: string): MessageType => ({
  name,
  fields: { tenant: string, taskId: requiredString, id: requiredString },
});

export const requestTypes: Readonly<Record<OperationName, MessageType>> = {
  SendMessage: sendMessage,
  SendStreamingMessage: sendMessage,
  GetTask: { name: 'GetTaskRequest', fields: { tenant: string, id: requiredString, historyLength: int32 } },
  ListTasks: {
    name: 'ListTasksRequest',
    fields: {
      tenant: string,
      contextId: string,
      status: { kind: 'enum', values: taskStates },
      pageSize: int32,
      pageToken: string,
      historyLength: int32,
      statusTimestampAfter: { kind: 'timestamp' },
      includeArtifacts: bool,
    },
  },
  CancelTask: { name: 'CancelTaskRequest', fields: { tenant: string, id: requiredString, metadata: struct } },
  SubscribeToTask: { name: 'SubscribeToTaskRequest', fields: { tenant: string, id: requiredString } },
  CreateTaskPushNotificationConfig: {
    name: 'TaskPushNotificationConfig',
    // The proto leaves task_id optional because of the inline use in a send; here it names the task.
    fields: { ...pushConfig.fields, taskId: requiredString },
  },
  GetTaskPushNotificationConfig: pushConfigRef('GetTaskPushNotificationConfigRequest'),
  DeleteTaskPushNotificationConfig: pushConfigRef('DeleteTaskPushNotificationConfigRequest'),
  ListTaskPushNotificationConfigs: {
    name: 'ListTaskPushNotificationConfigsRequest',
    fields: { tenant: string, taskId: requiredString, pageSize: int32, pageToken: string },
  },
  GetExtendedAgentCard: { name: 'GetExtendedAgentCardRequest', fields: { tenant: string } },
};
