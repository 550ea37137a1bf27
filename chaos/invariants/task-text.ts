import { isObject, stringOf, type JsonObject } from '../../core/invariants/json.ts';

const objects = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : [];

/** The text of all parts of an artifact or a message, in order. */
export const textOf = (holder: unknown): string =>
  isObject(holder)
    ? objects(holder['parts'])
        .map((part) => stringOf(part['text']) ?? '')
        .join('')
    : '';

/** Text by artifact id. */
export const artifactsOf = (task: JsonObject): ReadonlyMap<string, string> =>
  new Map(objects(task['artifacts']).map((artifact) => [stringOf(artifact['artifactId']) ?? '', textOf(artifact)]));

export const historyOf = (task: JsonObject): readonly JsonObject[] => objects(task['history']);

/** Short enough for one line. */
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
