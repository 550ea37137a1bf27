import type { PatchRelease } from '../../protocol/errors.ts';
import type { Area } from '../../protocol/requirements/row.ts';
import type { Exchange } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';
import type { ChaosSection } from './chaos-section.ts';
import type { ExploreSection } from './explore-section.ts';
import type { Counterexample, Finding, Verdict } from './finding.ts';
import type { LoadSection } from './load-section.ts';

/** Rows counted by measurement; a row is measured where some finding of it is `pass`, `fail` or `warn`. */
export interface RowCounts {
  /** Rows of the pinned text that this run selected (by default all), all roles. */
  readonly total: number;
  /** Observable on a server and not `skip` by the card. */
  readonly applicable: number;
  readonly measured: number;
}

/**
 * Requirement rows by verdict: each row once, as the worst of all its findings over checks and interfaces. MAY rows are
 * never graded and not counted here. So pass + fail + warn = measured.
 */
export type RowSummary = Readonly<Record<Verdict, number>> & { readonly requirements: RowCounts };

/** What of the command decides the findings, kept for `replay`. Values of headers are never kept. */
export interface ReportedOptions {
  readonly cardUrl: string | null;
  /** Names of the headers that the user gave; `replay` needs their values again. */
  readonly headers: readonly string[];
  /** Certificates were not verified. */
  readonly insecure: boolean;
  /** Bindings that were asked for; empty: all that the card declares. */
  readonly bindings: readonly string[];
  /** Milliseconds for one operation. */
  readonly timeoutMs: number;
  readonly maxTasks: number;
  readonly concurrency: number;
  readonly intrusive: boolean;
  readonly strict: boolean;
  /** `tck`, the path of a stimuli file, or null for none. */
  readonly stimuli: string | null;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly level: 'MUST' | 'SHOULD' | null;
  /** The patch release that the target was held to, or null for what any allows; absent in reports of older versions. */
  readonly specPatch?: PatchRelease | null | undefined;
  /** A second principal was named; `replay` needs its token again. */
  readonly secondPrincipal?: boolean | undefined;
  /** Tenants that were named; absent in reports of older versions. */
  readonly tenants?: readonly string[] | undefined;
}

/** The commands that hold their findings against a baseline. */
export type BaselineRun = 'check' | 'explore';

/** An entry of `gauntlet.baseline.yaml`, as far as a report speaks of it. */
export interface BaselineEntryRef {
  readonly requirement: string;
  /** Binding of the interface; `*` for any, and for the card. */
  readonly interface: string;
  readonly check?: string;
  /** The command that finds it, where the other one does not; absent: either. */
  readonly run?: BaselineRun;
  readonly verdict: 'fail' | 'warn';
  readonly reason: string;
  readonly link?: string;
}

/** The truth of a run; every format derives from it. Published as `reports/schema/report.schema.json`. */
export interface Report {
  readonly schemaVersion: '1.2';
  readonly tool: { readonly name: 'a2a-gauntlet'; readonly version: string };
  readonly spec: { readonly version: '1.0.1' };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** What the same run is made from again; 0 for load, which draws nothing. */
  readonly seed: number;
  readonly options: ReportedOptions;
  readonly target: {
    readonly url: string;
    /** The agent of this tool, started for this run; its URL is gone when the run is over. */
    readonly embedded: { readonly profile: string } | null;
    readonly cardUrl: string | null;
    readonly card: Readonly<Record<string, unknown>> | null;
    readonly dialect: string | null;
    readonly interfaces: readonly InterfaceRef[];
    readonly unmeasured: readonly { readonly interface: InterfaceRef; readonly reason: string }[];
  };
  /** `complete`, or why the run ended before its plan did; `hint` says what to do about it. */
  readonly end: {
    readonly kind: 'complete' | 'interrupted' | 'target-lost' | 'unreachable';
    readonly reason?: string;
    readonly hint?: string;
    /** The exchanges that show it: the last ones before the target was lost, the attempts to find its card. */
    readonly evidence?: readonly Exchange[];
  };
  /** How the command ends: the code of the process and what it means. */
  readonly exit: { readonly code: number; readonly meaning: string };
  readonly summary: RowSummary & {
    readonly areas: readonly (RowSummary & { readonly area: Area })[];
  };
  /** Null where no baseline was given. */
  readonly baseline: {
    readonly path: string;
    /** Entries whose row was measured and did not fail: they fail the run. */
    readonly stale: readonly BaselineEntryRef[];
    /** Entries whose row was not measured, or a run too partial to tell. */
    readonly unverified: readonly BaselineEntryRef[];
  } | null;
  readonly tasksCreated: number;
  readonly exchanges: number;
  /** Requests of a check that failed inside the agent (§3.3.2) and were answered when they were made again; absent: none. */
  readonly accidents?: number;
  readonly findings: readonly ReportedFinding[];
  /** Of a load run that began. */
  readonly load?: LoadSection;
  /** Of a chaos run. */
  readonly chaos?: ChaosSection;
  /** Of a run of generated cases. */
  readonly explore?: ExploreSection;
}

/** A finding with what the baseline says of it and the way to run it again. */
export interface ReportedFinding extends Finding {
  /** The baseline entry that expects this failure; such a finding does not fail the run. */
  readonly baseline?: { readonly reason: string; readonly link?: string };
  /** Redacted `curl` commands of the evidence, in order. */
  readonly curl: readonly string[];
  readonly counterexample?: ReportedCounterexample;
}

/** With the redacted commands of its steps, in order. */
export interface ReportedCounterexample extends Counterexample {
  readonly curl: readonly string[];
}
