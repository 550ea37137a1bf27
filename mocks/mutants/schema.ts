import type { Fault } from '../reference-agent/hooks.ts';
import type { Artifact, Message, Part, StreamResponse, TaskStatus } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { rewriteObjects } from './rewrite.ts';

const dataModel = 'invariants/data-model';
const agentMessages = 'invariants/agent-messages';

type Change<Value> = (value: Value) => unknown;

/** Changes every object of an outgoing payload that has a member. */
const everyObject = (member: string, change: (object: Record<string, unknown>) => object): Fault => ({
  payload: (payload) => rewriteObjects(payload, (object) => (Object.hasOwn(object, member) ? change(object) : object)),
});

const everyArtifact = (change: Change<Artifact>): Fault =>
  everyObject('artifactId', (object) => change(object as unknown as Artifact) as object);

/** Every Part of an artifact. */
const everyOutput = (change: Change<Part>): Fault =>
  everyArtifact((artifact) => ({ ...artifact, parts: artifact.parts.map(change) }));

const isStatus = (object: Record<string, unknown>): boolean =>
  typeof object['state'] === 'string' && object['state'].startsWith('TASK_STATE_');

const everyStatus = (change: Change<TaskStatus>): Fault => ({
  payload: (payload) =>
    rewriteObjects(payload, (object) =>
      isStatus(object) ? (change(object as unknown as TaskStatus) as object) : object,
    ),
});

/** The messages of statuses, not those of a history. */
const everyStatusMessage = (change: Change<Message>): Fault =>
  everyStatus((status) => (status.message ? { ...status, message: change(status.message) } : status));

const everyEvent = <Kind extends string>(
  kind: Kind,
  change: (update: Extract<StreamResponse, Record<Kind, unknown>>[Kind]) => object,
): Fault => ({
  event: (event) => {
    const update = (event as Record<string, unknown>)[kind];
    return update === undefined
      ? event
      : { [kind]: change(update as Extract<StreamResponse, Record<Kind, unknown>>[Kind]) };
  },
});

const without = <Value extends object>(value: Value, member: keyof Value): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== member));

