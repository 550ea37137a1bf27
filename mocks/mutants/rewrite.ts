/** Changes every object inside a JSON value, the innermost first. */
export function rewriteObjects<Value>(value: Value, change: (object: Record<string, unknown>) => object): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => rewriteObjects(item, change)) as Value;
  const inner = Object.entries(value).map(([key, member]) => [key, rewriteObjects(member as unknown, change)]);
  return change(Object.fromEntries(inner) as Record<string, unknown>) as Value;
}

/** Changes every string inside a JSON value. */
export function rewriteStrings<Value>(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value) as Value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => rewriteStrings(item, change)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, rewriteStrings(member as unknown, change)]),
  ) as Value;
}
