import { linkName, type Fault, type Link } from './fault.ts';

/** The link refuses connections; open ones are cut. */
export const down = (link: Link): Fault => ({
  name: 'down',
  target: linkName(link),
  description: `${linkName(link)}: down`,
  async inject({ environment, toxiproxy }) {
    const { name } = environment.proxies[link];
    await toxiproxy.setEnabled(name, false);
    return () => toxiproxy.setEnabled(name, true);
  },
});
