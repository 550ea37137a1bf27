import type { RunEvent, RunListener } from '../core/engine/events.ts';
import { areaOf } from '../protocol/requirements/row.ts';
import { oneLine } from '../reports/text.ts';
import type { Output } from './io.ts';

/** Live progress of a run; it only listens. */
export interface Progress {
  readonly listener: RunListener;
  /** Takes the live line away. */
  end(): void;
}

/** Without a terminal a line is written whenever so much of the plan is done. */
const stepsWithoutTerminal = 4;

/**
 * On a terminal one line is rewritten as the run goes on; else a line is written at the start, at every quarter of the plan, and
 * where the target is lost. From there on, and once the run is interrupted (`signal`), it is silent: checks that end without
 * having run are no progress.
 */
export function createProgress(target: string, output: Output, signal?: AbortSignal): Progress {
  const live = output.isTTY === true;
  let planned = 0;
  let done = 0;
  let failed = 0;
  let warned = 0;
  let area = '';
  let step = 0;
  let shown = false;
  let lost = false;
  let last = '';

  const counts = (): string => {
    const parts = [
      `${String(done).padStart(String(planned).length)}/${planned} checks${area === '' ? '' : ` (${area})`}`,
    ];
    if (failed > 0) parts.push(`${failed} failed`);
    if (warned > 0) parts.push(`${warned} warned`);
    return parts.join(', ');
  };
  const show = (text: string): void => {
    const line = oneLine(text);
    if (live && shown && line === last) return;
    last = line;
    // A line that is wider than the terminal could not be taken away; some terminals say that they have 0 columns.
    if (live) output.write(`\r\u001b[2K${line.slice(0, (output.columns || 80) - 1)}`);
    else output.write(`${line}\n`);
    shown = true;
  };
  /** What only a terminal shows: it would be noise in a log. */
  const rewrite = (): void => {
    if (live) show(counts());
  };
  const finished = (): void => {
    done += 1;
    const reached = Math.floor((done * stepsWithoutTerminal) / Math.max(1, planned));
    if (!live && reached > step) show(counts());
    step = Math.max(step, reached);
  };

  return {
    listener: (event: RunEvent) => {
      if (lost || signal?.aborted === true) return;
      switch (event.type) {
        case 'discovering':
          return show(`checking ${target}: reading its card`);
        case 'exploring':
          return show(`trying messages on ${event.interface.url}`);
        case 'planned':
          planned = event.checks;
          break;
        case 'started':
          area = areaOf(event.check);
          break;
        case 'finding':
          if (event.finding.verdict === 'fail') failed += 1;
          if (event.finding.verdict === 'warn') warned += 1;
          break;
        case 'finished':
          finished();
          break;
        case 'target-lost':
          lost = true;
          return show(event.reason);
      }
      rewrite();
    },
    end: () => {
      if (live && shown) output.write('\r\u001b[2K');
      shown = false;
    },
  };
}
