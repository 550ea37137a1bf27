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

export interface OperationDefinition {
  readonly name: Operation;
  /** Section of the operation in the pinned text. */
  readonly section: string;
  readonly streaming: boolean;
  /** The same string is the JSON-RPC method and the gRPC method (§9.1, §5.3). */
  readonly method: string;
  /** The AgentCard capability without which the operation must be refused (§3.3.4). */
  readonly capability: 'streaming' | 'pushNotifications' | 'extendedAgentCard' | null;
}

const define = (
  name: Operation,
  section: string,
  capability: OperationDefinition['capability'] = null,
  streaming = false,
): OperationDefinition => ({ name, section, streaming, method: name, capability });

export const operations: Readonly<Record<Operation, OperationDefinition>> = {
  SendMessage: define('SendMessage', '§3.1.1'),
  SendStreamingMessage: define('SendStreamingMessage', '§3.1.2', 'streaming', true),
  GetTask: define('GetTask', '§3.1.3'),
  ListTasks: define('ListTasks', '§3.1.4'),
  CancelTask: define('CancelTask', '§3.1.5'),
  SubscribeToTask: define('SubscribeToTask', '§3.1.6', 'streaming', true),
  CreateTaskPushNotificationConfig: define('CreateTaskPushNotificationConfig', '§3.1.7', 'pushNotifications'),
  GetTaskPushNotificationConfig: define('GetTaskPushNotificationConfig', '§3.1.8', 'pushNotifications'),
  ListTaskPushNotificationConfigs: define('ListTaskPushNotificationConfigs', '§3.1.9', 'pushNotifications'),
  DeleteTaskPushNotificationConfig: define('DeleteTaskPushNotificationConfig', '§3.1.10', 'pushNotifications'),
  GetExtendedAgentCard: define('GetExtendedAgentCard', '§3.1.11', 'extendedAgentCard'),
};

export const isStreaming = (operation: Operation): operation is StreamingOperation => operations[operation].streaming;
