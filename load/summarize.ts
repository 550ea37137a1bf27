import type { Finding } from '../core/findings/finding.ts';
import type { LatencySummary, LoadSection } from '../core/findings/load-section.ts';
import type { History } from '../core/history/exchange.ts';
import type { InterfaceRef, Target } from '../core/target/target.ts';
import type { Tool } from '../fixtures/tools/tool.ts';
import { rows } from '../protocol/requirements/rows.ts';
import type { FinalReads } from './final-reads.ts';
import type { Generated } from './generate.ts';
import type { RunLine } from './journal.ts';
import type { Ledger } from './ledger.ts';
import {
  findingsOfRules,
  judgeBooks,
  judgeSample,
  loadInvariantOf,
  sampleInvariants,
  type EvidenceOf,
} from './load-invariants.ts';
import { chooseBasis, type Measurement, type SignalBasis } from './measurement.ts';
import { indicativeBelowMs, plannedTasks, type LoadSettings } from './options.ts';
import type { Latencies } from './statistics.ts';
import { judgeThresholds, overallVerdict } from './verdict.ts';

/** Everything that a run brought. */
export interface Brought {
  readonly settings: LoadSettings;
  readonly tool: Tool;
  /** Whether single events were followed. */
  readonly streamed: boolean;
  readonly target: Target;
  readonly interface: InterfaceRef;
  readonly generated: Generated;
  readonly measurement: Measurement;
  readonly runLine: RunLine;
  /** Milliseconds of the schedule that were run. */
  readonly ranMs: number;
  readonly clocksComparable: boolean;
  readonly ledger: Ledger;
  readonly reads: FinalReads;
  readonly history: History;
  readonly evidenceOf: EvidenceOf;
  readonly sampledTasks: number;
}

/** What a run is, written down. */
export interface Summary {
  readonly section: LoadSection;
  /** Rows × the interface: what the invariants say of the sample, and the rules of load over every task. */
  readonly findings: readonly Finding[];
}

/** Why the figures of a run are only indicative; null for one that is long enough. */
export const indicativeReason = ({ durationMs }: Pick<LoadSettings, 'durationMs'>): string | null =>
  durationMs >= indicativeBelowMs
    ? null
    : `a run of ${Math.round(durationMs / 1_000)} s has few tasks: its p99 is only indicative (10 minutes is the default of load)`;

/** Judges a run and puts everything into the section of the report and its findings. Pure. */
export function summarize(brought: Brought): Summary {
  const { settings, tool, streamed, generated, measurement, ledger, reads, ranMs } = brought;
  const basis = basisOf(brought);
  const signals = signalsOf(measurement, basis);
  const { confidence } = settings.thresholds;
  const books = { streams: ledger.streams, defects: ledger.defects, reads, held: measurement.held };
  const rules = judgeBooks(books, brought.evidenceOf);
  const sample = judgeSample(brought.history, { target: brought.target, interface: brought.interface }, rows);
  const invariants = [...rules.map((rule) => loadInvariantOf(rule, rows)), ...sampleInvariants(sample)];
  const thresholds = judgeThresholds({
    thresholds: settings.thresholds,
    measurement,
    basis,
    p99Signal: signals?.estimate(0.99, confidence),
    signalSamples: signals?.count ?? 0,
    reads,
    dropped: measurement.dropped,
    dropReason: dropReasonOf(brought),
    purges: settings.purges,
    cutShort: generated.end.kind === 'complete' ? null : (generated.end.reason ?? 'the run was cut short'),
  });
  const brokenInvariants = [...new Set(invariants.flatMap((each) => (each.verdict === 'fail' ? [each.id] : [])))];
  const brokenThresholds = thresholds.flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []));
  const { binding, version, url, tenant } = brought.interface;
  const noEvents = noEventsReason(brought);
  const summary = (latencies: Latencies, without: string): LatencySummary => latencySummary(latencies, without);
  // Who chose plain messages demands nothing of signals.
  const demanded = thresholds.filter(({ id }) => settings.mode === 'streaming' || id !== 'p99-signal');
  const section: LoadSection = {
    scenario: 'steady',
    mode: streamed ? 'streaming' : 'plain',
    options: optionsOf(settings),
    generator: {
      name: 'k6',
      version: tool.version,
      origin: tool.origin,
      extension: tool.complete,
      maxVUs: settings.maxVUs,
      cpuSeconds: generated.cpuSeconds,
    },
    interface: { binding, version, url, ...(tenant === undefined ? {} : { tenant }) },
    offered: {
      ratePerMinute: settings.rate,
      durationMs: settings.durationMs,
      planned: plannedTasks(settings),
      started: measurement.started,
      dropped: measurement.dropped,
      startedAt: measurement.started === 0 ? null : new Date(brought.runLine.start / 1_000).toISOString(),
      ranMs,
    },
    end: generated.end,
    tasks: {
      acknowledged: reads.acknowledged,
      byOutcome: measurement.byOutcome,
      finishedPerMinute: measurement.heldRatePerMinute ?? null,
      events: measurement.events,
      heldOpen: measurement.held,
    },
    errors: measurement.errors,
    latency: {
      submit: summary(measurement.submit, noEvents ?? 'no task was acknowledged'),
      firstSignal: summary(measurement.firstSignal, noEvents ?? 'no signal was received'),
      signal: signals === undefined ? { untested: basis.reason } : summary(signals, basis.reason),
      completion: summary(measurement.completion, 'no task was seen to its end'),
      generatorLag: summary(measurement.lag, 'no task was started'),
    },
    signalBasis: basis,
    finalReads: {
      acknowledged: reads.acknowledged,
      read: reads.read,
      found: reads.found,
      lost: reads.lostCount,
      lostExamples: reads.lost,
      purged: reads.purged,
      unread: reads.unread,
      unfinished: reads.unfinished,
    },
    sampledTasks: brought.sampledTasks,
    invariants,
    thresholds,
    verdict: overallVerdict(
      demanded.map(({ verdict }) => verdict),
      brokenInvariants.length,
    ),
    broken: [...brokenThresholds, ...brokenInvariants],
    indicative: indicativeReason(settings),
  };
  return { section, findings: [...findingsOfRules(rules, brought.interface, rows), ...sample] };
}

