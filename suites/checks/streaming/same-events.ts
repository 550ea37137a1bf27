import { describeItem, type StreamItem } from '../../../core/history/stream-view.ts';
import { isObject, type JsonObject } from '../../../core/invariants/json.ts';
import { artifactsOf } from './artifact-sum.ts';

/** How two streams of one task differ in what both should have got. */
export type Difference =
  | { readonly kind: 'none'; readonly compared: number }
  /** Both got both events, in another order. */
  | { readonly kind: 'order'; readonly earlier: string; readonly later: string }
  /** One got an event that the other did not. */
  | { readonly kind: 'missing'; readonly in: 'first' | 'second'; readonly event: string };

const isUpdate = ({ kind }: StreamItem): boolean => kind === 'status' || kind === 'artifact';

/** What makes two events the same: not timestamps, message ids and metadata, which may be made for each stream. */
function keyOf({ kind, state, raw }: StreamItem): string {
  if (kind === 'status') {
    const message = isObject(raw['status']) && isObject(raw['status']['message']) ? raw['status']['message'] : {};
    return JSON.stringify([kind, state, message['parts']]);
  }
  const artifact: JsonObject = isObject(raw['artifact']) ? raw['artifact'] : {};
  return JSON.stringify([
    kind,
    artifact['artifactId'],
    raw['append'] === true,
    raw['lastChunk'] === true,
    artifact['parts'],
  ]);
}

/** Two connections may show one moment so many milliseconds apart. */
export const simultaneousMs = 250;

/**
 * Compares the updates of two streams of one task; `second` was opened later, so what `first` got before that is no
 * difference. `complete` says of which stream it is known that all that was to come had come: of one that stopped
 * early, only what it got is compared, and nothing at all where both did.
 */
export function compareStreams(
  first: readonly StreamItem[],
  second: readonly StreamItem[],
  complete: { readonly first: boolean; readonly second: boolean },
): Difference {
  const a = first.filter(isUpdate);
  const b = second.filter(isUpdate);
  const keysA = a.map(keyOf);
  const keysB = b.map(keyOf);
  // What arrived on the first stream well after the second had begun belongs to both, unless the second began with it told:
  // one connection may be slower than the other.
  const begun = second[0]?.at ?? Infinity;
  const isBefore = (item: StreamItem): boolean => item.at <= begun + simultaneousMs || isTold(item, second[0]);
  const common = a.findIndex((item) => !isBefore(item));
  const latest = common === -1 ? a.length : common;
  const starts = Array.from({ length: latest + 1 }, (_, start) => start);
  const agreesFrom = (start: number): boolean => {
    const left = keysA.length - start;
    if (complete.second && left > keysB.length) return false;
    if (complete.first && left < keysB.length) return false;
    return agreement(keysA, keysB, start) === Math.min(left, keysB.length);
  };
  const joined = starts.find(agreesFrom);
  if (joined !== undefined) return { kind: 'none', compared: agreement(keysA, keysB, joined) };
  return describeDifference({ items: a, keys: keysA }, { items: b, keys: keysB }, latest);
}

const timeOf = ({ raw }: StreamItem): number =>
  Date.parse(isObject(raw['status']) ? String(raw['status']['timestamp']) : '');

/** Whether the Task that begins a stream shows already what an update tells. */
function isTold(item: StreamItem, first: StreamItem | undefined): boolean {
  if (first?.kind !== 'task') return false;
  if (item.kind === 'status') {
    const [told, shown] = [timeOf(item), timeOf(first)];
    return told < shown || (told === shown && item.state === first.state);
  }
  const artifact: JsonObject = isObject(item.raw['artifact']) ? item.raw['artifact'] : {};
  const shown = artifactsOf(first.raw).get(String(artifact['artifactId']));
  const parts = Array.isArray(artifact['parts']) ? artifact['parts'].filter(isObject) : [];
  if (shown === undefined) return false;
  const texts = shown.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
  const others = new Set(shown.map((part) => JSON.stringify(part)));
  return parts.every((part) =>
    typeof part['text'] === 'string' ? texts.includes(part['text']) : others.has(JSON.stringify(part)),
  );
}

/** How many events agree from there on. */
function agreement(a: readonly string[], b: readonly string[], start: number): number {
  let length = 0;
  while (length < b.length && start + length < a.length && a[start + length] === b[length]) length += 1;
  return length;
}

interface Keyed {
  readonly items: readonly StreamItem[];
  readonly keys: readonly string[];
}

/** Names the first difference after the place from which the two agree longest, at the latest after `latest` events. */
function describeDifference(a: Keyed, b: Keyed, latest: number): Difference {
  const lengths = a.keys.map((_, start) => agreement(a.keys, b.keys, start));
  const best = Math.max(0, ...lengths);
  const start = best === 0 ? latest : lengths.lastIndexOf(best);
  const [one, other] = [a.items[start + best], b.items[best]];
  const inB = one !== undefined && b.keys.includes(keyOf(one), best);
  const inA = other !== undefined && a.keys.includes(keyOf(other), start + best);
  if (one && other && inA && inB) return { kind: 'order', earlier: describeItem(one), later: describeItem(other) };
  if (one && (inA || !other)) return { kind: 'missing', in: 'second', event: describeItem(one) };
  return { kind: 'missing', in: 'first', event: other ? describeItem(other) : 'an event' };
}
