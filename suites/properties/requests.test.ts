import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestMessages } from '../../protocol/operation-messages.ts';
import { operations, type Operation } from '../../protocol/operations.ts';
import type { MessageDefinition } from '../../protocol/schemas/define.ts';
import { messages } from '../../protocol/schemas/objects.ts';
import { validate } from '../../protocol/schemas/validate.ts';
import { refs, requestOf, type Json } from './requests.ts';

const everything = { streaming: true, pushNotifications: true };
const names = Object.keys(operations) as Operation[];

/** A part stands for the stimulus; all other references are texts as they are. */
function withStimulus(value: unknown): unknown {
  if (value === refs.stimulus) return { text: 'stimulus' };
  if (Array.isArray(value)) return value.map(withStimulus);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withStimulus(member)]));
}

const drawn = (operation: Operation, numRuns = 500): readonly unknown[] =>
  fc.sample(requestOf[operation](everything), { seed: 1, numRuns }).map(withStimulus);

/** `Message.contextId`: every field of a message and of those inside it. */
function fieldsOf({ name, fields }: MessageDefinition, found = new Set<string>()): Set<string> {
  for (const [field, { type }] of Object.entries(fields)) {
    if (found.has(`${name}.${field}`)) continue;
    found.add(`${name}.${field}`);
    if (type.kind === 'message') fieldsOf(type.definition, found);
  }
  return found;
}

function fieldsIn({ name, fields }: MessageDefinition, value: unknown, found: Set<string>): void {
  if (Array.isArray(value))
    return value.forEach((item) => fieldsIn({ name, fields } as MessageDefinition, item, found));
  for (const [field, { type }] of Object.entries(fields)) {
    if (!Object.hasOwn(value as object, field)) continue;
    found.add(`${name}.${field}`);
    if (type.kind === 'message') fieldsIn(type.definition, (value as Json)[field], found);
  }
}

describe.for(names)('requests of %s', (operation) => {
  const definition = messages.get(requestMessages[operation])!;

  test('have every field of the schema, however deep', () => {
    const found = new Set<string>();
    for (const request of drawn(operation)) fieldsIn(definition, request, found);
    expect([...fieldsOf(definition)].filter((field) => !found.has(field))).toEqual([]);
  });

  test('are valid', () => {
    const wrong = drawn(operation).flatMap((request) => validate(definition.name, request));
    // An empty id of what is not REQUIRED is no problem, and there is no other.
    expect(wrong).toEqual([]);
  });
});

test('a target without streams and push is asked for none', () => {
  for (const request of fc.sample(requestOf.SendMessage({ streaming: false, pushNotifications: false }), 200)) {
    expect(JSON.stringify(request)).not.toContain('taskPushNotificationConfig');
  }
});
