/** How sure the lower bound of a rate is. */
const confidence = 0.95;

/** Of `n` trials at most `k - 1` succeed, with success probability `p`. */
function below(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let i = 0; i < k; i += 1) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
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
    if (1 - below(k, n, middle) > 1 - confidence) high = middle;
    else low = middle;
  }
  return low;
}

const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

/** `339 of 340 (99.7 %; ≥ 98.6 % with 95 % confidence, Clopper-Pearson)` */
export const describeRate = (k: number, n: number): string =>
  `${k} of ${n} (${percent(k / n)}; ≥ ${percent(lowerBound(k, n))} with 95 % confidence, Clopper-Pearson)`;
