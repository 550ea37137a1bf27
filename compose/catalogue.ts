import type { Check } from '../core/engine/check.ts';
import { invariants as all } from '../core/invariants/all.ts';
import type { Invariant } from '../core/invariants/invariant.ts';
import { available as agentCardAvailable } from '../suites/checks/agent-card/available.ts';
import { caching as agentCardCaching } from '../suites/checks/agent-card/caching.ts';
import { extendedCard as agentCardExtended } from '../suites/checks/agent-card/extended-card.ts';
import { interfacesAnswer as agentCardInterfacesAnswer } from '../suites/checks/agent-card/interfaces-answer.ts';
import { interfacesDeclared as agentCardInterfacesDeclared } from '../suites/checks/agent-card/interfaces-declared.ts';
import { securityRequirements as agentCardSecurityRequirements } from '../suites/checks/agent-card/security-requirements.ts';
import { shape as agentCardShape } from '../suites/checks/agent-card/shape.ts';
import { signatures as agentCardSignatures } from '../suites/checks/agent-card/signatures.ts';
import { skillsAndModes as agentCardSkillsAndModes } from '../suites/checks/agent-card/skills-and-modes.ts';
import { cancelConcurrently as cancelConcurrent } from '../suites/checks/cancel/concurrent.ts';
import { cancelEndedTask } from '../suites/checks/cancel/ended-task.ts';
import { cancelFinal } from '../suites/checks/cancel/final.ts';
import { cancelLiveTask } from '../suites/checks/cancel/live-task.ts';
import { cancelMetadata } from '../suites/checks/cancel/metadata.ts';
import { ids as envelopeIds } from '../suites/checks/envelope/ids.ts';
import { parameterCase as envelopeParameterCase } from '../suites/checks/envelope/parameter-case.ts';
import { paramsOmitted } from '../suites/checks/envelope/params-omitted.ts';
import { textKept } from '../suites/checks/envelope/text-kept.ts';
import { unknownFields as envelopeUnknownFields } from '../suites/checks/envelope/unknown-fields.ts';
import { utf8 as envelopeUtf8 } from '../suites/checks/envelope/utf-8.ts';
import { interfaces as equivalenceInterfaces } from '../suites/checks/equivalence/interfaces.ts';
import { liveTasks as equivalenceLiveTasks } from '../suites/checks/equivalence/live-tasks.ts';
import { pushConfigs as equivalencePushConfigs } from '../suites/checks/equivalence/push-configs.ts';
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
import { declaration as extensionsDeclaration } from '../suites/checks/extensions/declaration.ts';
import { list as extensionsList } from '../suites/checks/extensions/list.ts';
import { noFallback as extensionsNoFallback } from '../suites/checks/extensions/no-fallback.ts';
import { requiredOperations as extensionsRequiredOperations } from '../suites/checks/extensions/required-operations.ts';
import { endedTask as getEndedTask } from '../suites/checks/get/ended-task.ts';
import { getHistory } from '../suites/checks/get/history.ts';
import { liveTask as getLiveTask } from '../suites/checks/get/live-task.ts';
import { contents as listContents } from '../suites/checks/list/contents.ts';
import { cursor as listCursor } from '../suites/checks/list/cursor.ts';
import { equalTimes as listEqualTimes } from '../suites/checks/list/equal-times.ts';
import { everything as listEverything } from '../suites/checks/list/everything.ts';
import { filters as listFilters } from '../suites/checks/list/filters.ts';
import { pages as listPages } from '../suites/checks/list/pages.ts';
import { validation as listValidation } from '../suites/checks/list/validation.ts';
import { grpcErrorInfo } from '../suites/checks/grpc/error-info.ts';
import { grpcFraming } from '../suites/checks/grpc/framing.ts';
import { grpcMalformed } from '../suites/checks/grpc/malformed.ts';
import { errorInfo as httpJsonErrorInfo } from '../suites/checks/http-json/error-info.ts';
import { malformed as httpJsonMalformed } from '../suites/checks/http-json/malformed.ts';
import { parameterCase as httpJsonParameterCase } from '../suites/checks/http-json/parameter-case.ts';
import { query as httpJsonQuery } from '../suites/checks/http-json/query.ts';
import { routes as httpJsonRoutes } from '../suites/checks/http-json/routes.ts';
import { tenant as httpJsonTenant } from '../suites/checks/http-json/tenant.ts';
import { unknownPlaces as httpJsonUnknownPlaces } from '../suites/checks/http-json/unknown-places.ts';
import { afterDelete as pushAfterDelete } from '../suites/checks/push/after-delete.ts';
import { configs as pushConfigs } from '../suites/checks/push/configs.ts';
import { deletion as pushDeletion } from '../suites/checks/push/deletion.ts';
import { delivery as pushDelivery } from '../suites/checks/push/delivery.ts';
import { failingWebhook as pushFailingWebhook } from '../suites/checks/push/failing-webhook.ts';
import { headerInjection as pushHeaderInjection } from '../suites/checks/push/header-injection.ts';
import { inlineUndeclared as pushInlineUndeclared } from '../suites/checks/push/inline-undeclared.ts';
import { privateAddresses as pushPrivateAddresses } from '../suites/checks/push/private-addresses.ts';
import { unknown as pushUnknown } from '../suites/checks/push/unknown.ts';
import { validInput as robustnessValidInput } from '../suites/checks/robustness/valid-input.ts';
import { badInput as robustnessBadInput } from '../suites/checks/robustness/bad-input.ts';
import { burst as robustnessBurst } from '../suites/checks/robustness/burst.ts';
import { largeInput as robustnessLargeInput } from '../suites/checks/robustness/large-input.ts';
import { authentication as securityAuthentication } from '../suites/checks/security/authentication.ts';
import { extendedCardAccess as securityExtendedCard } from '../suites/checks/security/extended-card-access.ts';
import { isolation as securityIsolation } from '../suites/checks/security/isolation.ts';
import { otherTenant as securityOtherTenant } from '../suites/checks/security/other-tenant.ts';
import { tenants as securityTenants } from '../suites/checks/security/tenants.ts';
import { authorization as sendAuthRequired } from '../suites/checks/send/auth-required.ts';
import { blocking as sendBlocking } from '../suites/checks/send/blocking.ts';
import { contexts as sendContexts } from '../suites/checks/send/contexts.ts';
import { directMessage as sendDirectMessage } from '../suites/checks/send/direct-message.ts';
import { followUp as sendFollowUp } from '../suites/checks/send/follow-up.ts';
import { sendHistory } from '../suites/checks/send/history.ts';
import { immediateFollowUp as sendImmediateFollowUp } from '../suites/checks/send/immediate-follow-up.ts';
import { optionalFields as sendOptionalFields } from '../suites/checks/send/optional-fields.ts';
import { references as sendReferences } from '../suites/checks/send/references.ts';
import { processing as sendProcessing } from '../suites/checks/send/processing.ts';
import { returnImmediately as sendReturnImmediately } from '../suites/checks/send/return-immediately.ts';
import { authRequired as streamingAuthRequired } from '../suites/checks/streaming/auth-required.ts';
import { chunks as streamingChunks } from '../suites/checks/streaming/chunks.ts';
import { concurrentStreams as streamingConcurrentStreams } from '../suites/checks/streaming/concurrent-streams.ts';
import { disconnect as streamingDisconnect } from '../suites/checks/streaming/disconnect.ts';
import { largeEvent as streamingLargeEvent } from '../suites/checks/streaming/large-event.ts';
import { lifecycle as streamingLifecycle } from '../suites/checks/streaming/lifecycle.ts';
import { messageStream as streamingMessage } from '../suites/checks/streaming/message.ts';
import { subscribeInterrupted as streamingSubscribeInterrupted } from '../suites/checks/streaming/subscribe-interrupted.ts';
import { subscribe as streamingSubscribe } from '../suites/checks/streaming/subscribe.ts';

