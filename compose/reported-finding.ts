import type { Finding } from '../core/findings/finding.ts';
import type { ReportedFinding } from '../core/findings/report.ts';
import { curlOf } from '../core/history/curl.ts';
import type { Exchange } from '../core/history/exchange.ts';
import type { Redactor } from '../core/history/redact.ts';
import type { InterfaceRef } from '../core/target/target.ts';

/** Characters of a body, and of one event, that a report keeps. */
const bodyKept = 64 * 1024;
/** Events of a stream that a report keeps. */
const eventsKept = 200;
/** Exchanges of a finding that a report keeps: an accusation needs more of them than a pass. */
const evidenceKept = { pass: 2, skip: 2, untested: 4, warn: 12, fail: 12, error: 12 } as const;

const cut = (text: string): string => (text.length > bodyKept ? `${text.slice(0, bodyKept)}…` : text);

/** Bytes are kept whole, or not at all. */
function withoutLong<Part extends { readonly bytes?: string }>(part: Part): Part {
  if ((part.bytes?.length ?? 0) <= bodyKept) return part;
  const { bytes: _, ...rest } = part;
  return rest as Part;
}

/** An exchange as a report shows it: without secrets, long bodies cut. */
export function reportedExchange(exchange: Exchange, redactor: Redactor): Exchange {
  const { request, response, events, ...rest } = redactor.exchange(exchange);
  return {
    ...rest,
    request: { ...withoutLong(request), body: request.body === null ? null : cut(request.body) },
    response: response && {
      ...withoutLong(response),
      body: cut(response.body),
      truncated: response.truncated || response.body.length > bodyKept,
    },
    events: events.slice(0, eventsKept).map((event) => ({ ...withoutLong(event), data: cut(event.data) })),
  };
}

/** Any JSON-like value with the redactor's text in every string of it. */
export function redactedValue<Value>(value: Value, redactor: Pick<Redactor, 'text'>): Value {
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return redactor.text(node);
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, walk(member)]));
  };
  return walk(value) as Value;
}

/** An interface of a card: its URL may hold credentials too. */
export const reportedInterface = (ref: InterfaceRef, redactor: Redactor): InterfaceRef => ({
  ...redactedValue(ref, redactor),
  url: redactor.url(ref.url),
});

/** A finding as a report shows it. */
export function reportedFinding(finding: Finding, redactor: Redactor): ReportedFinding {
  const kept = finding.evidence.slice(0, evidenceKept[finding.verdict]);
  const { evidence: _, counterexample, ...said } = finding;
  const commands = (exchanges: readonly Exchange[]): readonly string[] =>
    exchanges
      // A command with a body of megabytes is of no use to anyone, nor is one to a webhook that is gone.
      .filter(({ request, intent }) => intent.kind !== 'delivery' && (request.body?.length ?? 0) <= bodyKept)
      .map((exchange) => curlOf(redactor.exchange(exchange)));
  return {
    ...redactedValue(said, redactor),
    interface: finding.interface === null ? null : reportedInterface(finding.interface, redactor),
    evidence: kept.map((exchange) => reportedExchange(exchange, redactor)),
    curl: commands(kept),
    ...(counterexample === undefined
      ? {}
      : { counterexample: { ...redactedValue(counterexample, redactor), curl: commands(finding.evidence) } }),
  };
}
