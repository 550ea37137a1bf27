import { skip } from '../findings/judgement.ts';
import type { Exchange } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, stringOf } from './json.ts';
import { resultsOf } from './payloads.ts';
import { agentMessages, sightings } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** The URIs that a card declares. */
function declaredIn(card: unknown): readonly string[] {
  const capabilities = isObject(card) && isObject(card['capabilities']) ? card['capabilities'] : {};
  const list: unknown = capabilities['extensions'];
  return Array.isArray(list)
    ? list.flatMap((entry: unknown) => (isObject(entry) ? (stringOf(entry['uri']) ?? []) : []))
    : [];
}

interface Named {
  readonly exchange: Exchange;
  readonly where: string;
  readonly uri: string;
}

const namesOf = (object: unknown, where: string, exchange: Exchange): readonly Named[] => {
  const list = isObject(object) ? object['extensions'] : undefined;
  return Array.isArray(list)
    ? list.flatMap((uri: unknown) => (typeof uri === 'string' ? [{ exchange, where, uri }] : []))
    : [];
};

const readings: Defect['readings'] = [
  '§4.6.1: agents declare the extensions that they support in their card',
  '§3.1.11: the extended card, which this run was not shown, may declare more than the public one',
];

export const extensions = defineInvariant({
  id: 'invariants/extensions',
  title: 'Messages and artifacts of the agent name extensions that its card declares',
  provenance: { kind: 'spec' },
  requirements: ['extensions/named-ones-declared'],
  judge(history, { target }) {
    const extended = resultsOf(history, 'GetExtendedAgentCard').map(({ value }) => value);
    const declared = new Set([target.card, ...extended].flatMap(declaredIn));
    const maybeMore = target.capabilities.extendedAgentCard && extended.length === 0;
    const named = [
      ...agentMessages(history).flatMap(({ raw, where, exchange }) => namesOf(raw, where, exchange)),
      ...sightings(history).flatMap(({ what, raw, exchange }) => {
        const artifacts: unknown = what === 'task' ? raw['artifacts'] : what === 'artifact' ? [raw['artifact']] : [];
        return Array.isArray(artifacts)
          ? artifacts.flatMap((artifact: unknown) => namesOf(artifact, 'an artifact', exchange))
          : [];
      }),
    ];
    if (named.length === 0 && declared.size === 0) {
      return { 'extensions/named-ones-declared': skip('the card declares no extension, and no answer names one') };
    }
    const instances = named.map(({ exchange, where, uri }): Instance => {
      const defect: Defect = {
        expected: 'the URI of an extension in capabilities.extensions',
        actual: `${where}: ${uri}`,
        ...(maybeMore ? { readings } : {}),
      };
      return { exchanges: [exchange], defect: declared.has(uri) ? undefined : defect };
    });
    return {
      'extensions/named-ones-declared': judgeInstances(instances, {
        counted: 'extensions named in messages and artifacts of the agent',
        wrong: 'are not declared in the card',
        right: 'declared in the card',
        hint: 'name a stimulus that an extension of the agent shows in: --stimuli <file>',
      }),
    };
  },
});
