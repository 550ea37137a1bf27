import { cancelVariants } from './cancel.ts';
import { cardVariants, profileVariants } from './card.ts';
import { cardSignatureVariants } from './card-signatures.ts';
import { errorVariants } from './errors.ts';
import { extensionVariants } from './extensions.ts';
import { hangingVariants } from './hanging.ts';
import { grpcTransportVariants } from './grpc-transport.ts';
import { grpcVariants } from './grpc.ts';
import { httpVariants } from './http.ts';
import { idVariants } from './ids.ts';
import { jsonVariants } from './json.ts';
import { restReadingVariants } from './rest-readings.ts';
import { restVariants } from './rest.ts';
import { listVariants } from './list.ts';
import { messageVariants } from './messages.ts';
import { pushVariants } from './push.ts';
import { securityVariants } from './security.ts';
import { sseVariants } from './sse.ts';
import { streamVariants } from './streams.ts';
import { taskVariants } from './tasks.ts';
import { timeVariants } from './times.ts';
import type { Variant } from './variant.ts';

/** Every variant; ids are unique. */
export const variants: readonly Variant[] = [
  ...httpVariants,
  ...sseVariants,
  ...jsonVariants,
  ...timeVariants,
  ...streamVariants,
  ...taskVariants,
  ...messageVariants,
  ...listVariants,
  ...idVariants,
  ...cancelVariants,
  ...pushVariants,
  ...errorVariants,
  ...securityVariants,
  ...cardVariants,
  ...extensionVariants,
  ...cardSignatureVariants,
  ...profileVariants,
  ...restVariants,
  ...restReadingVariants,
  ...grpcVariants,
  ...grpcTransportVariants,
];

/** Those that hang are among them. */
export function findVariant(id: string): Variant | undefined {
  return [...variants, ...hangingVariants].find((variant) => variant.id === id);
}
