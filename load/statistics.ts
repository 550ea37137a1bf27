import { build, type Histogram } from 'hdr-histogram-js';

/** A value with its confidence interval; a bound is null where the sample is too small to have one. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Latencies in a histogram of three significant digits: bounded memory whatever the number of samples. */
export class Latencies {
  readonly #histogram: Histogram;

  constructor() {
    this.#histogram = build({
      bitBucketSize: 64,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: 3,
    });
  }

  /** @param micros microseconds; what is below zero (a stamp of coarse resolution) counts as zero */
  record(micros: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(micros)));
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** Milliseconds; undefined without samples. @param q 0 < q <= 1 */
  quantile(q: number): number | undefined {
    return this.count === 0 ? undefined : this.#valueAt(100 * q);
  }

  /** A value is given as the upper end of its bucket, which must not be above the largest one. */
  #valueAt(percentile: number): number {
    return Math.min(this.#histogram.getValueAtPercentile(percentile), this.#histogram.maxValue) / 1_000;
  }

  get maxMs(): number | undefined {
    return this.count === 0 ? undefined : this.#histogram.maxValue / 1_000;
  }

  /**
   * The quantile in milliseconds with the confidence interval of its order statistics (no distribution is assumed; samples
   * are taken for independent). Undefined without samples.
   */
  estimate(q: number, confidence = 0.95): Estimate | undefined {
    const value = this.quantile(q);
    if (value === undefined) return undefined;
    const { low, high } = quantileRanks(this.count, q, confidence);
    return { value, low: this.#atRank(low), high: this.#atRank(high) };
  }

  /** The value of the rank-th smallest sample, from 1; null for none. */
  #atRank(rank: number | null): number | null {
    if (rank === null) return null;
    // A little less than the whole rank, so that rounding does not reach the next sample.
    return this.#valueAt((100 * (rank - 0.5)) / this.count);
  }
}

/**
 * Ranks (from 1) of the order statistics that enclose the q-quantile of n samples: the largest `low` with
 * P(Binomial(n, q) < low) <= (1 - confidence) / 2 and the smallest `high` with P(Binomial(n, q) < high) >= (1 + confidence) / 2.
 * Null where n is too small for such a bound.
 */
export function quantileRanks(
  n: number,
  q: number,
  confidence: number,
): { readonly low: number | null; readonly high: number | null } {
  const tail = (1 - confidence) / 2;
  let low: number | null = null;
  let high: number | null = null;
  // P(X <= k), summed upwards from where it is still nothing.
  let cumulative = 0;
  const spread = 10 * Math.sqrt(n * q * (1 - q)) + 10;
  const first = Math.max(0, Math.floor(n * q - spread));
  const last = Math.min(n, Math.ceil(n * q + spread));
  for (let k = first; k <= last && high === null; k += 1) {
    cumulative += binomial(n, q, k);
    const rank = k + 1;
    if (rank > n) break;
    // P(X < rank) = P(X <= k).
    if (cumulative <= tail) low = rank;
    if (cumulative >= 1 - tail) high = rank;
  }
  return { low, high };
}

const binomial = (n: number, q: number, k: number): number =>
  Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(q) + (n - k) * Math.log1p(-q));

/** ln(n!), by Stirling's series from where that is exact to a double. */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
  );
}
