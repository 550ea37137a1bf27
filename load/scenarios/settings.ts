/** What the runner tells a script, by the environment: credentials are among it, which have no place on a command line. */
export interface ScenarioSettings {
  /** Of the JSON-RPC interface. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Tasks a minute. */
  readonly rate: number;
  readonly durationMs: number;
  readonly taskTimeoutMs: number;
  readonly graceMs: number;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  /** File that gets one line a task. */
  readonly journal: string;
  /** File that gets what k6 counted. */
  readonly summary: string;
  /** Each n-th task is written with what was on the wire; 0 for none. */
  readonly rawEvery: number;
  readonly stampKey: string;
  readonly tenant?: string;
  readonly parts: readonly object[];
  /** Ids of messages are `<prefix>-<n>`, n from 0. */
  readonly messageIdPrefix: string;
}

declare const __ENV: Readonly<Record<string, string | undefined>>;

/** Name of the environment variable that holds the settings as JSON. */
export const settingsVariable = 'A2A_LOAD_SETTINGS';

export function readSettings(): ScenarioSettings {
  const text = __ENV[settingsVariable];
  if (text === undefined)
    throw new Error(`${settingsVariable} is not set: this script is started by a2a-gauntlet load`);
  return JSON.parse(text) as ScenarioSettings;
}

export const periodMicros = ({ rate }: ScenarioSettings): number => 60_000_000 / rate;

/** An open model: tasks start at their time whatever became of those before. Nothing is judged inside k6. */
export const optionsFor = (settings: ScenarioSettings) => ({
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: settings.rate,
      timeUnit: '1m',
      duration: `${settings.durationMs}ms`,
      preAllocatedVUs: settings.preAllocatedVUs,
      maxVUs: settings.maxVUs,
      // The last task may take as long as any other.
      gracefulStop: `${settings.taskTimeoutMs + settings.graceMs + 1_000}ms`,
    },
  },
  thresholds: {},
  summaryTrendStats: ['count'],
});

/** The request of one task as JSON text; all but the id is encoded once. */
export function encoderOf(settings: ScenarioSettings): (messageId: string) => string {
  const marker = '\u0000id\u0000';
  const { tenant, parts } = settings;
  const template = JSON.stringify({
    ...(tenant === undefined ? {} : { tenant }),
    message: { messageId: marker, role: 'ROLE_USER', parts },
  });
  const encodedMarker = JSON.stringify(marker);
  const at = template.indexOf(encodedMarker);
  const before = template.slice(0, at);
  const after = template.slice(at + encodedMarker.length);
  return (messageId) => before + JSON.stringify(messageId) + after;
}

interface SummaryData {
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>>;
}

/** What k6 counted, for the runner; nothing is printed. */
export function summaryFor(settings: ScenarioSettings, { metrics }: SummaryData): Record<string, string> {
  const count = (name: string): number => metrics[name]?.values['count'] ?? 0;
  const counted = {
    iterations: count('iterations'),
    dropped: count('dropped_iterations'),
    requests: count('http_reqs'),
    dataReceived: count('data_received'),
    vusMax: metrics['vus_max']?.values['max'] ?? 0,
  };
  return { [settings.summary]: JSON.stringify(counted) };
}
