import type { Check } from '../../core/engine/check.ts';
import { deadlinesFrom } from '../../core/engine/deadlines.ts';
import { makePlan } from '../../core/engine/plan.ts';
import { runPlan, type RunResult } from '../../core/engine/run.ts';
import { HistoryRecorder } from '../../core/history/recorder.ts';
import type { Invariant } from '../../core/invariants/invariant.ts';
import type { Behaviours, Observed, Stimulus, StimulusName } from '../../core/target/behaviours.ts';
import type { CardKeyStore } from '../../core/target/card-keys.ts';
import { interfaceKey, type Contract, type InterfaceRef, type Target } from '../../core/target/target.ts';
import { createBindingClient } from '../../core/wire/connect.ts';
import type { HttpPort } from '../../core/wire/http/http-port.ts';
import { createHttpPort } from '../../core/wire/http/undici-port.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { refuseKeySet } from '../../fixtures/guest/guest-rules.ts';
import { isObject, readCard } from '../../fixtures/discovery/read-card.ts';
import { tckStimuli } from '../../fixtures/stimuli/tck-preset.ts';
import { startWebhookReceiver } from '../../fixtures/webhook/receiver.ts';
import { rows } from '../../protocol/requirements/rows.ts';

export interface ProbeAgainstOptions {
  /** The JSON-RPC endpoint; or the agent's base URL, where the card names the endpoint. */
  readonly url: string;
  /** Default: fetched from the well-known place of the URL's origin. */
  readonly card?: Readonly<Record<string, unknown>>;
  /** Messages taken as eliciting their behaviour, without exploration, the first of a name; default: the preset `tck`. */
  readonly stimuli?: readonly Stimulus[];
  /** Instead of `stimuli`: what exploration gave. */
  readonly behaviours?: Omit<Behaviours, 'interface'>;
  readonly seed?: number;
  /** Milliseconds, as `--timeout`; default 2000. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly intrusive?: boolean;
  readonly maxTasks?: number;
  readonly contracts?: readonly Contract[];
  /** As of `--card-keys`. */
  readonly cardKeys?: CardKeyStore;
  /** Judged over what the check recorded. */
  readonly invariants?: readonly Invariant[];
}

const wellKnownPath = '/.well-known/agent-card.json';

function assumed(stimuli: readonly Stimulus[]): Omit<Behaviours, 'interface'> {
  const elicited: Partial<Record<StimulusName, Observed>> = {};
  for (const stimulus of stimuli) {
    elicited[stimulus.name] ??= { stimulus, outcome: 'task', states: [], artifactEvents: 0, exchanges: [] };
  }
  return { elicited, missing: {} };
}

async function fetchCard(port: HttpPort, url: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const exchange = await port.send({
    request: { method: 'GET', url, headers: Object.entries(headers), body: null },
    intent: { kind: 'fetch', what: 'agent card' },
    interface: null,
    actor: 'main',
    timeoutMs: 5_000,
    classify: ({ response }) => (response?.status === 200 ? 'ok' : 'error'),
  });
  if (exchange.failure !== undefined) throw new Error(`no card at ${url}: ${exchange.failure.message}`);
  return JSON.parse(exchange.response?.body ?? '') as unknown;
}

/**
 * Runs exactly one check through the engine against a live endpoint: for tests of checks. A card that has to be fetched is part
 * of the history. Rejects only where there is no card.
 */
export async function probeAgainst(check: Check, options: ProbeAgainstOptions): Promise<RunResult> {
  const { url, seed = 1, timeoutMs = 2_000, headers = {}, intrusive = false, contracts = [] } = options;
  const recorder = new HistoryRecorder('test');
  const port = createHttpPort({ recorder });
  const webhooks = await startWebhookReceiver({ recorder });
  try {
    const cardUrl = new URL(wellKnownPath, url).href;
    const card = options.card ?? (await fetchCard(port, cardUrl, headers));
    if (!isObject(card)) throw new Error(`the card at ${cardUrl} is no object`);
    const { interfaces, capabilities } = readCard(card, cardUrl);
    const declared =
      interfaces.find((ref) => ref.url === url) ?? (new URL(url).pathname === '/' ? interfaces[0] : undefined);
    const ref: InterfaceRef = declared ?? { binding: 'JSONRPC', version: '1.0', url };
    const target: Target = {
      url,
      cardUrl,
      card,
      interfaces: [ref],
      unmeasured: [],
      capabilities,
      dialect: 'a2a-1.0',
      contracts,
    };
    const behaviours = { interface: ref, ...(options.behaviours ?? assumed(options.stimuli ?? tckStimuli)) };
    const deadlines = deadlinesFrom(timeoutMs);
    const guard = createTaskBudget(options.maxTasks ?? 1_000);
    const plan = makePlan({
      checks: [check],
      rows,
      target,
      behaviours: new Map([[interfaceKey(ref), behaviours]]),
      intrusive,
      webhooks: true,
    });
    return await runPlan({
      plan,
      target,
      rows,
      invariants: options.invariants ?? [],
      deadlines,
      seed,
      port,
      recorder,
      webhooks,
      cardKeys: { given: options.cardKeys ?? null, refuse: (to) => refuseKeySet(to, cardUrl, []) },
      connect: (to) => createBindingClient({ port, interface: to, headers, deadlines, guard }),
    });
  } finally {
    await webhooks.close();
    await port.close();
  }
}
