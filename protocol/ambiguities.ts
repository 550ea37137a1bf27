import type { Ambiguity } from './ambiguity.ts';
import { cardAmbiguities } from './card-ambiguities.ts';
import { dataAmbiguities } from './data-ambiguities.ts';
import { errorAmbiguities } from './error-ambiguities.ts';
import { httpJsonAmbiguities } from './http-json-ambiguities.ts';
import { listAmbiguities } from './list-ambiguities.ts';
import { pushAmbiguities } from './push-ambiguities.ts';
import { streamAmbiguities } from './stream-ambiguities.ts';
import { taskAmbiguities } from './task-ambiguities.ts';

/** Every ambiguity, by area. */
export const ambiguities: readonly Ambiguity[] = [
  ...cardAmbiguities,
  ...dataAmbiguities,
  ...errorAmbiguities,
  ...httpJsonAmbiguities,
  ...listAmbiguities,
  ...pushAmbiguities,
  ...streamAmbiguities,
  ...taskAmbiguities,
];