const optionsOf = (settings: LoadSettings): LoadSection['options'] => {
  const { taskTimeoutMs, mode, message, purges, clocks, stampKey, historySample, drainMs, thresholds } = settings;
  const plain = mode === 'plain';
  return { taskTimeoutMs, plain, message: message.parts, purges, clocks, stampKey, historySample, drainMs, thresholds };
};

/** Why nothing is known of single events; undefined where it is. */
function noEventsReason({ streamed, settings, tool }: Brought): string | undefined {
  if (streamed) return undefined;
  if (settings.mode === 'plain') return 'plain messages were sent, which have no signals';
  return `this k6 (${tool.origin}) is a stock one without k6/x/a2a and sees answers only whole: a2a-gauntlet doctor says how to get one, and with --plain nothing is demanded of signals`;
}

function basisOf(brought: Brought): SignalBasis {
  const without = noEventsReason(brought);
  if (without !== undefined) return { kind: 'none', reason: without };
  return chooseBasis(brought.measurement.stamps, brought.clocksComparable);
}

function signalsOf(measurement: Measurement, { kind }: SignalBasis): Latencies | undefined {
  switch (kind) {
    case 'emission-stamp':
      return measurement.signalSinceStamp;
    case 'causing-request':
      return measurement.signalSinceRequest;
    case 'none':
      return undefined;
  }
}

function latencySummary(latencies: Latencies, without: string): LatencySummary {
  const [p50, p90, p99] = [latencies.quantile(0.5), latencies.quantile(0.9), latencies.quantile(0.99)];
  const max = latencies.maxMs;
  if (p50 === undefined || p90 === undefined || p99 === undefined || max === undefined) return { untested: without };
  return { samples: latencies.count, p50, p90, p99, max };
}

/** A generator that is at its limit and an agent that holds all users look alike from far; the number of users tells them apart. */
function dropReasonOf({ settings, generated, measurement }: Brought): string {
  const usual = measurement.completion.quantile(0.5);
  const takes = usual === undefined ? '' : `, a task takes ${Math.round(usual)} ms`;
  if ((generated.summary?.vusMax ?? 0) >= settings.maxVUs) {
    return `all ${settings.maxVUs} virtual users were busy${takes}: the agent does not keep up, or raise --max-vus`;
  }
  return `k6 could not start them in time${takes}: lower --rate, or give this machine less other work`;
}
