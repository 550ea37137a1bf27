import { linkName, type Fault, type Link } from './fault.ts';
import { toxicFault } from './toxic.ts';

/** What goes over the link, either way, comes in pieces of about `bytes`, with `delayMicros` between two. */
export const slicer = (link: Link, bytes: number, variation: number, delayMicros: number): Fault =>
  toxicFault({
    link,
    type: 'slicer',
    streams: ['downstream', 'upstream'],
    attributes: { average_size: bytes, size_variation: variation, delay: delayMicros },
    description: `${linkName(link)}: everything comes in pieces of ${bytes} ± ${variation} bytes`,
  });
