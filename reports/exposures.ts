import type { Exposure } from '../core/history/exposures.ts';
import { interfaceKey, type InterfaceRef } from '../core/target/target.ts';

const nameOf = ({ binding, version, tenant }: InterfaceRef): string =>
  [binding, version, ...(tenant === undefined ? [] : [`(tenant ${tenant})`])].join(' ');

const rate = (oneIn: number): string => (oneIn === 1 ? 'every answer' : `one answer in ${oneIn}`);

/** One line for each interface: how seldom a fault may be that acted at least once while the run looked. */
export const renderExposures = (exposures: readonly Exposure[]): readonly string[] =>
  [...Map.groupBy(exposures, ({ interface: ref }) => interfaceKey(ref)).values()].map((own) => {
    const name = nameOf(own[0]!.interface);
    const seen = own
      .flatMap(({ operation, results: { oneIn } }) => (oneIn === null ? [] : [{ operation, oneIn }]))
      .toSorted((a, b) => a.oneIn - b.oneIn);
    const unseen = own.filter(({ results: { oneIn } }) => oneIn === null).map(({ operation }) => operation);
    const [least, most] = [seen[0], seen.at(-1)];
    if (least === undefined || most === undefined) return `${name}: no operation was answered with a result`;
    const met =
      least.oneIn === most.oneIn
        ? rate(least.oneIn)
        : `${rate(least.oneIn)} (${least.operation}) to ${rate(most.oneIn)} (${most.operation})`;
    const never = unseen.length === 0 ? '' : `; no result of ${unseen.join(', ')}`;
    return `${name}: faults of ${met} were met with 95 % probability${never}`;
  });
