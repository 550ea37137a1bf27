import { isObject } from '../../../core/invariants/json.ts';
import { messages } from '../../../protocol/schemas/objects.ts';
import { readProtoJson } from '../../../protocol/schemas/read.ts';

/** Members of a Task that say what became of it. What stands in metadata may speak of the way on which it was asked for. */
const compared = ['id', 'contextId', 'status', 'artifacts', 'history'] as const;

/** A JSON value without what ProtoJSON may leave out. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'metadata' && !isUnset(member))
      .map(([key, member]) => [key, plain(member)]),
  );
}

const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

const nanosecond = 1e-9;

/** The smallest step of a time as it is written, in seconds. */
const stepOf = (time: string): number => 10 ** -(/[.,](\d+)/.exec(time)?.[1]?.length ?? 0);

/** Seconds between two times. What is finer than milliseconds is taken from their text. */
function secondsBetween(one: string, other: string): number {
  const [a, b] = [one, other].map((time) => {
    const fraction = /[.,](\d+)/.exec(time)?.[1] ?? '';
    return { whole: Date.parse(time.replace(/[.,]\d+/, '')) / 1_000, fraction: Number(`0.${fraction || '0'}`) };
  });
  return Math.abs(a!.whole - b!.whole + (a!.fraction - b!.fraction));
}

/** How fine a time is written is for each writer to say, and whether it cuts or rounds (§5.6.1). */
const isSameTime = (one: string, other: string): boolean =>
  one === other || secondsBetween(one, other) <= Math.max(stepOf(one), stepOf(other)) + nanosecond;

function isAlike(one: unknown, other: unknown, name = ''): boolean {
  if (name === 'timestamp' && typeof one === 'string' && typeof other === 'string') return isSameTime(one, other);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isAlike(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isAlike(one[key], other[key], key));
}

/** The members in which two Tasks differ in meaning; empty for the same. */
export function differencesOf(one: unknown, other: unknown): readonly string[] {
  const definition = messages.get('Task')!;
  const [a, b] = [one, other].map((task) => readProtoJson(definition, task).value);
  const member = (task: unknown, name: string): unknown => plain({ [name]: isObject(task) ? task[name] : undefined });
  return compared.filter((name) => !isAlike(member(a, name), member(b, name)));
}
