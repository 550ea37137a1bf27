import type { Thresholds } from '../core/findings/load-section.ts';
import type { Contract } from '../core/target/target.ts';
import { genericStimuli } from '../fixtures/stimuli/generic.ts';
import type { ProvisionOptions } from '../fixtures/tools/provision.ts';
import { LoadError } from './load-error.ts';
import { defaultThresholds } from './verdict.ts';

/** The message that each task begins with. */
export interface LoadMessage {
  /** Parts (ProtoJSON), sent as they are. */
  readonly parts: readonly Readonly<Record<string, unknown>>[];
  /** Prefix of each `messageId`: the convention by which some test agents choose what they do. */
  readonly messageIdPrefix?: string;
}

/** One load run. Everything but the URL has a default. */
export interface LoadOptions {
  /** Of the endpoint, as the user typed it. */
  readonly url: string;
  readonly cardUrl?: string;
  /** Sent where the guest rules allow; secrets among them are never written down. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of a further trusted authority. */
  readonly ca?: string;
  readonly insecure?: boolean;
  /** Hosts off this machine that the user may test. */
  readonly owned?: readonly string[];
  /** Milliseconds for the card and for each read after the run; default 10,000. */
  readonly timeoutMs?: number;

  /** Tasks a minute, whole; default 400. */
  readonly rate?: number;
  /** Milliseconds of the schedule; default 600,000. */
  readonly durationMs?: number;
  /** Milliseconds that one task may take; default 60,000. */
  readonly taskTimeoutMs?: number;
  /** Virtual users at most: tasks under way at a time. Default as many as the rate and the time limit ask for, 2,000 at most. */
  readonly maxVUs?: number;
  /** `plain` sends SendMessage instead of SendStreamingMessage and knows nothing of signals. Default `streaming`. */
  readonly mode?: 'streaming' | 'plain';
  readonly message?: LoadMessage;
  readonly thresholds?: Partial<Thresholds>;
  /** The agent throws away tasks that have ended: then a task that is not found any more is no lost one. Default false. */
  readonly purges?: boolean;
  /** Whether the agent's clock is this machine's; default `auto`: on loopback it is. */
  readonly clocks?: 'auto' | 'same' | 'different';
  /** Metadata member with the emission stamp of artifact events; default `emittedAt`. */
  readonly stampKey?: string;
  /** Tasks whose messages are kept whole, for the invariants; default 1,000. */
  readonly historySample?: number;
  /** Reads under way at a time after the run; default 16. */
  readonly readConcurrency?: number;
  /** Milliseconds that tasks without an end may take to reach it after the run; default 10,000. */
  readonly drainMs?: number;
  /** What the run may create, where the user set a limit. */
  readonly maxTasks?: number;
  readonly contracts?: readonly Contract[];
  readonly tools?: Omit<ProvisionOptions, 'signal' | 'onProgress'>;
  /** File that the journal is kept in; default a temporary one. */
  readonly journal?: string;
}

/** The options with every default. */
export type LoadSettings = Omit<LoadOptions, 'thresholds' | 'message'> &
  Required<
    Pick<
      LoadOptions,
      | 'headers'
      | 'insecure'
      | 'owned'
      | 'timeoutMs'
      | 'rate'
      | 'durationMs'
      | 'taskTimeoutMs'
      | 'maxVUs'
      | 'mode'
      | 'message'
      | 'purges'
      | 'clocks'
      | 'stampKey'
      | 'historySample'
      | 'readConcurrency'
      | 'drainMs'
    >
  > & { readonly thresholds: Thresholds };

/** For the embedded reference agent: WORKING, an artifact in three chunks, COMPLETED. */
export const referenceMessage: LoadMessage = { parts: [{ text: 'streams-artifact-chunks' }] };

/** A p99 of fewer tasks than a run of this length makes is only indicative. */
export const indicativeBelowMs = 5 * 60_000;

/** After the terminal event a stream may stay open for so long; milliseconds. */
export const streamGraceMs = 2_000;

const mostVUs = 2_000;
const limits = {
  rate: [1, 600_000],
  durationMs: [1_000, 24 * 3_600_000],
  taskTimeoutMs: [100, 3_600_000],
  maxVUs: [1, 100_000],
  timeoutMs: [50, 600_000],
  historySample: [0, 100_000],
  readConcurrency: [1, 256],
  drainMs: [0, 3_600_000],
} as const;

/**
 * Applies the defaults.
 *
 * @throws LoadError `invalid-option` naming the option, `too-many-tasks`.
 */
export function resolveOptions(options: LoadOptions): LoadSettings {
  const rate = options.rate ?? 400;
  const taskTimeoutMs = options.taskTimeoutMs ?? 60_000;
  const settings: LoadSettings = {
    ...options,
    headers: options.headers ?? {},
    insecure: options.insecure ?? false,
    owned: options.owned ?? [],
    timeoutMs: options.timeoutMs ?? 10_000,
    rate,
    durationMs: options.durationMs ?? 600_000,
    taskTimeoutMs,
    maxVUs: options.maxVUs ?? Math.min(mostVUs, Math.ceil((rate / 60_000) * (taskTimeoutMs + streamGraceMs)) + 10),
    mode: options.mode ?? 'streaming',
    message: options.message ?? { parts: genericStimuli[0]!.parts },
    thresholds: { ...defaultThresholds(rate), ...options.thresholds },
    purges: options.purges ?? false,
    clocks: options.clocks ?? 'auto',
    stampKey: options.stampKey ?? 'emittedAt',
    historySample: options.historySample ?? 1_000,
    readConcurrency: options.readConcurrency ?? 16,
    drainMs: options.drainMs ?? 10_000,
  };
  for (const [name, [least, most]] of Object.entries(limits)) {
    const value = settings[name as keyof typeof limits];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new LoadError('invalid-option', `${name} is ${value}`, `give a whole number from ${least} to ${most}`);
    }
  }
  if (settings.message.parts.length === 0) {
    throw new LoadError('invalid-option', 'the message has no parts', 'give at least one part');
  }
  // The trial before the load, and one task more where the last moment falls on the end of the schedule.
  const most = plannedTasks(settings) + 2;
  if (settings.maxTasks !== undefined && most > settings.maxTasks) {
    throw new LoadError(
      'too-many-tasks',
      `this run would create up to ${most} tasks, ${settings.maxTasks} are allowed`,
      'raise --max-tasks, or lower --rate or --duration',
    );
  }
  return settings;
}

/** Tasks of the whole schedule: one at its start and one after each period that is over before its end. */
export const plannedTasks = ({ rate, durationMs }: Pick<LoadSettings, 'rate' | 'durationMs'>): number =>
  Math.ceil((rate * durationMs) / 60_000);
