import { z } from 'zod';
import { verdicts } from '../../core/findings/finding.ts';
import type { Report } from '../../core/findings/report.ts';
import { patchReleases } from '../../protocol/errors.ts';
import { operations, type Operation } from '../../protocol/operations.ts';
import { areas } from '../../protocol/requirements/row.ts';
import { chaosSchema } from './chaos-schema.ts';
import { counterexampleSchema, exploreSchema } from './explore-schema.ts';
import { interfaceRef } from './interface-schema.ts';
import { loadSchema } from './load-schema.ts';

/*
 * Versions of the report: 1.1 added `load`, `chaos`, `experiment` of a finding and `specPatch` of the options, 1.2 `explore` and
 * `counterexample` of a finding. A minor version only adds members, so a reader of 1.0 reads every 1.x and ignores what it does
 * not know; removing, renaming or changing the meaning of a member is a new major version. The JSON Schema beside this
 * file is made from it (`vitest -u` rewrites it; a test holds it current).
 */

const names = Object.keys(operations) as [Operation, ...Operation[]];
const count = z.int().min(0);
const milliseconds = z.number();
const record = z.record(z.string(), z.unknown());

const headers = z
  .array(z.tuple([z.string(), z.string()]))
  .meta({ id: 'headers', description: 'Header fields as on the wire, secrets redacted: name, value' });

const text = z.string().describe('Text as on the wire; of gRPC the message as ProtoJSON');
const bytes = z.string().describe('Of gRPC: the bytes as on the wire, in base64; absent where they hold a secret');

const intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('operation'), operation: z.enum(names), params: record }),
  z.object({ kind: z.literal('malformed'), violation: z.string(), operation: z.enum(names).optional() }),
  z.object({ kind: z.literal('fetch'), what: z.string() }),
  z
    .object({ kind: z.literal('delivery'), webhook: z.string() })
    .describe('A notification of the agent to a webhook: the harness is the server'),
]);

const exchange = z
  .object({
    id: z.string(),
    actor: z.string(),
    interface: interfaceRef.nullable(),
    intent,
    request: z.object({ method: z.string(), url: z.string(), headers, body: text.nullable(), bytes: bytes.optional() }),
    response: z
      .object({
        status: z.int(),
        headers,
        body: text,
        bytes: bytes.optional(),
        trailers: headers.optional(),
        validUtf8: z.boolean(),
        truncated: z.boolean(),
        headAt: milliseconds,
      })
      .nullable(),
    events: z.array(
      z.object({
        at: milliseconds,
        data: text,
        bytes: bytes.optional(),
        id: z.string().optional(),
        event: z.string().optional(),
      }),
    ),
    endedBy: z.enum(['server', 'client', 'broken', 'deadline']),
    startedAt: milliseconds,
    endedAt: milliseconds,
    clock: z.string(),
    outcome: z.enum(['ok', 'error', 'indefinite']),
    failure: z
      .object({
        kind: z.enum(['timeout', 'refused', 'reset', 'dns', 'tls', 'redirect', 'aborted', 'protocol', 'other']),
        message: z.string(),
      })
      .optional(),
  })
  .meta({
    id: 'exchange',
    description: 'One exchange as on the wire; times in milliseconds on the monotonic clock named by `clock`',
  });

const verdictCounts = {
  pass: count,
  fail: count,
  warn: count,
  skip: count,
  untested: count,
  error: count,
} satisfies Record<(typeof verdicts)[number], typeof count>;

const rowSummary = {
  ...verdictCounts,
  requirements: z.object({
    total: count.describe('Rows of the pinned text that the run selected'),
    applicable: count.describe('Rows that can be observed on a server and are not skip by the card'),
    measured: count.describe('Rows with a pass, fail or warn'),
  }),
};

const finding = z
  .object({
    check: z.string(),
    requirement: z.string(),
    level: z.enum(['MUST', 'SHOULD', 'MAY']),
    section: z.string().describe('Section of the pinned text'),
    interface: interfaceRef.nullable().describe('Null for what concerns the card'),
    verdict: z.enum(verdicts),
    reason: z.string(),
    expected: z.string().optional(),
    actual: z.string().optional(),
    hint: z.string().optional().describe('How to get an untested row measured'),
    readings: z.array(z.string()).optional().describe('The readings of the text that allow more than one answer'),
    durationMs: milliseconds,
    evidence: z.array(exchange),
    baseline: z
      .object({ reason: z.string(), link: z.string().optional() })
      .optional()
      .describe('The baseline entry that expects this failure'),
    curl: z.array(z.string()).describe('Redacted commands of the evidence, in order'),
    experiment: z.string().optional().describe('Id of the experiment over whose history it was judged; since 1.1'),
    counterexample: counterexampleSchema.optional().describe('Of a suite of generated cases; since 1.2'),
  })
  .meta({ id: 'finding', description: 'One requirement row on one interface, as one check saw it' });

