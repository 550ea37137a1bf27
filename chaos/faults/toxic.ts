import type { Toxic } from '../../fixtures/environments/toxiproxy.ts';
import { linkName, type Fault, type Link } from './fault.ts';

/** A fault that is one toxic on a link, in one direction or in both. */
export function toxicFault(options: {
  readonly link: Link;
  readonly type: Toxic['type'];
  readonly streams: readonly Toxic['stream'][];
  readonly attributes: Toxic['attributes'];
  readonly description: string;
}): Fault {
  const { link, type, streams, attributes, description } = options;
  return {
    name: type,
    target: linkName(link),
    description,
    async inject({ environment, toxiproxy }) {
      const proxy = environment.proxies[link].name;
      const toxics = streams.map((stream): Toxic => ({ name: `${type}-${stream}`, type, stream, attributes }));
      const whole = await toxiproxy.describe(proxy);
      const undo = async (): Promise<void> => {
        try {
          for (const { name } of toxics) await toxiproxy.removeToxic(proxy, name);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
          await toxiproxy.renew(whole);
        }
      };
      try {
        await Promise.all(toxics.map((toxic) => toxiproxy.addToxic(proxy, toxic)));
      } catch (error) {
        await undo();
        throw error;
      }
      return undo;
    },
  };
}
