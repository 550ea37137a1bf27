import type { LoadEvent, LoadListener } from '../load/events.ts';
import { oneLine } from '../reports/text.ts';
import type { Output } from './io.ts';

/** Without a terminal a line is written at the most so often. */
const logEveryMs = 10_000;

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

/** One line for what a load run does now; undefined for what needs none. */
function lineOf(event: LoadEvent): string | undefined {
  switch (event.type) {
    case 'provisioning':
      return event.line;
    case 'provisioned':
      return event.note ?? undefined;
    case 'target':
      return `load on ${event.interfaceUrl}: one task first`;
    case 'trial':
      return undefined;
    case 'started':
      return `${event.planned} tasks planned, ${event.ratePerMinute} a minute for ${seconds(event.durationMs)}`;
    case 'progress': {
      const { elapsedMs, durationMs, perMinute, inFlight, errors, dropped, p99SignalMs } = event.progress;
      const p99 = p99SignalMs === undefined ? '' : `, p99 signal ${p99SignalMs.toFixed(1)} ms`;
      const lost = dropped === 0 ? '' : `, ${dropped} dropped`;
      return `${seconds(elapsedMs)}/${seconds(durationMs)}  ${Math.round(perMinute)}/min, ${inFlight} in flight${p99}, ${errors} errors${lost}`;
    }
    case 'draining':
      return `waiting for ${event.inFlight} tasks`;
    case 'target-lost':
      return event.reason;
    case 'reading':
      return `reading tasks back: ${event.done}/${event.total}`;
    case 'finished':
      return undefined;
  }
}

const isFrequent = ({ type }: LoadEvent): boolean => type === 'progress' || type === 'reading';

/** Live progress of a load run; it only listens. */
export function createLoadProgress(output: Output): { readonly listener: LoadListener; end(): void } {
  const live = output.isTTY === true;
  let lastLogged = -Infinity;
  return {
    listener: (event) => {
      const line = lineOf(event);
      if (line === undefined) return;
      if (live) {
        output.write(`\r\u001b[2K${oneLine(line).slice(0, (output.columns || 80) - 1)}`);
        if (event.type === 'provisioned' || event.type === 'target-lost') output.write('\n');
        return;
      }
      const now = performance.now();
      if (isFrequent(event) && now - lastLogged < logEveryMs) return;
      if (isFrequent(event)) lastLogged = now;
      output.write(`${oneLine(line)}\n`);
    },
    end: () => {
      if (live) output.write('\r\u001b[2K');
    },
  };
}
