import { linkName, type Fault, type Link } from './fault.ts';
import { toxicFault } from './toxic.ts';

/** Connections are reset as soon as they carry anything, `afterMs` later. */
export const resetPeer = (link: Link, afterMs: number): Fault =>
  toxicFault({
    link,
    type: 'reset_peer',
    streams: ['downstream'],
    attributes: { timeout: afterMs },
    description: `${linkName(link)}: connections are reset after ${afterMs} ms`,
  });
