import type { ProbeContext } from '../../../core/engine/check.ts';
import { uuid } from '../../../core/engine/random.ts';

/**
 * Params of GetTask of a task that does not exist, for a body that is written by hand: with the tenant of the interface, which
 * every request carries (§8.3.2), and an id that is well-formed to whoever validates ids.
 */
export function unknownTaskParams({
  interface: { tenant },
  random,
}: Pick<ProbeContext, 'interface' | 'random'>): Readonly<Record<string, string>> {
  return { ...(tenant === undefined || tenant === '' ? {} : { tenant }), id: uuid(random) };
}
