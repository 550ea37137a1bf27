import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../core/findings/finding.ts';
import type { LoadSection } from '../core/findings/load-section.ts';
import type { Exchange, Headers, History } from '../core/history/exchange.ts';
import { hostOf, isThisMachine } from '../fixtures/guest/hosts.ts';
import { dockerImages } from '../fixtures/tools/docker-images.ts';
import { k6Recipe } from '../fixtures/tools/k6.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { describeTool, type Tool } from '../fixtures/tools/tool.ts';
import type { Target } from '../core/target/target.ts';
import { connect, type LoadTarget } from './connect.ts';
import type { LoadListener } from './events.ts';
import { readAll, type FinalReads } from './final-reads.ts';
import { generate, isStreamed, type Generated } from './generate.ts';
import { exchangeOf, historyOf, type HistoryFacts } from './history.ts';
import type { DropLine, RunLine } from './journal.ts';
import { JournalTail } from './journal-tail.ts';
import { Ledger } from './ledger.ts';
import { LoadError } from './load-error.ts';
import { Measuring } from './measurement.ts';
import { plannedTasks, resolveOptions, type LoadOptions, type LoadSettings } from './options.ts';
import { indicativeReason, summarize } from './summarize.ts';
import { sendTrial } from './trial.ts';

export interface LoadResult {
  readonly section: LoadSection;
  readonly findings: readonly Finding[];
  readonly target: Target;
  /** Tasks that the run made, the one that was tried first among them. */
  readonly tasksCreated: number;
  /** Exchanges of the whole run, kept or not. */
  readonly exchanges: number;
  /** The sample, with the reads of its tasks: what the invariants of core judged, and evidence for a report. */
  readonly history: History;
}

/**
 * One load run: provisions k6, tries one task, runs the schedule, reads every acknowledged task afterwards, judges. An aborted
 * signal ends the schedule early; what was measured so far is judged all the same. Nothing is left behind.
 *
 * @throws ToolError, LoadError, GuestRefusal, InvalidTargetUrl, DiscoveryError, each of one line with a `hint` (but
 * InvalidTargetUrl); the signal's reason where it was aborted before the schedule began.
 */
