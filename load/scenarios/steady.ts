import { Client } from 'k6/x/a2a';
import execution from 'k6/execution';
import { encoderOf, optionsFor, periodMicros, readSettings, summaryFor } from './settings.ts';

/**
 * Tasks at a constant rate, each over a stream of its own (SendStreamingMessage). The extension reads the events and writes
 * the journal; here is only what differs from task to task.
 */
const settings = readSettings();
const encode = encoderOf(settings);
const client = new Client({
  url: settings.url,
  headers: settings.headers,
  timeoutMs: settings.taskTimeoutMs,
  graceMs: settings.graceMs,
  journal: settings.journal,
  rawEvery: settings.rawEvery,
  stampKey: settings.stampKey,
  periodMicros: periodMicros(settings),
});

export const options = optionsFor(settings);

export default function steady(): void {
  const messageId = `${settings.messageIdPrefix}-${execution.scenario.iterationInTest}`;
  client.sendStreamingMessage(encode(messageId), { messageId });
}

export const handleSummary = (data: Parameters<typeof summaryFor>[1]): Record<string, string> =>
  summaryFor(settings, data);
