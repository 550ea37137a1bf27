import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Finding } from '../core/findings/finding.ts';
import type { BaselineEntryRef, BaselineRun, Report } from '../core/findings/report.ts';
import { isMeasured } from '../core/findings/verdict.ts';
import { rows } from '../protocol/requirements/rows.ts';

/** A baseline file that cannot be used; one line with file and line number. */
export class BaselineError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BaselineError';
  }
}

/** Known failures, by requirement and interface (`gauntlet.baseline.yaml`). */
export interface Baseline {
  readonly path: string;
  readonly entries: readonly BaselineEntryRef[];
}

const text = z.string({ error: 'a text is expected' }).min(1, 'a text is expected');

const entrySchema = z.strictObject(
  {
    requirement: text,
    /** Binding of the interface; `*` for any, and for what concerns the card. */
    interface: text.default('*'),
    check: text.optional(),
    run: z.enum(['check', 'explore'], { error: 'is "check" or "explore"' }).optional(),
    verdict: z.enum(['fail', 'warn'], { error: 'is "fail" or "warn"' }).default('fail'),
    reason: text,
    link: text.optional(),
  },
  {
    error: messageOfObject(
      'an entry has requirement and reason, and where wanted interface, check, run, verdict, link',
    ),
  },
);

const baselineSchema = z.strictObject(
  {
    version: z.literal(1, { error: 'is 1' }),
    entries: z.array(entrySchema, { error: 'is a list' }).nullish(),
  },
  { error: messageOfObject('the file has version and entries') },
);

function messageOfObject(shape: string) {
  return (issue: { readonly code?: string; readonly keys?: unknown }): string =>
    issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
      ? `unknown ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; ${shape}`
      : shape;
}

/** @throws BaselineError where the file cannot be read or is no baseline. */
export async function readBaseline(path: string): Promise<Baseline> {
  try {
    return parseBaseline(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof BaselineError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new BaselineError(`the baseline ${path} cannot be read (${code})`, error);
  }
}

/** The same for text that was read already; `path` names it in errors and reports. */
export function parseBaseline(source: string, path: string): Baseline {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const failAt = (offset: number, message: string): never => {
    throw new BaselineError(`${path}:${lines.linePos(offset).line}: ${message}`);
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) return failAt(syntax.pos[0], syntax.message);

  const parsed = baselineSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const place = z.core.toDotPath(issue.path);
    return failAt(offsetOf(document, issue.path, key), `${place === '' ? '' : `${place}: `}${issue.message}`);
  }
  const entries = parsed.data.entries ?? [];
  entries.forEach((entry, index) => {
    if (rows.has(entry.requirement)) return;
    const place = ['entries', index, 'requirement'];
    failAt(
      offsetOf(document, place),
      `there is no requirement ${JSON.stringify(entry.requirement)}; list them with: a2a-gauntlet requirements`,
    );
  });
  return { path, entries };
}

/** Where a value (or a key of it) stands in the text; of what is missing, the nearest that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isMap(node) && key !== undefined) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return Number(node.range[0]);
    }
  }
  return 0;
}

export interface AppliedBaseline<F extends Finding> {
  /** The same findings, in order; expected failures carry `baseline`. */
  readonly findings: readonly (F & { readonly baseline?: { readonly reason: string; readonly link?: string } })[];
  readonly report: NonNullable<Report['baseline']>;
}

const matches = (entry: BaselineEntryRef, finding: Finding): boolean =>
  entry.requirement === finding.requirement &&
  (entry.interface === '*' || entry.interface === finding.interface?.binding) &&
  (entry.check === undefined || entry.check === finding.check);

/** A run that findings are of. */
export interface BaselineScope {
  readonly run: BaselineRun;
  /** Whether all that could be measured was: not where a run was interrupted or filtered. */
  readonly complete: boolean;
}

/**
 * Holds findings against the baseline. Pure.
 *
 * Entries of the other command say nothing. A run of generated cases meets what its seed draws: nothing is stale for it, and only
 * entries of its own are unverified.
 *
 * An entry is stale where its row was measured on that interface and no finding has its verdict; where the row was not
 * measured, or the run left checks out (`complete` false: interrupted, filtered), it is unverified: a check that did not
 * run might be the one that fails.
 */
export function applyBaseline<F extends Finding>(
  found: readonly F[],
  baseline: Baseline,
  { run, complete }: BaselineScope,
): AppliedBaseline<F> {
  const entries = baseline.entries.filter((entry) => entry.run === undefined || entry.run === run);
  const findings = found.map((finding) => {
    const entry = entries.find((known) => known.verdict === finding.verdict && matches(known, finding));
    if (entry === undefined) return finding;
    const { reason, link } = entry;
    return { ...finding, baseline: { reason, ...(link === undefined ? {} : { link }) } };
  });
  const absent = entries.filter(
    (entry) => !found.some((finding) => finding.verdict === entry.verdict && matches(entry, finding)),
  );
  const isStale = (entry: BaselineEntryRef): boolean =>
    run === 'check' && complete && found.some((finding) => isMeasured(finding.verdict) && matches(entry, finding));
  return {
    findings,
    report: {
      path: baseline.path,
      stale: absent.filter(isStale),
      unverified: absent.filter((entry) => !isStale(entry) && (run === 'check' || entry.run === run)),
    },
  };
}

const placeOf = ({ requirement, interface: ref, check }: BaselineEntryRef): string =>
  [requirement, ...(ref === '*' ? [] : [`on ${ref}`]), ...(check === undefined ? [] : [`by ${check}`])].join(' ');

/** One line for a stale entry: what it says and what to do. */
export const describeStale = (entry: BaselineEntryRef, path: string): string =>
  `${path} expects ${placeOf(entry)} to ${entry.verdict}, but it was measured and did not: remove the entry`;

/** One line for an entry of which the run cannot tell whether it is stale. */
export const describeUnverified = (entry: BaselineEntryRef, findings: readonly Finding[]): string =>
  findings.some((finding) => isMeasured(finding.verdict) && matches(entry, finding))
    ? `${placeOf(entry)} did not ${entry.verdict}, but this was not a whole run`
    : `${placeOf(entry)} was not measured`;
