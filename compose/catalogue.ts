import type { Check } from '../core/engine/check.ts';
import { invariants as all } from '../core/invariants/all.ts';
import type { Invariant } from '../core/invariants/invariant.ts';
import { authentication as errorsAuthentication } from '../suites/checks/errors/authentication.ts';
import { contentType as errorsContentType } from '../suites/checks/errors/content-type.ts';
import { extendedCard as errorsExtendedCard } from '../suites/checks/errors/extended-card.ts';
import { extensions as errorsExtensions } from '../suites/checks/errors/extensions.ts';
import { jsonRpc as errorsJsonRpc } from '../suites/checks/errors/json-rpc.ts';
import { params as errorsParams } from '../suites/checks/errors/params.ts';
import { pushUndeclared as errorsPushUndeclared } from '../suites/checks/errors/push-undeclared.ts';
import { streamingUndeclared as errorsStreamingUndeclared } from '../suites/checks/errors/streaming-undeclared.ts';
import { terminalTask as errorsTerminalTask } from '../suites/checks/errors/terminal-task.ts';
import { unknownTask as errorsUnknownTask } from '../suites/checks/errors/unknown-task.ts';
import { versions as errorsVersions } from '../suites/checks/errors/versions.ts';
import { badInput as robustnessBadInput } from '../suites/checks/robustness/bad-input.ts';
import { blocking as sendBlocking } from '../suites/checks/send/blocking.ts';
import { authRequired as streamingAuthRequired } from '../suites/checks/streaming/auth-required.ts';
import { chunks as streamingChunks } from '../suites/checks/streaming/chunks.ts';
import { concurrentStreams as streamingConcurrentStreams } from '../suites/checks/streaming/concurrent-streams.ts';
import { disconnect as streamingDisconnect } from '../suites/checks/streaming/disconnect.ts';
import { lifecycle as streamingLifecycle } from '../suites/checks/streaming/lifecycle.ts';
import { messageStream as streamingMessage } from '../suites/checks/streaming/message.ts';
import { subscribeInterrupted as streamingSubscribeInterrupted } from '../suites/checks/streaming/subscribe-interrupted.ts';
import { subscribe as streamingSubscribe } from '../suites/checks/streaming/subscribe.ts';

/** Every check, by area; `catalogue.test.ts` holds the list complete. */
export const checks: readonly Check[] = [
  errorsAuthentication as Check,
  errorsContentType as Check,
  errorsExtendedCard as Check,
  errorsExtensions as Check,
  errorsJsonRpc as Check,
  errorsParams as Check,
  errorsPushUndeclared as Check,
  errorsStreamingUndeclared as Check,
  errorsTerminalTask as Check,
  errorsUnknownTask as Check,
  errorsVersions as Check,
  robustnessBadInput as Check,
  sendBlocking as Check,
  streamingAuthRequired as Check,
  streamingChunks as Check,
  streamingConcurrentStreams as Check,
  streamingDisconnect as Check,
  streamingLifecycle as Check,
  streamingMessage as Check,
  streamingSubscribeInterrupted as Check,
  streamingSubscribe as Check,
];

export const invariants: readonly Invariant[] = all;

export { rows } from '../protocol/requirements/rows.ts';

/** Ids of the checks and invariants that measure a row. */
export const measuredBy = (row: string): readonly string[] =>
  [...checks, ...invariants].filter(({ requirements }) => requirements.includes(row)).map(({ id }) => id);
