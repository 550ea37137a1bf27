import { a2aErrors, errorInfoDomain, type A2AErrorName } from '../../protocol/errors.ts';
import { isObject, type JsonObject } from '../invariants/json.ts';

const objectsIn = (details: unknown): readonly JsonObject[] => (Array.isArray(details) ? details.filter(isObject) : []);

/** The A2A error that a reason names, whatever the type and the domain beside it: rows of each binding speak of these. */
export function namedByReason(details: unknown): A2AErrorName | undefined {
  const reasons = objectsIn(details).flatMap(({ reason }) => reason ?? []);
  return Object.values(a2aErrors).find(({ reason }) => reasons.includes(reason))?.name;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** A reason of somebody else's own: then it is no error of A2A's. */
export const hasForeignReason = (details: unknown): boolean =>
  objectsIn(details).some(
    ({ reason, domain }) => isText(reason) && isText(domain) && domain !== '' && domain !== errorInfoDomain,
  );
