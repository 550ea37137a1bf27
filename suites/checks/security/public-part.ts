import { isObject, type JsonObject } from '../../../core/invariants/json.ts';

/** How to authenticate is for strangers to know, in whatever form; signatures are made anew with each card. */
const toldAnyway: ReadonlySet<string> = new Set(['securityRequirements', 'securitySchemes', 'signatures']);

/** Serializers differ in which members of default value they write. */
const isDefault = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === false || value === 0;

function isPartOf(whole: unknown, value: unknown): boolean {
  if (isDefault(value)) return true;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = Array.isArray(whole) ? whole : [];
    return value.every((item) => items.some((other) => isPartOf(other, item)));
  }
  if (!isObject(value)) return value === whole;
  return Object.entries(value).every(([name, inner]) => isPartOf(isObject(whole) ? whole[name] : undefined, inner));
}

/** Whether a card is the public one, or a part of it: nothing in it is for those alone who are known. */
export const saysNoMore = (given: unknown, publicCard: JsonObject): boolean =>
  isObject(given) &&
  Object.entries(given).every(([name, value]) => toldAnyway.has(name) || isPartOf(publicCard[name], value));
