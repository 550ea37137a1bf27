/**
 * The operations of A2A v1.0 and where each binding puts them (§5.3, `a2a.proto`).
 */

export type Binding = 'JSONRPC' | 'HTTP+JSON' | 'GRPC';

/** The bindings the protocol itself defines (`AgentInterface.protocol_binding` in `a2a.proto`). */
export const standardBindings: readonly Binding[] = ['JSONRPC', 'HTTP+JSON', 'GRPC'];

export type Operation =
  | 'SendMessage'
  | 'SendStreamingMessage'
  | 'GetTask'
  | 'ListTasks'
  | 'CancelTask'
  | 'SubscribeToTask'
  | 'CreateTaskPushNotificationConfig'
  | 'GetTaskPushNotificationConfig'
  | 'ListTaskPushNotificationConfigs'
  | 'DeleteTaskPushNotificationConfig'
  | 'GetExtendedAgentCard';

export type StreamingOperation = 'SendStreamingMessage' | 'SubscribeToTask';
export type UnaryOperation = Exclude<Operation, StreamingOperation>;

/** One way of asking for an operation over HTTP+JSON. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the URL of the interface; fields of the request message in braces, by JSON name. */
  readonly path: string;
}

export interface OperationDefinition {
  readonly name: Operation;
  /** Section of the operation in the pinned text. */
  readonly section: string;
  readonly streaming: boolean;
  /** The same string is the JSON-RPC method and the gRPC method (§9.1, §5.3). */
  readonly method: string;
  /** The AgentCard capability without which the operation must be refused (§3.3.4). */
  readonly capability: 'streaming' | 'pushNotifications' | 'extendedAgentCard' | null;
  /** Where HTTP+JSON puts it (§5.3, §11.3, `google.api.http` of the proto); two where these contradict, the table's first. */
  readonly routes: readonly [HttpRoute, ...HttpRoute[]];
}

/** `GET /tasks/{id}` */
type RouteText = `${HttpRoute['method']} /${string}`;

const route = (text: RouteText): HttpRoute => {
  const [method, path] = text.split(' ') as [HttpRoute['method'], string];
  return { method, path };
};

const define = (
  name: Operation,
  section: string,
  routes: readonly [RouteText, ...RouteText[]],
  capability: OperationDefinition['capability'] = null,
  streaming = false,
): OperationDefinition => {
  const [first, ...others] = routes;
  return { name, section, streaming, method: name, capability, routes: [route(first), ...others.map(route)] };
};

const configs = '/tasks/{taskId}/pushNotificationConfigs';

export const operations: Readonly<Record<Operation, OperationDefinition>> = {
  SendMessage: define('SendMessage', '§3.1.1', ['POST /message:send']),
  SendStreamingMessage: define('SendStreamingMessage', '§3.1.2', ['POST /message:stream'], 'streaming', true),
  GetTask: define('GetTask', '§3.1.3', ['GET /tasks/{id}']),
  ListTasks: define('ListTasks', '§3.1.4', ['GET /tasks']),
  CancelTask: define('CancelTask', '§3.1.5', ['POST /tasks/{id}:cancel']),
  SubscribeToTask: define(
    'SubscribeToTask',
    '§3.1.6',
    ['POST /tasks/{id}:subscribe', 'GET /tasks/{id}:subscribe'],
    'streaming',
    true,
  ),
  CreateTaskPushNotificationConfig: define(
    'CreateTaskPushNotificationConfig',
    '§3.1.7',
    [`POST ${configs}`],
    'pushNotifications',
  ),
  GetTaskPushNotificationConfig: define(
    'GetTaskPushNotificationConfig',
    '§3.1.8',
    [`GET ${configs}/{id}`],
    'pushNotifications',
  ),
  ListTaskPushNotificationConfigs: define(
    'ListTaskPushNotificationConfigs',
    '§3.1.9',
    [`GET ${configs}`],
    'pushNotifications',
  ),
  DeleteTaskPushNotificationConfig: define(
    'DeleteTaskPushNotificationConfig',
    '§3.1.10',
    [`DELETE ${configs}/{id}`],
    'pushNotifications',
  ),
  GetExtendedAgentCard: define('GetExtendedAgentCard', '§3.1.11', ['GET /extendedAgentCard'], 'extendedAgentCard'),
};

export const isStreaming = (operation: Operation): operation is StreamingOperation => operations[operation].streaming;
