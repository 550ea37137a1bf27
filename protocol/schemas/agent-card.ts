import { bool, defineMessage, map, message, repeated, required, string, struct, type Blame } from './define.ts';
import { securityRequirement, securityScheme } from './security.ts';

/** Blame of the card's messages: what is missing goes to `missing`, the other kinds to their rows of the card. */
const card =
  (missing: string): Blame =>
  (kind) => {
    if (kind === 'name') return 'agent-card/field-names';
    if (kind === 'empty-array') return 'agent-card/required-arrays';
    if (kind === 'missing' || kind === 'empty-string') return missing;
    return 'agent-card/field-types';
  };

export const agentInterface = defineMessage('AgentInterface', card('agent-card/interface-fields'), {
  url: required(string),
  protocolBinding: required(string),
  tenant: string,
  protocolVersion: required(string),
});

export const agentProvider = defineMessage('AgentProvider', card('agent-card/provider-fields'), {
  url: required(string),
  organization: required(string),
});

export const agentExtension = defineMessage('AgentExtension', card('agent-card/required-fields'), {
  uri: string,
  description: string,
  required: bool,
  params: struct,
});

export const agentCapabilities = defineMessage('AgentCapabilities', card('agent-card/required-fields'), {
  streaming: bool,
  pushNotifications: bool,
  extensions: repeated(message(agentExtension)),
  extendedAgentCard: bool,
});

export const agentSkill = defineMessage('AgentSkill', card('agent-card/skill-fields'), {
  id: required(string),
  name: required(string),
  description: required(string),
  tags: required(repeated(string)),
  examples: repeated(string),
  inputModes: repeated(string),
  outputModes: repeated(string),
  securityRequirements: repeated(message(securityRequirement)),
});

export const agentCardSignature = defineMessage('AgentCardSignature', card('agent-card/required-fields'), {
  protected: required(string),
  signature: required(string),
  header: struct,
});

export const agentCard = defineMessage('AgentCard', card('agent-card/required-fields'), {
  name: required(string),
  description: required(string),
  supportedInterfaces: required(repeated(message(agentInterface))),
  provider: message(agentProvider),
  version: required(string),
  documentationUrl: string,
  capabilities: required(message(agentCapabilities)),
  securitySchemes: map(message(securityScheme)),
  securityRequirements: repeated(message(securityRequirement)),
  defaultInputModes: required(repeated(string)),
  defaultOutputModes: required(repeated(string)),
  skills: required(repeated(message(agentSkill))),
  signatures: repeated(message(agentCardSignature)),
  iconUrl: string,
});
