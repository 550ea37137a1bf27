import type { TaskView } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { taskViewOf } from '../../../core/engine/task-view.ts';
import { departure } from '../../../core/history/status-age.ts';
import { mayBe } from '../../../core/wire/reply.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { isTerminal } from '../../../protocol/task-state.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectsIn = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const named = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** An artifact of a task, by what can be compared between two answers. */
export interface ArtifactPart {
  readonly id: string;
  readonly parts: number;
  /** Pieces of content and characters of text: how texts are cut into parts is the agent's choice, in each answer anew. */
  readonly pieces: number;
  readonly letters: number;
}

/** Neighbouring texts are one piece; white space, by which they may be joined, does not count. */
function measure(parts: readonly Json[]): { readonly pieces: number; readonly letters: number } {
  const texts = parts.map(({ text }) => (typeof text === 'string' ? text.replaceAll(/\s/g, '').length : undefined));
  return {
    pieces: texts.filter((text, index) => text === undefined || index === 0 || texts[index - 1] === undefined).length,
    letters: texts.reduce<number>((sum, text) => sum + (text ?? 0), 0),
  };
}

/** The artifacts of a task that have an id (the schema rows speak of those that have none). */
export const artifactsOf = ({ raw }: TaskView): readonly ArtifactPart[] =>
  objectsIn(raw.artifacts).flatMap(({ artifactId, parts }) => {
    const id = named(artifactId);
    const objects = objectsIn(parts);
    return id === undefined ? [] : [{ id, parts: objects.length, ...measure(objects) }];
  });

/** The artifacts of `full` that `shown` lacks, whole or in parts; for a report. */
export function missingArtifacts(shown: TaskView, full: TaskView): readonly string[] {
  const known = new Map(artifactsOf(shown).map((artifact) => [artifact.id, artifact]));
  return artifactsOf(full).flatMap(({ id, parts, pieces, letters }) => {
    const has = known.get(id);
    if (has === undefined) return [`artifact ${id}`];
    if (has.pieces >= pieces && has.letters >= letters) return [];
    return has.parts < parts
      ? [`${parts - has.parts} of ${parts} parts of artifact ${id}`]
      : [`a part of the content of artifact ${id}`];
  });
}

/** Messages of the history, oldest first; undefined where the field is absent (null counts as absent in ProtoJSON). */
export const historyOf = ({ raw }: TaskView): readonly Json[] | undefined =>
  raw.history === undefined || raw.history === null ? undefined : objectsIn(raw.history);

/** Message ids of the history; undefined where a message has none, so that nothing can be compared. */
export function historyIds(task: TaskView): readonly string[] | undefined {
  const ids = (historyOf(task) ?? []).map(({ messageId }) => named(messageId));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

/** The message of the task's status. */
export const statusMessageOf = ({ raw }: TaskView): Json | undefined => {
  const { status } = raw;
  return isObject(status) && isObject(status.message) ? status.message : undefined;
};

/** The timestamp of the task's status. */
export const timestampOf = ({ raw }: TaskView): unknown => (isObject(raw.status) ? raw.status.timestamp : undefined);

/** The contextId of a task, where it has a usable one. */
export const contextOf = ({ contextId }: TaskView): string | undefined => named(contextId);

/** The direct Message of a SendMessage result. */
export function messageIn({ reply }: CallResult): Json | undefined {
  if (reply.kind !== 'result' || !isObject(reply.value)) return undefined;
  const { message } = reply.value;
  return isObject(message) ? message : undefined;
}

/** The task of an answer; undefined where it holds none. */
export const taskIn = ({ reply }: CallResult): TaskView | undefined => taskViewOf(reply);

/** The state of the task of an answer. */
export const stateIn = (answer: CallResult | undefined): string | undefined =>
  answer === undefined ? undefined : taskIn(answer)?.state;

/** Whether the answer shows a task in a terminal state. */
export const showsEnd = (answer: CallResult | undefined): boolean => isTerminal(stateIn(answer));

/** Whether the answer shows a task that has not ended. */
export const showsLife = (answer: CallResult | undefined): boolean =>
  stateIn(answer) !== undefined && !showsEnd(answer);

/** Whether the answer is one of these errors, or has a code that it shares with others and does not say which it is. */
export const mayBeError = ({ reply }: CallResult, ...names: readonly ErrorName[]): boolean =>
  reply.kind === 'error' && names.some((name) => mayBe(reply.error, name));

/** Whether the answer is that error. */
export const isError = ({ reply }: CallResult, ...names: readonly string[]): boolean =>
  reply.kind === 'error' && reply.error.name !== undefined && names.includes(reply.error.name);

/** A state for a report. */
export const stateText = (state: string | undefined): string => state ?? 'no state';

/** What became of an end that an answer showed, by the task in a later answer in another state. */
export const departureIn = (end: CallResult, later: CallResult): ReturnType<typeof departure> =>
  departure(taskIn(end)?.raw, taskIn(later)?.raw);
