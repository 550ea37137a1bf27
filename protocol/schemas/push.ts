import { dataModel, defineMessage, message, required, string } from './define.ts';

export const authenticationInfo = defineMessage('AuthenticationInfo', dataModel('push/config-object'), {
  scheme: required(string),
  credentials: string,
});

export const taskPushNotificationConfig = defineMessage('TaskPushNotificationConfig', dataModel('push/config-object'), {
  tenant: string,
  id: string,
  taskId: string,
  url: required(string),
  token: string,
  authentication: message(authenticationInfo),
});
