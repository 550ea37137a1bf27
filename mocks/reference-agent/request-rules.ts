import type { FieldViolation } from './errors.ts';
import type { Settings } from './settings.ts';
import type { ListTasksRequest, Message, OperationName, Part, SendMessageRequest } from './types.ts';
import type { WebhookGuard } from './webhook-guard.ts';

/**
 * What a request has to fulfil beyond the types of its fields. The request may be incomplete: what is missing or of the
 * wrong type has already been found.
 */

type Unchecked<T> = { readonly [K in keyof T]?: T[K] | undefined };

function historyLengthRule(length: number | undefined, field: string): FieldViolation[] {
  if (length === undefined || length >= 0) return [];
  return [{ field, description: `Must be non-negative integer, got ${length}` }];
}

function pageSizeRule(pageSize: number | undefined): FieldViolation[] {
  if (pageSize === undefined || (pageSize >= 1 && pageSize <= 100)) return [];
  return [{ field: 'pageSize', description: `Must be between 1 and 100 inclusive, got ${pageSize}` }];
}

function messageRules(message: Unchecked<Message>): FieldViolation[] {
  const found: FieldViolation[] = [];
  if (message.role === 'ROLE_AGENT') {
    found.push({ field: 'message.role', description: 'Messages from the client have ROLE_USER' });
  }
  // A part whose types are wrong leaves a hole in the list.
  for (const [index, part] of ((message.parts ?? []) as readonly (Part | undefined)[]).entries()) {
    if (part?.url !== undefined && !URL.canParse(part.url)) {
      found.push({ field: `message.parts[${index}].url`, description: 'Must be an absolute URL' });
    }
  }
  return found;
}

function sendRules(request: Unchecked<SendMessageRequest>, guard: WebhookGuard): FieldViolation[] {
  const { message, configuration } = request;
  const inline = configuration?.taskPushNotificationConfig;
  const path = 'configuration.taskPushNotificationConfig';
  return [
    ...(message ? messageRules(message) : []),
    ...historyLengthRule(configuration?.historyLength, 'configuration.historyLength'),
    ...(inline?.url === undefined ? [] : guard.violations(inline, path)),
    ...(inline?.taskId !== undefined && inline.taskId !== message?.taskId
      ? [{ field: `${path}.taskId`, description: 'Must be empty, or the task of the message' }]
      : []),
  ];
}

export function ruleViolations(
  operation: OperationName,
  request: object,
  settings: Settings,
  guard: WebhookGuard,
): readonly FieldViolation[] {
  const { tenant, historyLength, pageSize } = request as Unchecked<ListTasksRequest>;
  const found: FieldViolation[] = [];
  const strict = settings.tenants.length > 0 && settings.fault?.policy?.anyTenantTaken !== true;
  if (strict && !settings.tenants.includes(tenant ?? '')) {
    found.push({ field: 'tenant', description: 'Must be the tenant of the interface in the agent card' });
  }
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      found.push(...sendRules(request, guard));
      break;
    case 'GetTask':
      found.push(...historyLengthRule(historyLength, 'historyLength'));
      break;
    case 'ListTasks':
      found.push(...pageSizeRule(pageSize), ...historyLengthRule(historyLength, 'historyLength'));
      break;
    case 'CreateTaskPushNotificationConfig':
      if ('url' in request && typeof request.url === 'string') {
        found.push(...guard.violations({ ...request, url: request.url }, ''));
      }
      break;
    case 'ListTaskPushNotificationConfigs':
      if (pageSize !== undefined && pageSize < 0) {
        found.push({ field: 'pageSize', description: `Must not be negative, got ${pageSize}` });
      }
      break;
    case 'CancelTask':
    case 'SubscribeToTask':
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
    case 'GetExtendedAgentCard':
      break;
  }
  return found;
}