const baselineEntry = z
  .object({
    requirement: z.string(),
    interface: z.string().describe('Binding, or * for any and for the card'),
    check: z.string().optional(),
    run: z.enum(['check', 'explore']).optional().describe('The command that finds it; absent: either; since 1.2'),
    verdict: z.enum(['fail', 'warn']),
    reason: z.string(),
    link: z.string().optional(),
  })
  .meta({ id: 'baselineEntry', description: 'An entry of gauntlet.baseline.yaml' });

/** The zod schema of `Report` (`core/findings/report.ts`); `schemaIsReport` holds the two equal. */
export const reportSchema = z
  .object({
    schemaVersion: z.literal('1.2'),
    tool: z.object({ name: z.literal('a2a-gauntlet'), version: z.string() }),
    spec: z.object({ version: z.literal('1.0.1') }),
    startedAt: z.iso.datetime(),
    durationMs: milliseconds,
    seed: z.int(),
    options: z
      .object({
        cardUrl: z.string().nullable(),
        headers: z.array(z.string()).describe('Names only'),
        insecure: z.boolean(),
        bindings: z.array(z.string()).describe('Those that were asked for; empty: all of the card'),
        timeoutMs: milliseconds,
        maxTasks: count,
        concurrency: count,
        intrusive: z.boolean(),
        strict: z.boolean(),
        stimuli: z.string().nullable().describe('tck, the path of a stimuli file, or null'),
        only: z.array(z.string()),
        skip: z.array(z.string()),
        level: z.enum(['MUST', 'SHOULD']).nullable(),
        specPatch: z
          .enum(patchReleases)
          .nullable()
          .optional()
          .describe('The patch release that the target was held to; null: what any allows'),
        secondPrincipal: z.boolean().optional().describe('A second principal was named; since 1.2'),
        tenants: z.array(z.string()).optional().describe('Tenants that were named; since 1.2'),
      })
      .describe('What of the command decides the findings'),
    target: z.object({
      url: z.string(),
      embedded: z.object({ profile: z.string() }).nullable(),
      cardUrl: z.string().nullable(),
      card: record.nullable(),
      dialect: z.string().nullable(),
      interfaces: z.array(interfaceRef),
      unmeasured: z.array(z.object({ interface: interfaceRef, reason: z.string() })),
    }),
    end: z.object({
      kind: z.enum(['complete', 'interrupted', 'target-lost', 'unreachable']),
      reason: z.string().optional(),
      hint: z.string().optional(),
      evidence: z.array(exchange).optional().describe('The exchanges that show why the run ended early'),
    }),
    exit: z.object({ code: z.int(), meaning: z.string() }),
    summary: z
      .object({ ...rowSummary, areas: z.array(z.object({ ...rowSummary, area: z.enum(areas) })) })
      .describe('Requirement rows by verdict, each once, as the worst of its findings'),
    baseline: z
      .object({
        path: z.string(),
        stale: z.array(baselineEntry).describe('Measured and no longer failing: they fail the run'),
        unverified: z.array(baselineEntry).describe('Not measured in this run'),
      })
      .nullable(),
    tasksCreated: count,
    exchanges: count,
    accidents: count
      .optional()
      .describe('Requests that failed inside the agent and were answered when made again; absent: none; since 1.2'),
    findings: z.array(finding),
    load: loadSchema.optional().describe('Of a load run; since 1.1'),
    chaos: chaosSchema.optional().describe('Of a chaos run; since 1.1'),
    explore: exploreSchema.optional().describe('Of a run of generated cases; since 1.2'),
  })
  .meta({ title: 'a2a-gauntlet report', description: 'The truth of a run; every other format derives from it.' });

/** The JSON Schema (draft 2020-12) that is published; members it does not name are allowed (a later minor adds them). */
export const reportJsonSchema = (): object => z.toJSONSchema(reportSchema, { io: 'input', target: 'draft-2020-12' });

/** zod infers mutable types; reports are read only. */
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;

/** Does not compile where schema and type differ. */
export const schemaIsReport: Same<Mutable<z.infer<typeof reportSchema>>, Mutable<Report>> = true;
