import type { InterfaceRef } from '../target/target.ts';
import type { Finding, Verdict } from './finding.ts';

/** Rows counted by measurement; a row is measured where some finding of it is `pass`, `fail` or `warn`. */
export interface RowCounts {
  /** Rows of the pinned text in the areas of this run, all roles. */
  readonly total: number;
  /** Observable on a server and not `skip` by the card. */
  readonly applicable: number;
  readonly measured: number;
}

/** The truth of a run; every format derives from it. Published as `reports/schema/report.schema.json`. */
export interface Report {
  readonly schemaVersion: '1.0';
  readonly tool: { readonly name: 'a2a-gauntlet'; readonly version: string };
  readonly spec: { readonly version: '1.0.1' };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly target: {
    readonly url: string;
    readonly cardUrl: string | null;
    readonly card: Readonly<Record<string, unknown>> | null;
    readonly dialect: string | null;
    readonly interfaces: readonly InterfaceRef[];
    readonly unmeasured: readonly { readonly interface: InterfaceRef; readonly reason: string }[];
  };
  /** `complete`, or why the run ended before its plan did. */
  readonly end: { readonly kind: 'complete' | 'interrupted' | 'target-lost' | 'unreachable'; readonly reason?: string };
  readonly summary: Readonly<Record<Verdict, number>> & { readonly requirements: RowCounts };
  readonly tasksCreated: number;
  readonly exchanges: number;
  readonly findings: readonly ReportedFinding[];
}

/** A finding with what the baseline says of it and the way to run it again. */
export interface ReportedFinding extends Finding {
  /** The baseline entry that expects this failure; such a finding does not fail the run. */
  readonly baseline?: { readonly reason: string; readonly link?: string };
  /** Redacted `curl` commands of the evidence, in order. */
  readonly curl: readonly string[];
}
