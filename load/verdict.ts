import type { ThresholdResult, Thresholds, ThresholdVerdict } from '../core/findings/load-section.ts';
import type { FinalReads } from './final-reads.ts';
import type { Measurement, SignalBasis } from './measurement.ts';
import type { Estimate } from './statistics.ts';

export const defaultThresholds = (ratePerMinute: number): Thresholds => ({
  ratePerMinute,
  rateTolerance: 0.01,
  p99SignalMs: 200,
  confidence: 0.95,
  lost: 0,
  errorRate: 0.01,
  dropped: 0,
});

/** What the thresholds are judged by. */
export interface VerdictInput {
  readonly thresholds: Thresholds;
  readonly measurement: Pick<
    Measurement,
    'started' | 'successes' | 'canceled' | 'errorCount' | 'errors' | 'heldRatePerMinute'
  >;
  readonly basis: SignalBasis;
  /** The p99 of signal latency on that basis; undefined without samples. */
  readonly p99Signal: Estimate | undefined;
  readonly signalSamples: number;
  readonly reads: FinalReads;
  readonly dropped: number;
  /** Why moments were dropped, and what to do. */
  readonly dropReason: string;
  /** Whether the agent is said to purge. */
  readonly purges: boolean;
  /** The schedule was not run to its end. */
  readonly cutShort: string | null;
}

type Judged = Pick<ThresholdResult, 'verdict' | 'reason'>;

/** Judges every threshold. Pure. */
export function judgeThresholds(input: VerdictInput): readonly ThresholdResult[] {
  return [judgeRate(input), judgeSignal(input), judgeLost(input), judgeErrors(input), judgeDropped(input)];
}

/** A short run cannot show that something holds; that something broke it shows well enough. */
const unlessCutShort = (judged: Judged, { cutShort }: VerdictInput): Judged =>
  judged.verdict === 'pass' && cutShort !== null
    ? { verdict: 'inconclusive', reason: `${judged.reason}, but ${cutShort}` }
    : judged;

function judgeRate(input: VerdictInput): ThresholdResult {
  const { thresholds, measurement } = input;
  const least = thresholds.ratePerMinute * (1 - thresholds.rateTolerance);
  const held = measurement.heldRatePerMinute;
  const judge = (): Judged => {
    if (held === undefined || measurement.started === 0) return { verdict: 'untested', reason: 'no task was started' };
    const said = `${rounded(held)} tasks/min were finished while ${rounded(thresholds.ratePerMinute)} were asked for`;
    if (held >= least) return { verdict: 'pass', reason: said };
    return { verdict: 'fail', reason: said };
  };
  return {
    id: 'rate',
    demanded: `>= ${rounded(least)} tasks/min`,
    measured: held ?? null,
    interval: null,
    samples: measurement.started,
    ...unlessCutShort(judge(), input),
  };
}

function judgeSignal(input: VerdictInput): ThresholdResult {
  const { thresholds, p99Signal, signalSamples, basis } = input;
  const { p99SignalMs: limit, confidence } = thresholds;
  const judge = (): Judged => {
    if (p99Signal === undefined || signalSamples === 0) return { verdict: 'untested', reason: basis.reason };
    const { value, low, high } = p99Signal;
    const interval = `${low === null ? '?' : rounded(low)} to ${high === null ? '?' : rounded(high)} ms at ${100 * confidence} %`;
    const said = `p99 is ${rounded(value)} ms (${interval}, ${signalSamples} signals), ${basis.reason}`;
    if (high !== null && high < limit) return { verdict: 'pass', reason: said };
    if (low !== null && low >= limit) return { verdict: 'fail', reason: said };
    return { verdict: 'inconclusive', reason: `too few samples to tell, run longer: ${said}` };
  };
  return {
    id: 'p99-signal',
    demanded: `< ${rounded(limit)} ms`,
    measured: p99Signal?.value ?? null,
    interval: p99Signal === undefined ? null : { low: p99Signal.low, high: p99Signal.high, confidence },
    samples: signalSamples,
    ...unlessCutShort(judge(), input),
  };
}

