import type { StreamItem } from '../../../core/history/stream-view.ts';
import { isObject, type JsonObject } from '../../../core/invariants/json.ts';

/** Content of an artifact: its parts, with neighbouring plain texts joined, since a store may keep chunks either way. */
export type Content = readonly string[];

/** What a stream says of one artifact, chunk by chunk. */
export interface ArtifactChunks {
  readonly artifactId: string;
  /** Since the artifact was last begun anew (`append` absent). */
  readonly chunks: readonly (readonly JsonObject[])[];
}

const partsOf = (artifact: unknown): readonly JsonObject[] =>
  isObject(artifact) && Array.isArray(artifact['parts']) ? artifact['parts'].filter(isObject) : [];

const idOf = (artifact: unknown): string | undefined =>
  isObject(artifact) && typeof artifact['artifactId'] === 'string' ? artifact['artifactId'] : undefined;

/** Adds up the artifacts of a Task snapshot and the artifact updates that follow it (`append`: §4.2.2). */
export function addUp(items: readonly StreamItem[]): readonly ArtifactChunks[] {
  const sums = new Map<string, (readonly JsonObject[])[]>();
  for (const { kind, raw, index } of items) {
    if (kind === 'task' && index === 0) {
      for (const [id, parts] of artifactsOf(raw)) sums.set(id, [parts]);
    }
    if (kind !== 'artifact') continue;
    const id = idOf(raw['artifact']);
    if (id === undefined) continue;
    const chunk = partsOf(raw['artifact']);
    const sum = sums.get(id);
    if (raw['append'] === true && sum) sum.push(chunk);
    else sums.set(id, [chunk]);
  }
  return [...sums].map(([artifactId, chunks]) => ({ artifactId, chunks }));
}

/** Artifacts of a Task, by id. */
export function artifactsOf(task: unknown): ReadonlyMap<string, readonly JsonObject[]> {
  const artifacts = isObject(task) && Array.isArray(task['artifacts']) ? task['artifacts'] : [];
  return new Map(
    artifacts.flatMap((artifact) => {
      const id = idOf(artifact);
      return id === undefined ? [] : [[id, partsOf(artifact)] as const];
    }),
  );
}

/** Members that carry content; names of files and metadata are not compared. */
const contentMembers = ['text', 'raw', 'url', 'data', 'mediaType'] as const;

export function contentOf(parts: readonly JsonObject[]): Content {
  const content: string[] = [];
  let text: string | undefined;
  const flush = (): void => {
    if (text !== undefined) content.push(`text:${text}`);
    text = undefined;
  };
  for (const part of parts) {
    if (typeof part['text'] === 'string') {
      text = (text ?? '') + part['text'];
      continue;
    }
    flush();
    content.push(JSON.stringify(contentMembers.map((name) => part[name])));
  }
  flush();
  return content;
}

export type Comparison = 'equal' | 'reordered' | 'different';

/** Whether chunks, in the order of the stream, make up the artifact; `reordered` where they do in another order only. */
export function compareChunks(chunks: readonly (readonly JsonObject[])[], parts: readonly JsonObject[]): Comparison {
  const wanted = contentOf(parts);
  if (sameContent(contentOf(chunks.flat()), wanted)) return 'equal';
  const order = anotherOrder(chunks, wanted);
  return order ? 'reordered' : 'different';
}

const sameContent = (a: Content, b: Content): boolean => JSON.stringify(a) === JSON.stringify(b);

/** More orders than this are not tried: then the comparison says `different`, which proves nothing. */
const maxSteps = 20_000;

function anotherOrder(chunks: readonly (readonly JsonObject[])[], wanted: Content): boolean {
  let steps = 0;
  const goal = wanted.join('\n');
  const search = (chosen: readonly (readonly JsonObject[])[], left: readonly (readonly JsonObject[])[]): boolean => {
    if (++steps > maxSteps) return false;
    const content = contentOf(chosen.flat());
    if (left.length === 0) return sameContent(content, wanted);
    if (!goal.startsWith(content.join('\n'))) return false;
    return left.some((chunk, index) => search([...chosen, chunk], left.toSpliced(index, 1)));
  };
  return search([], chunks);
}
