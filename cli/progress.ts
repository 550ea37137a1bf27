import type { RunEvent, RunListener } from '../core/engine/events.ts';
import { areaOf } from '../protocol/requirements/row.ts';
import { oneLine } from '../reports/text.ts';

/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Live progress of a run; it only listens. */
export interface Progress {
  readonly listener: RunListener;
  /** Takes the live line away. */
  end(): void;
}

/** Without a terminal a line is written whenever so much of the plan is done. */
const stepsWithoutTerminal = 4;

/**
 * On a terminal one line is rewritten with every event; else a line is written at the start, at every quarter of the plan, and
 * where the target is lost.
 */
export function createProgress(target: string, output: ProgressOutput): Progress {
  const live = output.isTTY === true;
  let planned = 0;
  let done = 0;
  let failed = 0;
  let warned = 0;
  let area = '';
  let step = 0;
  let shown = false;

  const text = (): string => {
    const counts = [`${String(done).padStart(String(planned).length)}/${planned} checks`];
    if (failed > 0) counts.push(`${failed} failed`);
    if (warned > 0) counts.push(`${warned} warned`);
    return `${counts.join(', ')}  ${area}`;
  };
  const show = (line: string): void => {
    const width = (output.columns ?? 80) - 1;
    if (live) output.write(`\r\u001b[2K${line.slice(0, width)}`);
    else output.write(`${line}\n`);
    shown = true;
  };
  const end = (): void => {
    if (live && shown) output.write('\r\u001b[2K');
    shown = false;
  };
  const finished = (): void => {
    done += 1;
    const reached = Math.floor((done * stepsWithoutTerminal) / Math.max(1, planned));
    if (!live && reached > step) show(text().trimEnd());
    step = Math.max(step, reached);
  };

  show(oneLine(`checking ${target}: reading its card, trying messages`));
  return {
    end,
    listener: (event: RunEvent) => {
      switch (event.type) {
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
          if (!live) show(oneLine(event.reason));
          break;
      }
      if (live) show(text());
    },
  };
}
