import { lagReadings } from '../../core/history/status-age.ts';
import { isObject, stringOf, type JsonObject } from '../../core/invariants/json.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import type { Problem } from './judge.ts';
import type { Done, Execution, MadeTask } from './run-program.ts';

export const snapshotCheck = 'concurrency/snapshots';

/** What of an artifact cannot be another thing in another answer: its words, and how many other pieces it has. */
interface Content {
  readonly text: string;
  readonly pieces: number;
}

interface Snapshot {
  readonly done: Done;
  readonly state: string;
  readonly artifacts: ReadonlyMap<string, Content>;
}

function snapshotOf(done: Done): Snapshot | undefined {
  const value = done.kind === 'get' && done.reply?.kind === 'result' ? done.reply.value : undefined;
  if (!isObject(value) || !isObject(value['status'])) return undefined;
  const state = stringOf(value['status']['state']);
  if (state === undefined) return undefined;
  const artifacts = Array.isArray(value['artifacts']) ? value['artifacts'].filter(isObject) : [];
  const contents = artifacts.flatMap((artifact): [string, Content][] => {
    const id = stringOf(artifact['artifactId']);
    return id === undefined ? [] : [[id, contentOf(artifact)]];
  });
  return { done, state, artifacts: new Map(contents) };
}

/** How texts are cut into parts, and the white space between them, is the agent's choice in each answer anew. */
function contentOf({ parts }: JsonObject): Content {
  const all = Array.isArray(parts) ? parts.filter(isObject) : [];
  const texts = all.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
  return { text: texts.join('').replaceAll(/\s/g, ''), pieces: all.length - texts.length };
}

/** How an artifact came out of an earlier one: the same, more of it, or another one. */
const changeOf = (before: Content, after: Content | undefined): 'same' | 'grown' | 'other' => {
  if (after === undefined || after.pieces < before.pieces || !after.text.startsWith(before.text)) return 'other';
  return after.text === before.text && after.pieces === before.pieces ? 'same' : 'grown';
};

const describe = ({ artifacts }: Snapshot): string =>
  artifacts.size === 0
    ? 'no artifact'
    : [...artifacts].map(([id, { text, pieces }]) => `${id}: ${text.length} letters, ${pieces} other parts`).join('; ');

/**
 * Reads of a task that has ended agree (§3.3.1): what the last two of them, which agree with each other, have lost or changed of an
 * earlier one was changed after it was given out. What is only more may have been written late.
 */
export function snapshotProblem({ done }: Pick<Execution, 'done'>, task: MadeTask): Problem | undefined {
  const reads = done
    .filter(({ taskId }) => taskId === task.id)
    .flatMap((one) => snapshotOf(one) ?? [])
    .filter(({ state }) => isTerminal(state))
    .toSorted((a, b) => a.done.exchange.endedAt - b.done.exchange.endedAt);
  const [last, previous] = [reads.at(-1), reads.at(-2)];
  if (last === undefined || previous === undefined || previous.state !== last.state) return undefined;
  const agree = (one: Snapshot, other: Snapshot): boolean =>
    one.artifacts.size === other.artifacts.size &&
    [...one.artifacts].every(([id, content]) => changeOf(content, other.artifacts.get(id)) === 'same');
  if (!agree(previous, last)) return undefined;
  // An answer that was on its way at the same time may be of another moment.
  const earlier = reads.filter(
    ({ state, done: one }) => state === last.state && one.exchange.endedAt < previous.done.exchange.startedAt,
  );
  const differing = earlier.filter((one) => !agree(one, last));
  const changed = differing.find((one) =>
    [...one.artifacts].some(([id, content]) => changeOf(content, last.artifacts.get(id)) === 'other'),
  );
  const odd = changed ?? differing[0];
  if (odd === undefined) return undefined;
  return {
    check: snapshotCheck,
    requirement: 'get/idempotent',
    kind: changed === undefined ? 'ambiguous' : 'violated',
    reason:
      changed === undefined
        ? `task ${task.id} had ended, and later reads show more of it`
        : `task ${task.id} had ended, and later reads lack what an earlier one showed`,
    expected: `what ${odd.done.exchange.id} showed: ${describe(odd)}`,
    actual: `${describe(last)} in ${last.done.exchange.id}, and in ${previous.done.exchange.id} before it`,
    ...(changed === undefined ? { readings: lagReadings } : {}),
    evidence: [odd, previous, last].map((one) => one.done.exchange),
  };
}
