import type { ChaosListener } from '../chaos/events.ts';
import { renderEntry } from '../reports/chaos.ts';
import { oneLine } from '../reports/text.ts';
import type { Output } from './io.ts';

/** The timeline of a chaos run as it happens; it only listens. */
export function createChaosProgress(output: Output): { readonly listener: ChaosListener } {
  return {
    listener: (event) => {
      switch (event.type) {
        case 'provisioning':
          output.write(`${oneLine(event.line)}\n`);
          break;
        case 'started':
          output.write(`[${event.number}/${event.of}] ${event.experiment.id}: ${event.experiment.hypothesis}\n`);
          break;
        case 'timeline':
          output.write(`${renderEntry(event.entry)}\n`);
          break;
        case 'experiment-finished':
          output.write(`  ${event.result.verdict}\n`);
          break;
        case 'finished':
          break;
      }
    },
  };
}
