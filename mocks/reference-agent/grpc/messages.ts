import type { OperationName } from '../types.ts';
import { roles, taskStates } from '../types.ts';
import { card } from './card-messages.ts';
import type { EnumShape, MessageShape } from './shapes.ts';
import { choice, many, map, one, optional, shape } from './shapes.ts';

/** The messages of `a2a.proto` (package `lf.a2a.v1`) and of `google.rpc`: names, numbers and types, nothing else. */

const taskState: EnumShape = { enum: 'TaskState', values: taskStates };
const role: EnumShape = { enum: 'Role', values: roles };

const part = shape('Part', () => ({
  text: choice('content', 1),
  raw: choice('content', 2, 'bytes'),
  url: choice('content', 3),
  data: choice('content', 4, 'Value'),
  metadata: one(5, 'Struct'),
  filename: one(6),
  mediaType: one(7),
}));

const message = shape('Message', () => ({
  messageId: one(1),
  contextId: one(2),
  taskId: one(3),
  role: one(4, role),
  parts: many(5, part),
  metadata: one(6, 'Struct'),
  extensions: many(7),
  referenceTaskIds: many(8),
}));

const artifact = shape('Artifact', () => ({
  artifactId: one(1),
  name: one(2),
  description: one(3),
  parts: many(4, part),
  metadata: one(5, 'Struct'),
  extensions: many(6),
}));

const taskStatus = shape('TaskStatus', () => ({
  state: one(1, taskState),
  message: one(2, message),
  timestamp: one(3, 'Timestamp'),
}));

const task = shape('Task', () => ({
  id: one(1),
  contextId: one(2),
  status: one(3, taskStatus),
  artifacts: many(4, artifact),
  history: many(5, message),
  metadata: one(6, 'Struct'),
}));

const statusUpdate = shape('TaskStatusUpdateEvent', () => ({
  taskId: one(1),
  contextId: one(2),
  status: one(3, taskStatus),
  metadata: one(4, 'Struct'),
}));

const artifactUpdate = shape('TaskArtifactUpdateEvent', () => ({
  taskId: one(1),
  contextId: one(2),
  artifact: one(3, artifact),
  append: one(4, 'bool'),
  lastChunk: one(5, 'bool'),
  metadata: one(6, 'Struct'),
}));

const authentication = shape('AuthenticationInfo', () => ({ scheme: one(1), credentials: one(2) }));

const pushConfig = shape('TaskPushNotificationConfig', () => ({
  tenant: one(1),
  id: one(2),
  taskId: one(3),
  url: one(4),
  token: one(5),
  authentication: one(6, authentication),
}));

const sendConfiguration = shape('SendMessageConfiguration', () => ({
  acceptedOutputModes: many(1),
  taskPushNotificationConfig: one(2, pushConfig),
  historyLength: optional(3, 'int32'),
  returnImmediately: one(4, 'bool'),
}));

const sendRequest = shape('SendMessageRequest', () => ({
  tenant: one(1),
  message: one(2, message),
  configuration: one(3, sendConfiguration),
  metadata: one(4, 'Struct'),
}));

const sendResponse = shape('SendMessageResponse', () => ({
  task: choice('payload', 1, task),
  message: choice('payload', 2, message),
}));

const streamResponse = shape('StreamResponse', () => ({
  task: choice('payload', 1, task),
  message: choice('payload', 2, message),
  statusUpdate: choice('payload', 3, statusUpdate),
  artifactUpdate: choice('payload', 4, artifactUpdate),
}));

const configRef = (name: string): MessageShape => shape(name, () => ({ tenant: one(1), taskId: one(2), id: one(3) }));

export interface MethodShape {
  readonly request: MessageShape;
  readonly response: MessageShape;
  /** Server streaming. */
  readonly stream?: true;
}

/** Where the methods are: `/<service>/<method>`. */
export const serviceName = 'lf.a2a.v1.A2AService';

export const methods: Readonly<Record<OperationName, MethodShape>> = {
  SendMessage: { request: sendRequest, response: sendResponse },
  SendStreamingMessage: { request: sendRequest, response: streamResponse, stream: true },
  GetTask: {
    request: shape('GetTaskRequest', () => ({ tenant: one(1), id: one(2), historyLength: optional(3, 'int32') })),
    response: task,
  },
  ListTasks: {
    request: shape('ListTasksRequest', () => ({
      tenant: one(1),
      contextId: one(2),
      status: one(3, taskState),
      pageSize: optional(4, 'int32'),
      pageToken: one(5),
      historyLength: optional(6, 'int32'),
      statusTimestampAfter: one(7, 'Timestamp'),
      includeArtifacts: optional(8, 'bool'),
    })),
    response: shape('ListTasksResponse', () => ({
      tasks: many(1, task),
      nextPageToken: one(2),
      pageSize: one(3, 'int32'),
      totalSize: one(4, 'int32'),
    })),
  },
  CancelTask: {
    request: shape('CancelTaskRequest', () => ({ tenant: one(1), id: one(2), metadata: one(3, 'Struct') })),
    response: task,
  },
  SubscribeToTask: {
    request: shape('SubscribeToTaskRequest', () => ({ tenant: one(1), id: one(2) })),
    response: streamResponse,
    stream: true,
  },
  CreateTaskPushNotificationConfig: { request: pushConfig, response: pushConfig },
  GetTaskPushNotificationConfig: { request: configRef('GetTaskPushNotificationConfigRequest'), response: pushConfig },
  ListTaskPushNotificationConfigs: {
    request: shape('ListTaskPushNotificationConfigsRequest', () => ({
      taskId: one(1),
      pageSize: one(2, 'int32'),
      pageToken: one(3),
      tenant: one(4),
    })),
    response: shape('ListTaskPushNotificationConfigsResponse', () => ({
      configs: many(1, pushConfig),
      nextPageToken: one(2),
    })),
  },
  DeleteTaskPushNotificationConfig: {
    request: configRef('DeleteTaskPushNotificationConfigRequest'),
    response: shape('google.protobuf.Empty', () => ({})),
  },
  GetExtendedAgentCard: {
    request: shape('GetExtendedAgentCardRequest', () => ({ tenant: one(1) })),
    response: card,
  },
};

/** What stands in `grpc-status-details-bin`. */
export const rpcStatus = shape('google.rpc.Status', () => ({
  code: one(1, 'int32'),
  message: one(2),
  details: many(3, 'Any'),
}));

const fieldViolation = shape('google.rpc.BadRequest.FieldViolation', () => ({ field: one(1), description: one(2) }));

/** The details that an error has here, by the `@type` of their ProtoJSON. */
export const detailTypes: Readonly<Record<string, MessageShape>> = Object.fromEntries(
  [
    shape('google.rpc.ErrorInfo', () => ({ reason: one(1), domain: one(2), metadata: map(3) })),
    shape('google.rpc.BadRequest', () => ({ fieldViolations: many(1, fieldViolation) })),
  ].map((detail) => [`type.googleapis.com/${detail.name}`, detail]),
);