export async function runLoad(
  options: LoadOptions,
  listener: LoadListener = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<LoadResult> {
  const settings = resolveOptions(options);
  signal.throwIfAborted();
  // Wrong addresses and dead agents are said before anything is built.
  await using target = await connect(settings, signal);
  listener({ type: 'target', url: target.target.url, interfaceUrl: target.interface.url });
  const tool = await provisionK6(settings, listener, signal);
  const trial = await sendTrial(target, settings, signal);
  listener({ type: 'trial', durationMs: trial.durationMs });
  const directory = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-load-'));
  try {
    return await measure({ settings, target, tool, trial, directory, listener, signal });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function provisionK6(settings: LoadSettings, listener: LoadListener, signal: AbortSignal): Promise<Tool> {
  const tool = await provision(k6Recipe, {
    container: dockerImages(),
    ...settings.tools,
    signal,
    onProgress: (line) => listener({ type: 'provisioning', line }),
  });
  const note = tool.complete
    ? null
    : `this is a stock k6 (${tool.origin}: ${describeTool(tool)}): tasks are sent with SendMessage, signal latency stays untested`;
  listener({ type: 'provisioned', tool, note });
  return tool;
}

interface Run {
  readonly settings: LoadSettings;
  readonly target: LoadTarget;
  readonly tool: Tool;
  readonly trial: Awaited<ReturnType<typeof sendTrial>>;
  readonly directory: string;
  readonly listener: LoadListener;
  readonly signal: AbortSignal;
}

async function measure(run: Run): Promise<LoadResult> {
  const { settings, target, directory, listener, signal } = run;
  const journal = settings.journal ?? join(directory, 'journal.ndjson');
  const clocksComparable = areClocksComparable(settings, target.interface.url);
  listener({
    type: 'started',
    ratePerMinute: settings.rate,
    durationMs: settings.durationMs,
    planned: plannedTasks(settings),
    indicative: indicativeReason(settings),
  });
  const zeroMicros = (Date.now() - performance.now()) * 1_000;
  const generated = await generate({ ...run, journal, clocksComparable });
  const read = await readJournalTwice(run, journal, generated, clocksComparable, zeroMicros);

  // After an interrupt the user waits: what is read then is not worth much.
  const given = generated.end.kind === 'complete' ? read.ledger.tasks : [];
  target.recorder.keeps = ({ intent }) =>
    intent.kind === 'operation' && intent.operation === 'GetTask' && read.sentOf.has(String(intent.params['id']));
  const reads = await readAll({
    tasks: given,
    read: async (id, readSignal) => {
      const options = readSignal === undefined ? {} : { signal: readSignal };
      return (await target.client.call('GetTask', { id, historyLength: 0 }, options)).reply;
    },
    concurrency: settings.readConcurrency,
    drainMs: settings.drainMs,
    purges: settings.purges,
    onProgress: (done, total) => listener({ type: 'reading', done, total }),
    signal,
  });
  const history = historyOf([...read.exchanges, ...target.recorder.history().exchanges.filter(isOfTask)]);
  const { section, findings } = summarize({
    settings,
    tool: run.tool,
    streamed: isStreamed(run.tool, settings),
    target: target.target,
    interface: target.interface,
    generated,
    measurement: read.measurement,
    runLine: read.runLine,
    ranMs: read.ranMicros / 1_000,
    clocksComparable,
    ledger: read.ledger,
    reads: withUntried(reads, read.ledger.tasks.length, generated.end.reason),
    history,
    evidenceOf: evidenceIn(history, read.sentOf),
    sampledTasks: read.exchanges.length,
  });
  listener({ type: 'finished', section });
  const { started } = section.offered;
  return {
    section,
    findings,
    target: target.target,
    tasksCreated: started + 1,
    exchanges: started + target.recorder.seen,
    history,
  };
}

/** The sends that got a task, and the reads of it. */
const evidenceIn =
  ({ exchanges }: History, sentOf: ReadonlyMap<string, readonly Exchange[]>) =>
  (taskId: string): readonly Exchange[] => [
    ...(sentOf.get(taskId) ?? []),
    ...exchanges.filter(
      ({ actor, intent }) => actor !== 'load' && 'params' in intent && intent.params['id'] === taskId,
    ),
  ];

/** Counts the tasks that were not even tried as unread. */
function withUntried(reads: FinalReads, acknowledged: number, reason: string | null): FinalReads {
  const untried = acknowledged - reads.acknowledged;
  if (untried === 0) return reads;
  return { ...reads, acknowledged, unread: reads.unread + untried, unreadReason: reason ?? 'they were not tried' };
}

/** The card is no business of the invariants here, nor is the trial, which nobody measured. */
const isOfTask = ({ actor, intent }: Exchange): boolean =>
  actor === 'main' && intent.kind === 'operation' && intent.operation === 'GetTask';

/** The user's own headers may be secret: their values are in no record. */
const recordedHeaders = ({ headers, userHeaders }: LoadTarget): Headers =>
  Object.entries(headers).map(([name, value]) => [name, userHeaders.includes(name) ? '[redacted]' : value] as const);

/** Whether times of the agent and of the generator are readings of one clock. */
function areClocksComparable({ clocks }: LoadSettings, url: string): boolean {
  if (clocks !== 'auto') return clocks === 'same';
  const host = hostOf(url);
  return host !== undefined && isThisMachine(host);
}

/** Dropped moments come late into the journal and decide what the tasks before them are measured against: hence two passes. */
async function readJournalTwice(
  { settings, target, tool }: Run,
  journal: string,
  generated: Generated,
  clocksComparable: boolean,
  zeroMicros: number,
) {
  let runLine: RunLine | undefined;
  const drops: DropLine[] = [];
  // A run that was cut short is judged up to the first task that it gave up.
  let givenUp = Infinity;
  let lastDue = 0;
  await new JournalTail(journal, (line) => {
    if (line.k === 'run') runLine ??= line;
    else if (line.k === 'drop') drops.push(line);
    else if (line.out === 'canceled') givenUp = Math.min(givenUp, line.sch);
    else lastDue = Math.max(lastDue, line.sch);
  }).catchUp();
  if (runLine === undefined) {
    if (generated.end.kind === 'complete') {
      throw new LoadError('generator-failed', 'k6 ended without having started a task', 'run it again with --verbose');
    }
    runLine = { k: 'run', clock: 'none', start: Date.now() * 1_000, period: 60_000_000 / settings.rate };
  }
  const { start, period } = runLine;
  const wholeMicros = settings.durationMs * 1_000;
  const ranMicros =
    generated.end.kind === 'complete'
      ? wholeMicros
      : Math.max(0, Math.min(wholeMicros, givenUp - start, lastDue + period - start));
  const measuring = new Measuring({
    run: runLine,
    drops,
    unlistedDrops: Math.max(0, (generated.summary?.dropped ?? 0) - drops.length),
    scheduledMicros: ranMicros,
    clocksComparable,
  });
  const ledger = new Ledger();
  const exchanges: Exchange[] = [];
  const sentOf = new Map<string, Exchange[]>();
  const facts: HistoryFacts = {
    interface: target.interface,
    operation: isStreamed(tool, settings) ? 'SendStreamingMessage' : 'SendMessage',
    headers: recordedHeaders(target),
    clock: target.recorder.clock,
    zeroMicros,
  };
  await new JournalTail(journal, (line) => {
    if (line.k !== 'task') return;
    measuring.add(line);
    ledger.add(line);
    const exchange = exchangeOf(line, facts);
    if (exchange === undefined) return;
    exchanges.push(exchange);
    if (line.id !== undefined) sentOf.set(line.id, [...(sentOf.get(line.id) ?? []), exchange]);
  }).catchUp();
  return { runLine, ranMicros, measurement: measuring.result(), ledger, exchanges, sentOf };
}
