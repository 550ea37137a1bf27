import type { LayerFault } from './layer-fault.ts';

type Hook = (...args: readonly unknown[]) => unknown;

/** Hooks that change what they are given in place, so that nothing shows whether they did. */
const unwatchable: readonly string[] = ['http'];

const same = (before: unknown, after: unknown): boolean =>
  after === undefined || after === before || after === 'close' || JSON.stringify(after) === JSON.stringify(before);

/** The same fault, and whether any of its hooks has changed anything so far: one that waits for what an agent never says does not. */
export function watchFault(fault: LayerFault): { readonly fault: LayerFault; readonly acted: () => boolean } {
  let acted = Object.keys(fault).some((name) => unwatchable.includes(name));
  const watched = Object.entries(fault).map(([name, hook]) => {
    if (typeof hook !== 'function' || unwatchable.includes(name)) return [name, hook] as const;
    const ask: Hook = (...args) => {
      const changed = (hook as Hook)(...args);
      acted ||= !same(args[0], changed);
      return changed;
    };
    return [name, ask] as const;
  });
  return { fault: Object.fromEntries(watched) as LayerFault, acted: () => acted };
}
