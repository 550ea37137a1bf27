import type { OperationName } from './types.ts';

/** Decisions that another agent takes differently, most of them wrongly; each flag is false in the clean agent. */
export interface Policy {
  /** A message to a task in a terminal state is accepted and answered with the task. */
  readonly acceptSendToTerminal?: boolean;
  /** Cancel of a task in a terminal state makes it CANCELED instead of failing. */
  readonly acceptCancelOfTerminal?: boolean;
  /** Cancel of a task in a terminal state answers success and leaves it as it is. */
  readonly ignoreCancelOfTerminal?: boolean;
  /** Cancel answers with the task but does not stop it: it later runs to its own end. */
  readonly cancelDoesNothing?: boolean;
  /** After a cancel the work goes on, and its end overwrites CANCELED. */
  readonly completionOverwritesCanceled?: boolean;
  /** A message with an unknown task id creates a task with that id. */
  readonly unknownTaskCreates?: boolean;
  /** A message with an unknown task id creates a task with a new id. */
  readonly unknownTaskIgnored?: boolean;
  /** A message whose contextId is not the task's is accepted. */
  readonly acceptContextMismatch?: boolean;
  /** A follow-up with only a taskId is answered under a new context. */
  readonly contextNotInferred?: boolean;
  /** A follow-up message starts another task instead of continuing the one it names. */
  readonly followUpStartsNewTask?: boolean;
  /** A message to a task at work starts a further run of the work, beside the one that goes on. */
  readonly everyMessageIsWork?: boolean;
  /** Blocking sends answer as soon as the task exists. */
  readonly blockingReturnsEarly?: boolean;
  /** Blocking sends go on waiting in an interrupted state. */
  readonly blockingIgnoresInterrupted?: boolean;
  /** `returnImmediately` waits like a blocking send. */
  readonly returnImmediatelyWaits?: boolean;
  /** Any `A2A-Version` is accepted. */
  readonly versionIgnored?: boolean;
  /** A missing or empty `A2A-Version` counts as 1.0. */
  readonly emptyVersionAccepted?: boolean;
  /** A version with a patch number is refused. */
  readonly patchVersionRefused?: boolean;
  /** The version in the query is not looked at. */
  readonly versionQueryIgnored?: boolean;
  /** Required extensions are not demanded. */
  readonly requiredExtensionIgnored?: boolean;
  /** Debatable: required extensions are demanded of messages alone (§3.3.4). */
  readonly requiredExtensionOfMessagesOnly?: boolean;
  /** The list of extensions is taken for a single one. */
  readonly extensionListUnsplit?: boolean;
  /** Another version of the optional extension counts as its own. */
  readonly extensionFallback?: boolean;
  /** Credentials are never looked at. */
  readonly authenticationIgnored?: boolean;
  /** Operations that are done for whoever has no valid credentials, as for the first principal. */
  readonly openOperations?: readonly OperationName[];
  /** What is asked without valid credentials is done as for the first principal, and then answered with a rejection. */
  readonly rejectedAfterwards?: boolean;
  /** Any credentials will do. */
  readonly anyCredentialsTaken?: boolean;
  /** Tokens that look like a JWT are read and not verified. */
  readonly tokensUnverified?: boolean;
  /** Credentials of a scheme that is not the agent's are not looked at, and taken. */
  readonly otherSchemesTaken?: boolean;
  /** Any tenant will do, and none. */
  readonly anyTenantTaken?: boolean;
  /** Tenants do not have tasks of their own. */
  readonly tenantsShared?: boolean;
  /** The extended card is given to everybody. */
  readonly extendedCardUnprotected?: boolean;
  /** Every caller sees every task. */
  readonly ownershipIgnored?: boolean;
  /** Operations in which every caller sees every task. */
  readonly ownershipIgnoredBy?: readonly OperationName[];
  /** Operations that are done on tasks of others, and then refused as if there were no such task. */
  readonly othersServedUnsaid?: readonly OperationName[];
  /** Debatable: a task that is made in the context of somebody else is theirs (§13.1: the boundary is the agent's own). */
  readonly contextsBelongToFirst?: boolean;
  /** Tasks of others are refused with HTTP 403, and so told from those that do not exist. */
  readonly othersForbidden?: boolean;
  /** Any media type is accepted. */
  readonly contentTypeIgnored?: boolean;
  /** Operations work whatever the card declares. */
  readonly capabilitiesIgnored?: boolean;
  /** Subscribing to a task in a terminal state opens a stream: its snapshot, then the end. */
  readonly acceptSubscribeToTerminal?: boolean;
  /** Subscriptions begin with the next update instead of the task. */
  readonly snapshotOmitted?: boolean;
  /** A client that goes away cancels the task. */
  readonly disconnectCancels?: boolean;
  /** A client that goes away ends the other streams of the task. */
  readonly closingStreamEndsOthers?: boolean;
  /** Only the newest stream of a task gets events. */
  readonly onlyNewestStreamGetsEvents?: boolean;
  /** A streaming send with `returnImmediately` ends after its first event. */
  readonly streamReturnsImmediately?: boolean;
  /** Streams end in an interrupted state too. */
  readonly streamsEndWhenInterrupted?: boolean;
  /** Subscribing to a task in an interrupted state is refused. */
  readonly subscribeToInterruptedRefused?: boolean;
  /** `historyLength` is not applied. */
  readonly historyLengthIgnored?: boolean;
  /** `historyLength` returns the oldest messages instead of the newest. */
  readonly historyLengthFromStart?: boolean;
  /** `historyLength: 0` counts as unset. */
  readonly historyLengthZeroIgnored?: boolean;
  /** Appended chunks replace the artifact instead of extending it. */
  readonly appendReplaces?: boolean;
  /** Unknown fields are refused. */
  readonly unknownFieldsRefused?: boolean;
  /** The proto's snake_case names are refused. */
  readonly protoNamesRefused?: boolean;
  /** Batches are answered with an array. */
  readonly batchAnswered?: boolean;
  /** The `jsonrpc` member is not checked. */
  readonly envelopeVersionIgnored?: boolean;
  /** Ids of any JSON type are accepted and echoed. */
  readonly anyIdAccepted?: boolean;
  /** `id: null` counts as a notification. */
  readonly nullIdIsNotification?: boolean;
  /** Page tokens of ListTasks that cannot be read count as the first page. */
  readonly badPageTokenIgnored?: boolean;
  /** ListTasks returns artifacts whether asked for or not. */
  readonly listAlwaysIncludesArtifacts?: boolean;
  /** ListTasks ignores pages: everything at once. */
  readonly listUnpaged?: boolean;
  /** ListTasks returns the oldest tasks first. */
  readonly listAscending?: boolean;
  /** The body limit is not applied. */
  readonly bodyLimitIgnored?: boolean;
  /** Legal: a task that is canceled already is returned by a further cancel instead of TaskNotCancelableError (§3.3.1). */
  readonly repeatedCancelReturnsTask?: boolean;
  /** Legal: an error of a streaming operation is the first event of an event stream. */
  readonly errorsAsStreamEvents?: boolean;
  /** Legal: a subscription to a task in an interrupted state ends after its snapshot (§11.7). */
  readonly interruptedSubscriptionsEnd?: boolean;
  /** Legal: a task has one stream; a further one ends the one before (§3.5.2 allows several). */
  readonly newStreamEndsOthers?: boolean;
  /** A push configuration without an id gets that of its task. */
  readonly pushConfigIdIsTaskId?: boolean;
  /** The deletion of a push configuration answers success and does nothing. */
  readonly pushDeletionIgnored?: boolean;
  /** The deletion of a push configuration takes all of its task. */
  readonly pushDeletionTakesAll?: boolean;
  /** The deletion of a push configuration that is not there takes another one of its task. */
  readonly pushDeletionTakesAnother?: boolean;
  /** A deleted push configuration is not shown any more, but goes on being notified. */
  readonly pushDeletedNotified?: boolean;
  /** A push configuration inside a message is taken although the card declares no push notifications. */
  readonly undeclaredInlinePushAccepted?: boolean;
  /** Legal: push configurations get ids of the agent's own, whatever the client proposes (§3.1.7). */
  readonly pushClientIdsIgnored?: boolean;
  /** Legal: the list of push configurations has no pages (§3.1.9). */
  readonly pushListUnpaged?: boolean;
  /** Legal: the same messageId again is answered with the task that it made (§3.3.1). */
  readonly duplicatesRecognised?: boolean;
  /** Debatable: a missing `A2A-Version` counts as 1.0, an empty one does not (§3.6.2). */
  readonly absentVersionAccepted?: boolean;
  /** Against JSON-RPC 2.0 §4.1: notifications are answered, with id null. */
  readonly notificationsAnswered?: boolean;
}
