import { availableParallelism } from 'node:os';
import type { Selection } from '../core/engine/plan.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Stimulus } from '../core/target/behaviours.ts';
import { createTaskBudget } from '../core/wire/task-budget.ts';
import { embeddedProfiles } from '../fixtures/environments/embedded.ts';
import { tckStimuli } from '../fixtures/stimuli/tck-preset.ts';
import type { RunningAgent } from '../mocks/reference-agent/agent.ts';
import type { Profile, ReferenceAgentOptions } from '../mocks/reference-agent/settings.ts';
import { judgeTarget } from './judge-target.ts';

/** Long enough to be seen running, and for what needs a span of timestamps; short enough for hundreds of runs. */
export const agentOptions: ReferenceAgentOptions = { longRunningMs: 1_500 };

/** An operation that hangs is given up after this. */
const defaultTimeoutMs = 4_000;

export type Profiles = Profile | readonly Profile[] | undefined;

export const profilesOf = (profile: Profiles): readonly Profile[] => [profile ?? 'full'].flat();

/** What agents of these profiles are asked with, and the second principal of the first that knows one. */
export function principalsOf(profile: Profiles): {
  readonly headers: Readonly<Record<string, string>>;
  readonly secondBearer?: string;
} {
  const known = profilesOf(profile).map((name) => embeddedProfiles[name]);
  const [secondBearer] = known.flatMap((one) => one.secondBearer ?? []);
  return {
    headers: Object.assign({}, ...known.map(({ headers }) => headers)) as Record<string, string>,
    ...(secondBearer === undefined ? {} : { secondBearer }),
  };
}

export interface JudgeAgentOptions {
  readonly seed: number;
  /** Of the agent: one that demands credentials is given them. */
  readonly profile?: Profiles;
  readonly timeoutMs?: number;
  /** Names of the bindings to speak; default all that the agent has. */
  readonly bindings?: readonly string[];
  readonly stimuli?: readonly Stimulus[];
  /** What of the catalogue is run; default all of it. */
  readonly select?: Selection | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The findings of the catalogue on an agent of this machine, whatever has been done to it; nothing is held back. */
export async function judgeAgent(
  agent: Pick<RunningAgent, 'url'>,
  options: JudgeAgentOptions,
): Promise<readonly Finding[]> {
  const { seed, profile, timeoutMs = defaultTimeoutMs, bindings, stimuli = tckStimuli, select, signal } = options;
  const tenants = profilesOf(profile).flatMap((name) => embeddedProfiles[name].tenants ?? []);
  const { result } = await judgeTarget({
    url: agent.url,
    ...principalsOf(profile),
    ...(tenants.length === 0 ? {} : { tenants }),
    tls: {},
    timeoutMs,
    budget: createTaskBudget(1_000),
    intrusive: true,
    // gRPC has a port of its own, and is to see the credentials.
    owned: ['127.0.0.1'],
    ...(bindings === undefined ? {} : { bindings }),
    stimuli,
    seed,
    concurrency: 8,
    ...(select === undefined ? {} : { select }),
    ...(signal === undefined ? {} : { signal }),
  });
  return result.findings;
}

export const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** Several agents at a time, in their order: by default three a core, since most of a run is waiting. */
export async function runAll<Item, Outcome>(
  items: readonly Item[],
  run: (item: Item) => Promise<Outcome>,
  {
    concurrency = 3 * availableParallelism(),
    signal,
  }: { readonly concurrency?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const queue = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal?.throwIfAborted();
      const [index, item] = next;
      outcomes.set(index, await run(item));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return [...outcomes].toSorted(([a], [b]) => a - b).map(([, outcome]) => outcome);
}
