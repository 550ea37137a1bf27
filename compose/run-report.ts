import type { Report } from '../core/findings/report.ts';
import { summarize } from '../core/findings/summary.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Redactor } from '../core/history/redact.ts';
import type { InterfaceRef, Target } from '../core/target/target.ts';
import type { RequirementRow } from '../protocol/requirements/row.ts';
import { invariants, rows } from './catalogue.ts';
import { redactedValue, reportedExchange, reportedInterface } from './reported-finding.ts';
import { toolVersion } from './tool-version.ts';

/** What every report of this version begins with. */
export const reportHead = (): Pick<Report, 'schemaVersion' | 'tool' | 'spec'> => ({
  schemaVersion: '1.2',
  tool: { name: 'a2a-gauntlet', version: toolVersion() },
  spec: { version: '1.0.1' },
});

export interface ReportedTargetOptions {
  /** As the user typed it. */
  readonly url: string;
  readonly embedded?: { readonly profile: string } | undefined;
  /** Null where none was found. */
  readonly target: Target | null;
  /** More than those of `target`, where a run met several. */
  readonly interfaces?: readonly InterfaceRef[];
}

/** The target as a report shows it. */
export function reportedTarget(options: ReportedTargetOptions, redactor: Redactor): Report['target'] {
  const { url, embedded, target, interfaces = target?.interfaces ?? [] } = options;
  return {
    url: redactor.url(url),
    embedded: embedded ?? null,
    cardUrl: target === null ? null : redactor.url(target.cardUrl),
    card: target === null ? null : redactedValue(target.card, redactor),
    dialect: target?.dialect ?? null,
    interfaces: interfaces.map((ref) => reportedInterface(ref, redactor)),
    unmeasured: (target?.unmeasured ?? []).map(({ interface: ref, reason }) => ({
      interface: reportedInterface(ref, redactor),
      reason: redactor.text(reason),
    })),
  };
}

/** How the run ended, as a report shows it. */
export function reportedEnd({ evidence, ...said }: Report['end'], redactor: Redactor): Report['end'] {
  return {
    ...redactedValue(said, redactor),
    ...(evidence === undefined ? {} : { evidence: evidence.map((exchange) => reportedExchange(exchange, redactor)) }),
  };
}

/** The summary over the rows that invariants judge: those that a run without checks can measure. */
export function summarizeInvariants(findings: readonly Finding[]): Report['summary'] {
  const ids = new Set([
    ...invariants.flatMap(({ requirements }) => requirements),
    ...findings.map(({ requirement }) => requirement),
  ]);
  return summarize(
    [...ids].flatMap((id): RequirementRow[] => {
      const row = rows.get(id);
      return row === undefined ? [] : [row];
    }),
    findings,
  );
}
