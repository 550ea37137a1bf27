import type { Need, ProbeContext } from '../../../core/engine/check.ts';
import type { InterfaceRef } from '../../../core/target/target.ts';

/** Interfaces of one version and tenant are doors to one agent (§3.6.2, a2a.proto AgentInterface.tenant). */
const sameDoor = (a: InterfaceRef, b: InterfaceRef): boolean =>
  a.version === b.version && (a.tenant ?? '') === (b.tenant ?? '');

export const doorsOf = <Door>(all: readonly Door[], refOf: (door: Door) => InterfaceRef): readonly Door[] => {
  const [first] = all;
  return first === undefined ? [] : all.filter((door) => sameDoor(refOf(door), refOf(first)));
};

export const doorsIn = ({ interfaces }: { readonly interfaces: readonly ProbeContext[] }): readonly ProbeContext[] =>
  doorsOf(interfaces, (one) => one.interface);

export const needsSeveralInterfaces: Need = {
  description: 'card declares several interfaces of one agent',
  decide({ target: { interfaces, unmeasured } }) {
    if (doorsOf(interfaces, (ref) => ref).length > 1) return null;
    const declared = interfaces.length + unmeasured.length;
    if (declared < 2) return { verdict: 'skip', reason: 'the card declares one interface' };
    return {
      verdict: 'untested',
      reason: 'of the interfaces of one version and tenant only one is measured',
      hint: 'see the interfaces that are not measured',
    };
  },
};
