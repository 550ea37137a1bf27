import { linkName, type Fault, type Link } from './fault.ts';
import { toxicFault } from './toxic.ts';

/** A connection is closed once so many bytes came back over it: in the middle of an answer or an event. */
export const limitData = (link: Link, bytes: number): Fault =>
  toxicFault({
    link,
    type: 'limit_data',
    streams: ['downstream'],
    attributes: { bytes },
    description: `${linkName(link)}: connections are closed after ${bytes} bytes`,
  });
