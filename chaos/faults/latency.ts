import { linkName, type Fault, type Link } from './fault.ts';
import { toxicFault } from './toxic.ts';

/** What goes one way over the link is late by `latencyMs`, give or take `jitterMs`. */
export const latency = (link: Link, what: 'requests' | 'answers', latencyMs: number, jitterMs: number): Fault =>
  toxicFault({
    link,
    type: 'latency',
    streams: [what === 'requests' ? 'upstream' : 'downstream'],
    attributes: { latency: latencyMs, jitter: jitterMs },
    description: `${linkName(link)}: ${what} are late by ${latencyMs} ms ± ${jitterMs} ms`,
  });