function judgeLost(input: VerdictInput): ThresholdResult {
  const { thresholds, reads, purges } = input;
  const { acknowledged, read, found, lostCount, purged, unread, unreadReason, lost } = reads;
  const judge = (): Judged => {
    if (acknowledged === 0) return { verdict: 'untested', reason: 'no task was acknowledged' };
    if (lostCount > thresholds.lost) {
      const named = `${lostCount} of ${acknowledged} acknowledged tasks are not found by GetTask (${lost.slice(0, 3).join(', ')})`;
      return {
        verdict: 'fail',
        reason: purges ? named : `${named}; if the agent purges tasks that have ended, say --purges`,
      };
    }
    if (read === 0)
      return { verdict: 'untested', reason: `none of ${acknowledged} tasks could be read: ${unreadReason}` };
    if (unread > 0) {
      return {
        verdict: 'inconclusive',
        reason: `${unread} of ${acknowledged} acknowledged tasks could not be read: ${unreadReason}`,
      };
    }
    if (found === 0)
      return { verdict: 'untested', reason: `all ${purged} tasks were purged before they could be read` };
    const kept = `${found} of ${acknowledged} acknowledged tasks are found by GetTask`;
    const others = [
      ...(purged > 0 ? [`${purged} had ended and were purged`] : []),
      ...(lostCount > 0 ? [`${lostCount} are lost, ${thresholds.lost} may be`] : []),
    ];
    return { verdict: 'pass', reason: [kept, ...others].join(', ') };
  };
  return {
    id: 'lost',
    demanded: `<= ${thresholds.lost}`,
    measured: read === 0 ? null : lostCount,
    interval: null,
    samples: read,
    ...unlessCutShort(judge(), input),
  };
}

function judgeErrors(input: VerdictInput): ThresholdResult {
  const { thresholds, measurement } = input;
  const { errorCount, errors, successes } = measurement;
  const ended = errorCount + successes;
  const share = ended === 0 ? undefined : errorCount / ended;
  const judge = (): Judged => {
    if (share === undefined) return { verdict: 'untested', reason: 'no task came to an end' };
    const [worst] = errors;
    const named = worst === undefined ? '' : `, most of them ${describeError(worst)}`;
    const said = `${errorCount} of ${ended} tasks failed (${percent(share)})${named}`;
    // A limit of 0 allows none; below a limit of 1 % means below.
    const holds = errorCount === 0 || share < thresholds.errorRate;
    return { verdict: holds ? 'pass' : 'fail', reason: said };
  };
  return {
    id: 'errors',
    demanded: `< ${percent(thresholds.errorRate)}`,
    measured: share ?? null,
    interval: null,
    samples: ended,
    ...unlessCutShort(judge(), input),
  };
}

function judgeDropped(input: VerdictInput): ThresholdResult {
  const { thresholds, dropped, dropReason, measurement } = input;
  const due = measurement.started + dropped;
  const judge = (): Judged => {
    if (due === 0) return { verdict: 'untested', reason: 'no task was due' };
    if (dropped <= thresholds.dropped) {
      return { verdict: 'pass', reason: `${measurement.started} of ${due} tasks were started when they were due` };
    }
    return { verdict: 'fail', reason: `${dropped} of ${due} tasks could not be started: ${dropReason}` };
  };
  return {
    id: 'dropped',
    demanded: `<= ${thresholds.dropped}`,
    measured: due === 0 ? null : dropped,
    interval: null,
    samples: due,
    ...unlessCutShort(judge(), input),
  };
}

/** The worst first: what is broken, then what was not measured, then what cannot be told. */
const severity: readonly ThresholdVerdict[] = ['fail', 'untested', 'inconclusive', 'pass'];

/**
 * The verdict of the run: `fail` by any threshold or invariant that broke; `untested` where no threshold was measured at all;
 * `inconclusive` where one of them could not be told; else `pass`.
 */
export function overallVerdict(verdicts: readonly ThresholdVerdict[], brokenInvariants: number): ThresholdVerdict {
  const worst = severity.find((verdict) => verdicts.includes(verdict)) ?? 'untested';
  if (brokenInvariants > 0 || worst === 'fail') return 'fail';
  if (worst === 'untested') return verdicts.every((verdict) => verdict === 'untested') ? 'untested' : 'inconclusive';
  return worst;
}

/** A failure as one phrase, with what to do about the ones that have a remedy. */
export function describeError({
  outcome,
  code,
  example,
}: {
  readonly outcome: string;
  readonly code: string;
  readonly example: string;
}): string {
  const text = example === '' ? '' : `: ${example}`;
  if (outcome === 'http' && code === '429') {
    return `HTTP 429${text} (the agent limits its rate: lower --rate, or raise its limit)`;
  }
  if (outcome === 'http' && (code === '401' || code === '403')) {
    return `HTTP ${code}${text} (give credentials: --bearer or --header)`;
  }
  if (outcome === 'http') return `HTTP ${code}${text}`;
  if (outcome === 'rpc-error') return `JSON-RPC error ${code}${text}`;
  if (outcome === 'failed') return `ended as ${code}`;
  return [outcome, ...(code === '' || code === outcome ? [] : [`(${code})`])].join(' ') + text;
}

const rounded = (value: number): string => String(Number(value.toPrecision(value >= 100 ? 4 : 3)));

const percent = (share: number): string => `${rounded(share * 100)} %`;
