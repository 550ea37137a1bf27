import { afterFailure } from './after-failure.ts';
import { messagesOfAgent } from './agent-messages.ts';
import { artifactIds } from './artifact-ids.ts';
import { dataModel } from './data-model.ts';
import { extensions } from './extensions.ts';
import { errorAnswers } from './error-answers.ts';
import { errorInternals } from './error-internals.ts';
import { grpcAnswers } from './grpc-answers.ts';
import { httpJsonAnswers } from './http-json-answers.ts';
import { httpJsonErrors } from './http-json-errors.ts';
import type { Invariant } from './invariant.ts';
import { jsonRpcEnvelope } from './json-rpc-envelope.ts';
import { jsonRpcErrorObjects } from './json-rpc-errors.ts';
import { jsonRpcTransport } from './json-rpc-transport.ts';
import { listContents } from './list-contents.ts';
import { listPages } from './list-pages.ts';
import { listResponse } from './list-response.ts';
import { notifications } from './notifications.ts';
import { ownHistory } from './own-history.ts';
import { pushConfigs } from './push-configs.ts';
import { representation } from './representation.ts';
import { returnedTasks } from './returned-tasks.ts';
import { streamPatterns } from './stream-patterns.ts';
import { taskContext } from './task-context.ts';
import { taskIds } from './task-ids.ts';
import { terminalState } from './terminal-state.ts';
import { text } from './text.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';

/** Every invariant; a test holds this list complete. */
export const invariants: readonly Invariant[] = [
  jsonRpcEnvelope,
  jsonRpcErrorObjects,
  errorAnswers,
  errorInternals,
  jsonRpcTransport,
  httpJsonAnswers,
  httpJsonErrors,
  grpcAnswers,
  text,
  streamPatterns,
  representation,
  dataModel,
  messagesOfAgent,
  artifactIds,
  extensions,
  afterFailure,
  taskContext,
  ownHistory,
  taskIds,
  terminalState,
  returnedTasks,
  listResponse,
  listContents,
  listPages,
  pushConfigs,
  webhookDeliveries,
  notifications,
];
