import { excerpt } from '../../protocol/schemas/problem.ts';
import { defineInvariant } from './invariant.ts';
import { agentMessages, type AgentMessage } from './sightings.ts';
import { judgeInstances, type Defect } from './tally.ts';

const contextReadings: Defect['readings'] = [
  'a2a.proto Message: for server messages, context_id must be provided',
  'the field is not marked REQUIRED, and §3.4.1 demands a contextId in the response only where the agent generated one',
];

/** A role that is no name of the enum is judged as such (`schema/message-role`, `envelope/enum-names`). */
const roles: ReadonlySet<unknown> = new Set(['ROLE_USER', 'ROLE_UNSPECIFIED']);

const wrongRole = ({ raw, where }: AgentMessage): Defect | undefined =>
  roles.has(raw['role']) ? { expected: 'ROLE_AGENT', actual: `${where}: ${excerpt(raw['role'])}` } : undefined;

const missingContext = ({ raw, where }: AgentMessage): Defect | undefined =>
  raw['contextId'] === undefined || raw['contextId'] === ''
    ? { expected: 'a contextId', actual: `${where} without contextId`, readings: contextReadings }
    : undefined;

const hint = 'the agent sent no message of its own: name a stimulus like input-required, --stimuli <file>';

export const messagesOfAgent = defineInvariant({
  id: 'invariants/agent-messages',
  title: 'Messages from the agent say so, and name their context',
  provenance: { kind: 'spec' },
  requirements: ['schema/message-role', 'schema/agent-message-context'],
  judge(history) {
    const messages = agentMessages(history);
    const instances = (defectOf: (message: AgentMessage) => Defect | undefined) =>
      messages.map((message) => ({ exchanges: [message.exchange] as const, defect: defectOf(message) }));
    return {
      'schema/message-role': judgeInstances(instances(wrongRole), {
        counted: 'messages from the agent',
        wrong: 'have another role than ROLE_AGENT',
        hint,
      }),
      'schema/agent-message-context': judgeInstances(instances(missingContext), {
        counted: 'messages from the agent',
        wrong: 'have no contextId',
        right: 'with contextId',
        hint,
      }),
    };
  },
});
