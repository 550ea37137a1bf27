import * as card from './agent-card.ts';
import type { MessageDefinition } from './define.ts';
import * as push from './push.ts';
import * as requests from './requests.ts';
import * as responses from './responses.ts';
import * as security from './security.ts';
import * as tasks from './task.ts';

const isDefinition = (value: object): value is MessageDefinition => 'blame' in value;

/** Every message of `a2a.proto`, by its name there. */
export const messages: ReadonlyMap<string, MessageDefinition> = new Map(
  [tasks, responses, card, security, push, requests]
    .flatMap((module) => Object.values<object>(module))
    .filter(isDefinition)
    .map((definition) => [definition.name, definition]),
);
