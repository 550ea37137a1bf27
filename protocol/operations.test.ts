import { expect, test } from 'vitest';
import { operations } from './operations.ts';

/** §5.3, §11.3 and the `google.api.http` annotations of a2a.proto, written down once more; SubscribeToTask is GET in the proto. */
test('the routes are those of the table', () => {
  const routes = Object.values(operations).map(({ name, routes: of }) => [
    name,
    ...of.map(({ method, path }) => `${method} ${path}`),
  ]);
  expect(routes).toEqual([
    ['SendMessage', 'POST /message:send'],
    ['SendStreamingMessage', 'POST /message:stream'],
    ['GetTask', 'GET /tasks/{id}'],
    ['ListTasks', 'GET /tasks'],
    ['CancelTask', 'POST /tasks/{id}:cancel'],
    ['SubscribeToTask', 'POST /tasks/{id}:subscribe', 'GET /tasks/{id}:subscribe'],
    ['CreateTaskPushNotificationConfig', 'POST /tasks/{taskId}/pushNotificationConfigs'],
    ['GetTaskPushNotificationConfig', 'GET /tasks/{taskId}/pushNotificationConfigs/{id}'],
    ['ListTaskPushNotificationConfigs', 'GET /tasks/{taskId}/pushNotificationConfigs'],
    ['DeleteTaskPushNotificationConfig', 'DELETE /tasks/{taskId}/pushNotificationConfigs/{id}'],
    ['GetExtendedAgentCard', 'GET /extendedAgentCard'],
  ]);
});

test('every field of a path is a required field of the request', () => {
  const fields = Object.values(operations).flatMap(({ routes }) =>
    routes.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)),
  );
  expect(new Set(fields)).toEqual(new Set(['id', 'taskId']));
});