/** Every check, by area; `catalogue.test.ts` holds the list complete. */
export const checks: readonly Check[] = [
  agentCardAvailable as Check,
  agentCardCaching as Check,
  agentCardExtended as Check,
  agentCardInterfacesAnswer as Check,
  agentCardInterfacesDeclared as Check,
  agentCardSecurityRequirements as Check,
  agentCardShape as Check,
  agentCardSignatures as Check,
  agentCardSkillsAndModes as Check,
  cancelConcurrent as Check,
  cancelEndedTask as Check,
  cancelFinal as Check,
  cancelLiveTask as Check,
  cancelMetadata as Check,
  envelopeIds as Check,
  envelopeParameterCase as Check,
  paramsOmitted as Check,
  textKept as Check,
  envelopeUnknownFields as Check,
  envelopeUtf8 as Check,
  equivalenceInterfaces as Check,
  equivalenceLiveTasks as Check,
  equivalencePushConfigs as Check,
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
  extensionsDeclaration as Check,
  extensionsList as Check,
  extensionsNoFallback as Check,
  extensionsRequiredOperations as Check,
  getEndedTask as Check,
  getHistory as Check,
  getLiveTask as Check,
  listContents as Check,
  listCursor as Check,
  listEqualTimes as Check,
  listEverything as Check,
  listFilters as Check,
  listPages as Check,
  listValidation as Check,
  httpJsonErrorInfo as Check,
  httpJsonMalformed as Check,
  httpJsonParameterCase as Check,
  httpJsonQuery as Check,
  httpJsonRoutes as Check,
  httpJsonTenant as Check,
  grpcErrorInfo,
  grpcMalformed,
  httpJsonUnknownPlaces as Check,
  pushAfterDelete as Check,
  pushConfigs as Check,
  pushDeletion as Check,
  pushDelivery as Check,
  pushFailingWebhook as Check,
  pushHeaderInjection as Check,
  pushInlineUndeclared as Check,
  pushPrivateAddresses as Check,
  pushUnknown as Check,
  robustnessBadInput as Check,
  robustnessValidInput as Check,
  // After it: what an agent does not survive is found there.
  grpcFraming,
  robustnessBurst as Check,
  robustnessLargeInput as Check,
  sendAuthRequired as Check,
  sendBlocking as Check,
  sendContexts as Check,
  sendDirectMessage as Check,
  sendFollowUp as Check,
  sendHistory as Check,
  sendImmediateFollowUp as Check,
  sendOptionalFields as Check,
  sendProcessing as Check,
  sendReferences as Check,
  sendReturnImmediately as Check,
  streamingAuthRequired as Check,
  streamingChunks as Check,
  streamingConcurrentStreams as Check,
  streamingDisconnect as Check,
  streamingLargeEvent as Check,
  streamingLifecycle as Check,
  streamingMessage as Check,
  streamingSubscribeInterrupted as Check,
  streamingSubscribe as Check,
  securityExtendedCard as Check,
  securityIsolation as Check,
  securityOtherTenant as Check,
  securityTenants as Check,
  // Last of those that run alone: an agent may lock out whoever sends wrong credentials.
  securityAuthentication as Check,
];

export const invariants: readonly Invariant[] = all;

export { rows } from '../protocol/requirements/rows.ts';

/** Ids of the checks and invariants that measure a row. */
export const measuredBy = (row: string): readonly string[] =>
  [...checks, ...invariants].filter(({ requirements }) => requirements.includes(row)).map(({ id }) => id);
