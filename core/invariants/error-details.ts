import type { Defect } from './tally.ts';

/** Whether an `@type` is one of the error model of `google.rpc`. */
export const isWellKnownDetail = (type: unknown): boolean =>
  typeof type === 'string' && /(?:^|\/)google\.rpc\.\w+$/.test(type);

/** §9.5, §11.6: what the patches say of details of a type that the agent made. */
export const detailReadings: NonNullable<Defect['readings']> = [
  'v1.0.1 §3.3.2, §9.5, §11.6: well-known types such as google.rpc.BadRequest SHOULD be used',
  'v1.0.0: additional context MAY be included, of any type',
];
