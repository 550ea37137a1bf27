import { isObject } from '../../../core/invariants/json.ts';
import { messages } from '../../../protocol/schemas/objects.ts';
import { readProtoJson } from '../../../protocol/schemas/read.ts';

/** Members of a Task that say what became of it. What stands in metadata may speak of the way on which it was asked for. */
const compared = ['id', 'contextId', 'status', 'artifacts', 'history'] as const;

/** A JSON value without what ProtoJSON may leave out, members in order, moments as numbers. */
function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (name === 'timestamp' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return Date.parse(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'metadata' && !isUnset(member))
      .map(([key, member]) => [key, plain(member, key)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

/** The members in which two Tasks differ in meaning; empty for the same. */
export function differencesOf(one: unknown, other: unknown): readonly string[] {
  const definition = messages.get('Task')!;
  const [a, b] = [one, other].map((task) => readProtoJson(definition, task).value);
  const member = (task: unknown, name: string): string =>
    JSON.stringify(plain({ [name]: isObject(task) ? task[name] : undefined }));
  return compared.filter((name) => member(a, name) !== member(b, name));
}
