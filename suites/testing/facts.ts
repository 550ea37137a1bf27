import type { JudgeFacts } from '../../core/engine/check.ts';
import { deadlinesFrom } from '../../core/engine/deadlines.ts';
import type { Behaviours } from '../../core/target/behaviours.ts';

/** What a judge knows of a made-up target: JSON-RPC, every capability but the extended card. */
export function factsWith(more: { readonly elicited?: Behaviours['elicited'] } = {}): JudgeFacts {
  const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1/' };
  return {
    target: {
      url: ref.url,
      cardUrl: `${ref.url}.well-known/agent-card.json`,
      card: {},
      interfaces: [ref],
      unmeasured: [],
      capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: false, requiredExtensions: [] },
      dialect: 'a2a-1.0',
      contracts: [],
    },
    interface: ref,
    behaviours: { interface: ref, elicited: more.elicited ?? {}, missing: {} },
    deadlines: deadlinesFrom(1_000),
  };
}
