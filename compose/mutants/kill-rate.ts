/** How sure the lower bound of a rate is. */
const confidence = 0.95;

/** Of `n` trials `k` or more succeed, with success probability `p`; by logarithms, since the single terms may be as small as any. */
function atLeast(k: number, n: number, p: number): number {
  let term = n * Math.log(p);
  let sum = 0;
  for (let i = n; i >= k; i -= 1) {
    sum += Math.exp(term);
    term += Math.log(i / (n - i + 1)) + Math.log((1 - p) / p);
  }
  return sum;
}

/**
 * The exact (Clopper-Pearson) one-sided lower bound of a success probability, 95 %: where it is smaller, `k` of `n` successes or more
 * come about in less than one in twenty series.
 */
export function lowerBound(k: number, n: number): number {
  if (k <= 0) return 0;
  if (k >= n) return (1 - confidence) ** (1 / n);
  let [low, high] = [0, k / n];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (atLeast(k, n, middle) > 1 - confidence) high = middle;
    else low = middle;
  }
  return low;
}

const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

/** `339 of 340 (99.7 %; ≥ 98.6 % with 95 % confidence, Clopper-Pearson)` */
export const describeRate = (k: number, n: number): string =>
  `${k} of ${n} (${percent(k / n)}; ≥ ${percent(lowerBound(k, n))} with 95 % confidence, Clopper-Pearson)`;
