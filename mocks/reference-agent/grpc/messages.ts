import type { OperationName } from '../types.ts';
import { roles, taskStates } from '../types.ts';

/** The messages of `a2a.proto` (package `lf.a2a.v1`) and of `google.rpc`: names, numbers and types, nothing else. */

export type Scalar = 'string' | 'bytes' | 'bool' | 'int32';
/** Messages whose ProtoJSON is not an object of their fields (https://protobuf.dev/programming-guides/json). */
export type WellKnown = 'Struct' | 'Value' | 'Timestamp' | 'Any';

export interface MessageField {
  readonly number: number;
  readonly type: Scalar | WellKnown | MessageShape | EnumShape;
  /** `map` has string keys. */
  readonly label?: 'repeated' | 'map';
  /** Set or not set, even to the default value: `optional`, or in a oneof. Messages have that in any case. */
  readonly presence?: true;
  /** Members of the same oneof exclude each other. */
  readonly oneof?: string;
}

export interface MessageShape {
  readonly name: string;
  /** By their JSON names. A function, since messages name each other. */
  readonly fields: () => Readonly<Record<string, MessageField>>;
}

export interface EnumShape {
  readonly enum: string;
  /** The number of each is its place. */
  readonly values: readonly string[];
}

type Type = MessageField['type'];

const one = (number: number, type: Type = 'string'): MessageField => ({ number, type });
const many = (number: number, type: Type = 'string'): MessageField => ({ number, type, label: 'repeated' });
const map = (number: number, type: Type = 'string'): MessageField => ({ number, type, label: 'map' });
const optional = (number: number, type: Type): MessageField => ({ number, type, presence: true });
const choice = (oneof: string, number: number, type: Type = 'string'): MessageField => ({
  number,
  type,
  presence: true,
  oneof,
});
const shape = (name: string, fields: MessageShape['fields']): MessageShape => ({ name, fields });

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

const stringList = shape('StringList', () => ({ list: many(1) }));
const requirement = shape('SecurityRequirement', () => ({ schemes: map(1, stringList) }));

const authorizationCode = shape('AuthorizationCodeOAuthFlow', () => ({
  authorizationUrl: one(1),
  tokenUrl: one(2),
  refreshUrl: one(3),
  scopes: map(4),
  pkceRequired: one(5, 'bool'),
}));
const clientCredentials = shape('ClientCredentialsOAuthFlow', () => ({
  tokenUrl: one(1),
  refreshUrl: one(2),
  scopes: map(3),
}));
const implicit = shape('ImplicitOAuthFlow', () => ({ authorizationUrl: one(1), refreshUrl: one(2), scopes: map(3) }));
const password = shape('PasswordOAuthFlow', () => ({ tokenUrl: one(1), refreshUrl: one(2), scopes: map(3) }));
const deviceCode = shape('DeviceCodeOAuthFlow', () => ({
  deviceAuthorizationUrl: one(1),
  tokenUrl: one(2),
  refreshUrl: one(3),
  scopes: map(4),
}));
const flows = shape('OAuthFlows', () => ({
  authorizationCode: choice('flow', 1, authorizationCode),
  clientCredentials: choice('flow', 2, clientCredentials),
  implicit: choice('flow', 3, implicit),
  password: choice('flow', 4, password),
  deviceCode: choice('flow', 5, deviceCode),
}));

const apiKey = shape('APIKeySecurityScheme', () => ({ description: one(1), location: one(2), name: one(3) }));
const httpAuth = shape('HTTPAuthSecurityScheme', () => ({ description: one(1), scheme: one(2), bearerFormat: one(3) }));
const oauth2 = shape('OAuth2SecurityScheme', () => ({
  description: one(1),
  flows: one(2, flows),
  oauth2MetadataUrl: one(3),
}));
const openId = shape('OpenIdConnectSecurityScheme', () => ({ description: one(1), openIdConnectUrl: one(2) }));
const mutualTls = shape('MutualTlsSecurityScheme', () => ({ description: one(1) }));
const securityScheme = shape('SecurityScheme', () => ({
  apiKeySecurityScheme: choice('scheme', 1, apiKey),
  httpAuthSecurityScheme: choice('scheme', 2, httpAuth),
  oauth2SecurityScheme: choice('scheme', 3, oauth2),
  openIdConnectSecurityScheme: choice('scheme', 4, openId),
  mtlsSecurityScheme: choice('scheme', 5, mutualTls),
}));

const agentInterface = shape('AgentInterface', () => ({
  url: one(1),
  protocolBinding: one(2),
  tenant: one(3),
  protocolVersion: one(4),
}));
const provider = shape('AgentProvider', () => ({ url: one(1), organization: one(2) }));
const extension = shape('AgentExtension', () => ({
  uri: one(1),
  description: one(2),
  required: one(3, 'bool'),
  params: one(4, 'Struct'),
}));
const agentCapabilities = shape('AgentCapabilities', () => ({
  streaming: optional(1, 'bool'),
  pushNotifications: optional(2, 'bool'),
  extensions: many(3, extension),
  extendedAgentCard: optional(4, 'bool'),
}));
const skill = shape('AgentSkill', () => ({
  id: one(1),
  name: one(2),
  description: one(3),
  tags: many(4),
  examples: many(5),
  inputModes: many(6),
  outputModes: many(7),
  securityRequirements: many(8, requirement),
}));
const signature = shape('AgentCardSignature', () => ({
  protected: one(1),
  signature: one(2),
  header: one(3, 'Struct'),
}));

const card = shape('AgentCard', () => ({
  name: one(1),
  description: one(2),
  supportedInterfaces: many(3, agentInterface),
  provider: one(4, provider),
  version: one(5),
  documentationUrl: optional(6, 'string'),
  capabilities: one(7, agentCapabilities),
  securitySchemes: map(8, securityScheme),
  securityRequirements: many(9, requirement),
  defaultInputModes: many(10),
  defaultOutputModes: many(11),
  skills: many(12, skill),
  signatures: many(13, signature),
  iconUrl: optional(14, 'string'),
}));

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