export const schemaMutants: readonly Mutant[] = [
  {
    id: 'schema/task-and-message',
    description: 'SendMessage answers with the task and a message',
    breaks: ['schema/send-message-response'],
    killedBy: [dataModel],
    fault: {
      result: (result, { operation }) =>
        operation === 'SendMessage' && 'task' in result
          ? {
              ...result,
              message: {
                messageId: 'extra',
                contextId: (result.task as { contextId: string }).contextId,
                role: 'ROLE_AGENT',
                parts: [{ text: 'extra' }],
              },
            }
          : result,
    },
  },
  {
    id: 'schema/two-payloads-in-an-event',
    description: 'WORKING updates come together with a message',
    breaks: ['schema/stream-response'],
    killedBy: [dataModel],
    fault: {
      event: (event) =>
        'statusUpdate' in event && event.statusUpdate.status.state === 'TASK_STATE_WORKING'
          ? {
              ...event,
              message: {
                messageId: 'extra',
                contextId: event.statusUpdate.contextId,
                role: 'ROLE_AGENT',
                parts: [{ text: 'extra' }],
              },
            }
          : event,
    },
  },
  {
    id: 'schema/task-metadata-as-list',
    description: 'The metadata of tasks is an array',
    breaks: ['schema/task'],
    killedBy: [dataModel],
    fault: { task: (task) => ({ ...task, metadata: [] }) },
  },
  {
    id: 'schema/status-message-as-text',
    description: 'The message of a WORKING status is a string',
    breaks: ['schema/task-status'],
    killedBy: [dataModel],
    fault: everyStatus((status) =>
      status.state === 'TASK_STATE_WORKING' ? { ...status, message: 'working on it' } : status,
    ),
  },
  {
    id: 'schema/state-of-its-own',
    description: 'A submitted task is in a state that the proto does not know',
    breaks: ['schema/task-state'],
    killedBy: [dataModel],
    fault: everyStatus((status) =>
      status.state === 'TASK_STATE_SUBMITTED' ? { ...status, state: 'TASK_STATE_QUEUED' } : status,
    ),
  },
  {
    id: 'schema/status-message-without-parts',
    description: 'Messages of statuses have no parts',
    breaks: ['schema/message'],
    killedBy: [dataModel],
    fault: everyStatusMessage((message) => ({ ...message, parts: [] })),
  },
  {
    id: 'schema/direct-message-without-id',
    description: 'Direct messages have no messageId',
    breaks: ['schema/message'],
    killedBy: [dataModel],
    fault: { message: (message) => without(message, 'messageId') },
  },
  {
    id: 'schema/role-of-its-own',
    description: 'Messages of statuses have a role that the proto does not know',
    breaks: ['schema/message-role'],
    killedBy: [dataModel],
    fault: everyStatusMessage((message) => ({ ...message, role: 'ROLE_ASSISTANT' })),
  },
  {
    id: 'schema/status-message-of-the-user',
    description: 'Messages of statuses say that they are from the user',
    breaks: ['schema/message-role'],
    killedBy: [agentMessages],
    fault: everyStatusMessage((message) => ({ ...message, role: 'ROLE_USER' })),
  },
  {
    id: 'schema/status-message-without-context',
    description: 'Messages of statuses have no contextId',
    breaks: ['schema/agent-message-context'],
    killedBy: [agentMessages],
    fault: everyStatusMessage((message) => without(message, 'contextId')),
  },
  {
    id: 'schema/several-contents',
    description: 'File parts have a url beside their bytes',
    breaks: ['schema/part'],
    killedBy: [dataModel],
    fault: everyOutput((part) => (part.raw === undefined ? part : { ...part, url: 'https://example.com/file' })),
  },
  {
    id: 'schema/raw-as-text',
    description: 'The bytes of file parts are not base64',
    breaks: ['schema/part'],
    killedBy: [dataModel],
    fault: everyOutput((part) => (part.raw === undefined ? part : { ...part, raw: 'Generated file content!' })),
  },
  {
    id: 'schema/part-of-old',
    description: 'File parts are written as in 0.3',
    breaks: ['schema/part-content', 'schema/no-kind'],
    killedBy: [dataModel],
    fault: everyOutput((part) => (part.raw === undefined ? part : { kind: 'file', file: { bytes: part.raw } })),
  },
  {
    id: 'schema/kinds-of-old',
    description: 'Tasks say their kind, as in 0.3',
    breaks: ['schema/no-kind'],
    killedBy: [dataModel],
    fault: everyObject('status', (object) => ('artifactId' in object ? object : { kind: 'task', ...object })),
  },
  {
    id: 'schema/artifact-name-as-number',
    description: 'Names of artifacts are numbers',
    breaks: ['schema/artifact'],
    killedBy: [dataModel],
    fault: everyArtifact((artifact) => ({ ...artifact, name: 1 })),
  },
  {
    id: 'schema/null-part',
    description: 'The parts of artifacts with data end with null',
    breaks: ['schema/artifact'],
    killedBy: [dataModel],
    fault: everyArtifact((artifact) =>
      artifact.parts.some(({ data }) => data !== undefined)
        ? { ...artifact, parts: [...artifact.parts, null] }
        : artifact,
    ),
  },
  {
    id: 'schema/append-duplicates-artifact',
    description: 'A task shows its last artifact twice, under one id',
    breaks: ['schema/artifact-ids'],
    killedBy: ['invariants/artifact-ids'],
    fault: {
      task: (task, { stream }) =>
        stream || !task.artifacts ? task : { ...task, artifacts: [...task.artifacts, ...task.artifacts.slice(-1)] },
    },
  },
  {
    id: 'schema/status-update-without-context',
    description: 'Status updates have no contextId',
    breaks: ['schema/status-update'],
    killedBy: [dataModel],
    fault: everyEvent('statusUpdate', (update) => without(update, 'contextId')),
  },
  {
    id: 'schema/artifact-update-without-context',
    description: 'Artifact updates have no contextId',
    breaks: ['schema/artifact-update'],
    killedBy: [dataModel],
    fault: everyEvent('artifactUpdate', (update) => without(update, 'contextId')),
  },
  {
    id: 'schema/flags-as-text',
    description: 'lastChunk is a string',
    breaks: ['schema/artifact-update'],
    killedBy: [dataModel],
    fault: everyEvent('artifactUpdate', (update) =>
      update.lastChunk === undefined ? update : { ...update, lastChunk: String(update.lastChunk) },
    ),
  },
  {
    id: 'schema/status-message-of-another-context',
    description: 'Messages of statuses name their task in another context',
    breaks: ['schema/task-context', 'send/context-inferred'],
    killedBy: ['invariants/task-context'],
    fault: everyStatusMessage((message) => ({ ...message, contextId: 'another-context' })),
  },
];
