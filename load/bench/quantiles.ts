/** Median, 99th percentile and maximum of a list, exact; undefined for an empty one. */
export function quantiles(values: readonly number[]): { median: number; p99: number; max: number } | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
  return { median: at(0.5), p99: at(0.99), max: sorted.at(-1)! };
}
