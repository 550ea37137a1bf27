import type { OperationName } from './types.ts';

/** The paths of the HTTP+JSON binding (§5.3, §11.3; the `google.api.http` annotations of `a2a.proto`). */

type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', OperationName>>>;

/** What is in braces is one segment of the path and a field of the request. The first that matches decides. */
const resources: readonly { readonly template: string; readonly methods: Methods }[] = [
  { template: 'message:send', methods: { POST: 'SendMessage' } },
  { template: 'message:stream', methods: { POST: 'SendStreamingMessage' } },
  { template: 'extendedAgentCard', methods: { GET: 'GetExtendedAgentCard' } },
  { template: 'tasks', methods: { GET: 'ListTasks' } },
  { template: 'tasks/{id}:cancel', methods: { POST: 'CancelTask' } },
  // POST in the text, GET in the proto: both are answered.
  { template: 'tasks/{id}:subscribe', methods: { POST: 'SubscribeToTask', GET: 'SubscribeToTask' } },
  { template: 'tasks/{id}', methods: { GET: 'GetTask' } },
  {
    template: 'tasks/{taskId}/pushNotificationConfigs',
    methods: { POST: 'CreateTaskPushNotificationConfig', GET: 'ListTaskPushNotificationConfigs' },
  },
  {
    template: 'tasks/{taskId}/pushNotificationConfigs/{id}',
    methods: { GET: 'GetTaskPushNotificationConfig', DELETE: 'DeleteTaskPushNotificationConfig' },
  },
];

const patternOf = (template: string): RegExp => new RegExp(`^/${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

const patterns = ['', '{tenant}/'].flatMap((prefix) =>
  resources.map(({ template, methods }) => ({ pattern: patternOf(prefix + template), methods })),
);

export type Route =
  | {
      readonly kind: 'operation';
      readonly operation: OperationName;
      /** Fields of the request, still percent-encoded. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'wrong-method'; readonly allowed: string }
  | { readonly kind: 'nothing' };

/** HEAD is answered where GET is, but a stream has nothing to say without its body. */
const allowedOf = (methods: Methods): string =>
  Object.entries(methods)
    .flatMap(([method, operation]) => (method === 'GET' && operation !== 'SubscribeToTask' ? ['GET', 'HEAD'] : method))
    .join(', ');

/** Where a request leads; `path` is what follows the base of the interface. */
export function routeOf(method: string, path: string): Route {
  for (const { pattern, methods } of patterns) {
    const match = pattern.exec(path);
    if (!match) continue;
    const effective = method === 'HEAD' && methods.GET !== 'SubscribeToTask' ? 'GET' : method;
    const operation = Object.hasOwn(methods, effective) ? methods[effective as keyof Methods] : undefined;
    if (operation) return { kind: 'operation', operation, fields: { ...match.groups } };
    return { kind: 'wrong-method', allowed: allowedOf(methods) };
  }
  return { kind: 'nothing' };
}
