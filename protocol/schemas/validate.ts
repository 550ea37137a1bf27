import type { z } from 'zod';
import type { EnumDefinition, Field, MessageDefinition, OneofIssue } from './define.ts';
import { messages } from './objects.ts';
import { excerpt, pointer, type Problem, type ProblemKind } from './problem.ts';
import { readProtoJson, type ReadResult, type Seen } from './read.ts';

export interface Inspection {
  /** In no particular order; empty for a valid value. */
  readonly problems: readonly Problem[];
  readonly seen: Seen;
}

type Path = readonly PropertyKey[];
type ZodIssue = z.core.$ZodIssue;

/** The message that holds what a path leads to, and its field; no field for the whole of `object`. */
interface Place {
  readonly object: MessageDefinition;
  readonly field: string | undefined;
}

/** `asObject`: the path means the object it leads to, not a field of the one that holds it. */
function locate(root: MessageDefinition, path: Path, asObject: boolean): Place {
  let object = root;
  let name: string | undefined;
  let index = 0;
  while (index < path.length) {
    name = String(path[index]);
    const field: Field | undefined = object.fields[name];
    index += field && field.label !== 'single' ? 2 : 1;
    if (field?.type.kind !== 'message' || index > path.length || (index === path.length && !asObject)) break;
    object = field.type.definition;
    name = undefined;
  }
  return { object, field: name };
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );

/** Whether a string is a value of the enum in another spelling: `working`, `input-required`, `TaskStateWorking`. */
function isOtherSpelling(definition: EnumDefinition, text: string): boolean {
  const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const prefix = bare(definition.name);
  return definition.values.some((value) => [bare(value), bare(value).slice(prefix.length)].includes(bare(text)));
}

function kindOf(issue: ZodIssue, field: Field | undefined, found: unknown): ProblemKind {
  if (issue.code === 'too_small') return 'empty-array';
  if (found === undefined && field?.required) return 'missing';
  if (field?.type.kind === 'timestamp') return 'timestamp';
  if (field?.type.kind === 'bytes' && typeof found === 'string') return 'base64';
  if (field?.type.kind === 'enum') {
    if (typeof found === 'number') return 'enum-form';
    if (typeof found === 'string') return isOtherSpelling(field.type.definition, found) ? 'enum-form' : 'enum-value';
  }
  return 'type';
}

/** The path with the names as received. */
const shownPath = (path: Path, { aliases }: ReadResult): string =>
  pointer(path.map((part, index) => aliases.get(pointer(path.slice(0, index + 1))) ?? part));

/** Beside a set member, `"data": null` may be a null value or an unset field written out. */
const nullMember: Problem['readings'] = [
  'ProtoJSON: null is a value of google.protobuf.Value, so two members are set',
  'ProtoJSON: null stands for an absent field',
];

/** A card is one for all versions that its agent speaks, a later one with more kinds included. */
const laterKind: Problem['readings'] = [
  'a2a.proto SecurityScheme: a scheme is one of the five kinds',
  '§5.7: what is not recognized is ignored, so that a kind of a later version may stand there',
];

const isLaterKind = (object: MessageDefinition, found: object): boolean =>
  object.name === 'SecurityScheme' &&
  Object.entries(found).some(
    ([name, value]) => /^[a-z]\w*SecurityScheme$/.test(name) && typeof value === 'object' && value !== null,
  );

function oneofProblem(issue: ZodIssue & { code: 'custom' }, root: MessageDefinition, read: ReadResult): Problem {
  const { kind, oneof } = issue.params as OneofIssue;
  const { object } = locate(root, issue.path, true);
  const found = at(read.value, issue.path) as object;
  const members = Object.keys(object.fields).filter((name) => object.fields[name]!.oneof === oneof);
  const set = members.filter((name) => Object.hasOwn(found, name));
  const rule = `${kind === 'oneof-many' ? 'at most one' : 'one'} of ${members.join(', ')}`;
  const problem: Problem = {
    path: shownPath(issue.path, read),
    kind,
    object: object.name,
    field: undefined,
    row: object.blame(kind, undefined),
    expected: rule,
    actual: set.length === 0 ? `none, but ${excerpt(Object.keys(found))}` : set.join(', '),
  };
  if (kind === 'oneof-many') {
    const nulls = set.filter((name) => at(found, [name]) === null);
    return nulls.length > 0 && set.length - nulls.length <= 1 ? { ...problem, readings: nullMember } : problem;
  }
  if (isLaterKind(object, found)) return { ...problem, readings: laterKind };
  if (object.oneofs[oneof]?.none === 'problem') return problem;
  return {
    ...problem,
    readings: [
      `the proto lets a oneof stay unset, and ${object.name} has no other field`,
      `${object.name} that is REQUIRED says something`,
    ],
  };
}

/** §5.7 against §8.4.1, whose example calls an empty `skills` included (ambiguity `empty-required-arrays`). */
const emptySkills: Problem['readings'] = [
  '§5.7: arrays marked as required MUST contain at least one element',
  '§8.4.1 shows a card with "skills": [] and calls it included',
];

function problemOf(issue: ZodIssue, root: MessageDefinition, read: ReadResult): Problem {
  if (issue.code === 'custom' && issue.params?.['oneof'] !== undefined) return oneofProblem(issue, root, read);
  const place = locate(root, issue.path, false);
  const field = place.field === undefined ? undefined : place.object.fields[place.field];
  const found = at(read.value, issue.path);
  const kind = kindOf(issue, field, found);
  const expected = field?.expected ?? `an object (${root.name})`;
  return {
    path: shownPath(issue.path, read),
    kind,
    object: place.object.name,
    field: place.field,
    row:
      kind === 'enum-value' && field?.type.kind === 'enum' && place.object.blame(kind, place.field) !== null
        ? field.type.definition.row
        : place.object.blame(kind, place.field),
    expected: kind === 'empty-array' ? 'at least one element' : expected,
    actual: excerpt(found),
    ...(kind === 'empty-array' && place.object.name === 'AgentCard' && place.field === 'skills'
      ? { readings: emptySkills }
      : {}),
  };
}

/** Judges a JSON value as a message of `a2a.proto`: its problems, and what it holds. Who has read it already gives that. */
export function inspect(
  definition: MessageDefinition,
  value: unknown,
  read: ReadResult = readProtoJson(definition, value),
): Inspection {
  const parsed = definition.schema.safeParse(read.value);
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, definition, read));
  return { problems: [...read.problems, ...issues], seen: read.seen };
}

/**
 * Problems of a JSON value as the message of `a2a.proto` with that name, in ProtoJSON as an agent may send it: camelCase
 * names, enum names, RFC 3339 timestamps, null for absence, unknown fields tolerated. Throws RangeError for an unknown name.
 */
export function validate(objectName: string, value: unknown): readonly Problem[] {
  const definition = messages.get(objectName);
  if (!definition) throw new RangeError(`a2a.proto has no message ${objectName}`);
  return inspect(definition, value).problems;
}
