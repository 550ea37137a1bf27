import type { OperationName } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

const isStream = (operation: OperationName): boolean =>
  operation === 'SendStreamingMessage' || operation === 'SubscribeToTask';

const never = (): Promise<never> => new Promise(() => undefined);

/** Agents of which something never answers. They are not right, but silence alone shows nothing: nobody may accuse them. */
export const hangingVariants: readonly Variant[] = [
  {
    id: 'hanging/streams',
    description: 'No stream is ever answered',
    allowedBy: 'no sentence gives an answer a time',
    fault: { refuse: ({ operation }) => (isStream(operation) ? never() : undefined) },
  },
  {
    id: 'hanging/open-streams',
    description: 'Streams open, and nothing ever comes',
    allowedBy: 'no sentence gives an event a time',
    fault: { event: () => null, streamEnd: () => 'keep-open' },
  },
  {
    id: 'hanging/operations',
    description: 'No operation is ever answered; the card is',
    allowedBy: 'no sentence gives an answer a time',
    fault: { refuse: never },
  },
];
