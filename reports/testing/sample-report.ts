import type { Finding, Verdict } from '../../core/findings/finding.ts';
import type { Report, ReportedFinding, RowSummary } from '../../core/findings/report.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import type { InterfaceRef } from '../../core/target/target.ts';
import { rows } from '../../protocol/requirements/rows.ts';

/** Reports made by hand, for the tests of what reads them. Rows are real; figures and exchanges are invented. */

export const jsonRpc: InterfaceRef = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:4000/rpc' };

export const sampleExchange: Exchange = {
  id: 'x7',
  actor: 'main',
  interface: jsonRpc,
  intent: { kind: 'operation', operation: 'GetTask', params: { id: 'none' } },
  request: {
    method: 'POST',
    url: jsonRpc.url,
    headers: [['content-type', 'application/json']],
    body: '{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"none"}}',
  },
  response: {
    status: 200,
    headers: [['content-type', 'application/json']],
    body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}}',
    validUtf8: true,
    truncated: false,
    headAt: 1003.5,
  },
  events: [],
  endedBy: 'server',
  startedAt: 1000,
  endedAt: 1004,
  clock: 'sample',
  outcome: 'error',
};

/** A finding on a real row; level and section are the row's. */
export function sampleFinding(
  requirement: string,
  verdict: Verdict,
  extra: Partial<ReportedFinding> = {},
): ReportedFinding {
  const row = rows.get(requirement);
  if (row === undefined) throw new Error(`no row ${requirement}`);
  const finding: Omit<Finding, 'counterexample'> = {
    check: `${requirement}-check`,
    requirement,
    level: row.level,
    section: row.section,
    interface: jsonRpc,
    verdict,
    reason: 'as the text says',
    durationMs: 12,
    evidence: [],
  };
  return { ...finding, curl: [], ...extra };
}

const findings: readonly ReportedFinding[] = [
  sampleFinding('envelope/version', 'pass'),
  sampleFinding('errors/get-unknown-task', 'fail', {
    check: 'errors/unknown-task',
    reason: 'GetTask of an unknown id was refused in another way',
    expected: 'TaskNotFoundError (-32001)',
    actual: `InternalError (-32603): Internal error \u001b[31mwith an escape sequence\u001b[0m and ${'a long text '.repeat(12)}`,
    evidence: [sampleExchange],
    curl: [`curl -sS -X POST '${jsonRpc.url}' -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1}'`],
  }),
  sampleFinding('errors/cancel-unknown-task', 'pass', { check: 'errors/unknown-task' }),
  sampleFinding('errors/missing-required-field', 'warn', {
    reason: 'a message without parts was accepted',
    expected: 'InvalidParamsError (-32602)',
    actual: 'a result',
    readings: ['§5.7: SHOULD reject', '§3.3.2: MUST validate all input'],
  }),
  sampleFinding('errors/parse-error', 'fail', {
    baseline: { reason: 'answers -32600', link: 'https://example.com/tracker/7' },
  }),
  sampleFinding('get/history-length', 'untested', {
    reason: 'no message was found that makes the agent behave as "input-required"',
    hint: 'name one in a stimuli file: --stimuli <file> with an entry "input-required"',
  }),
  sampleFinding('streaming/closes-at-terminal', 'skip', { reason: 'the card does not declare capabilities.streaming' }),
];

const base: Omit<Report, 'summary' | 'findings'> = {
  schemaVersion: '1.2',
  tool: { name: 'a2a-gauntlet', version: '0.0.0' },
  spec: { version: '1.0.1' },
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 4210,
  seed: 42,
  options: {
    cardUrl: null,
    headers: ['Authorization'],
    insecure: false,
    bindings: [],
    timeoutMs: 10_000,
    maxTasks: 100,
    concurrency: 4,
    intrusive: false,
    strict: false,
    stimuli: 'tck',
    only: [],
    skip: [],
    level: null,
  },
  target: {
    url: 'http://127.0.0.1:4000',
    embedded: null,
    cardUrl: 'http://127.0.0.1:4000/.well-known/agent-card.json',
    card: { name: 'Sample | agent', supportedInterfaces: [] },
    dialect: 'a2a-1.0',
    interfaces: [jsonRpc],
    unmeasured: [
      {
        interface: { binding: 'GRPC', version: '1.0', url: '127.0.0.1:50051' },
        reason: 'binding GRPC is not spoken by this version of the tool',
      },
    ],
  },
  end: { kind: 'complete' },
  exit: { code: 1, meaning: 'a MUST failed; a baseline entry is stale' },
  baseline: {
    path: 'gauntlet.baseline.yaml',
    stale: [
      {
        requirement: 'envelope/version',
        interface: 'JSONRPC',
        check: 'invariants/json-rpc-envelope',
        verdict: 'fail',
        reason: 'answers without jsonrpc',
      },
    ],
    unverified: [{ requirement: 'get/history-length', interface: '*', verdict: 'warn', reason: 'ignores 0' }],
  },
  tasksCreated: 17,
  exchanges: 112,
};

const counts = (
  [pass, fail, warn, skip, untested]: readonly [number, number, number, number, number],
  [measured, applicable, total]: readonly [number, number, number],
): RowSummary => ({ pass, fail, warn, skip, untested, error: 0, requirements: { measured, applicable, total } });

const nothing = counts([0, 0, 0, 0, 0], [0, 0, 0]);

/** A run that failed in every way at once. */
export const failingReport: Report = {
  ...base,
  summary: {
    ...counts([2, 2, 1, 1, 1], [5, 130, 180]),
    areas: [
      { area: 'envelope', ...counts([1, 0, 0, 0, 0], [1, 17, 19]) },
      { area: 'get', ...counts([0, 0, 0, 0, 1], [0, 8, 9]) },
      { area: 'streaming', ...counts([0, 0, 0, 1, 0], [0, 21, 23]) },
      { area: 'errors', ...counts([1, 2, 1, 0, 0], [4, 84, 129]) },
    ],
  },
  findings,
};

const passing = [sampleFinding('envelope/version', 'pass')];

/** A run of few rows that found nothing to say. */
export const cleanReport: Report = {
  ...base,
  target: { ...base.target, embedded: { profile: 'full' }, unmeasured: [] },
  exit: { code: 0, meaning: 'conformant: nothing that was measured is violated' },
  baseline: null,
  summary: {
    ...counts([1, 0, 0, 0, 0], [1, 17, 19]),
    areas: [{ area: 'envelope', ...counts([1, 0, 0, 0, 0], [1, 17, 19]) }],
  },
  findings: passing,
};

/** A run that found no card. */
export const unreachableReport: Report = {
  ...base,
  target: { ...base.target, cardUrl: null, card: null, dialect: null, interfaces: [], unmeasured: [] },
  end: {
    kind: 'unreachable',
    reason: 'GET http://127.0.0.1:4000/.well-known/agent-card.json: connection refused',
    hint: 'start the agent, or check host and port',
  },
  exit: { code: 3, meaning: 'nothing could be measured' },
  baseline: null,
  tasksCreated: 0,
  exchanges: 1,
  summary: { ...nothing, areas: [] },
  findings: [],
};
