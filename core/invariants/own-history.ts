import type { Exchange } from '../history/exchange.ts';
import { codecOf } from '../wire/codecs.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, stringOf, type JsonObject } from './json.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Instance } from './tally.ts';

/** What a send said, and the tasks and contexts in which it ended up. */
interface SentMessage {
  readonly exchanges: Exchange[];
  readonly tasks: Set<string>;
  readonly contexts: Set<string>;
}

function messageOf(exchange: Exchange): JsonObject | undefined {
  const asked = codecOf(exchange)?.askedFor(exchange);
  if (asked?.operation !== 'SendMessage' && asked?.operation !== 'SendStreamingMessage') return undefined;
  const message = isObject(asked.params) ? asked.params['message'] : undefined;
  return isObject(message) ? message : undefined;
}

/** The messages of the run by id; one whose answer is not known may have ended up anywhere, and is left out. */
function sentMessages(all: readonly Sighting[], exchanges: readonly Exchange[]): ReadonlyMap<string, SentMessage> {
  const shownBy = Map.groupBy(all, ({ exchange }) => exchange);
  const sent = new Map<string, SentMessage>();
  const unknown = new Set<string>();
  for (const exchange of exchanges) {
    const message = messageOf(exchange);
    const id = message && stringOf(message['messageId']);
    if (message === undefined || !id) continue;
    const entry = sent.get(id) ?? { exchanges: [], tasks: new Set(), contexts: new Set() };
    sent.set(id, entry);
    const shown = shownBy.get(exchange) ?? [];
    if (shown.length === 0 || shown.some(({ contextId }) => !contextId)) unknown.add(id);
    entry.exchanges.push(exchange);
    for (const { taskId, contextId } of shown) {
      entry.tasks.add(taskId);
      if (contextId) entry.contexts.add(contextId);
    }
    // What it named itself, in whatever way it was answered.
    const references = Array.isArray(message['referenceTaskIds']) ? message['referenceTaskIds'] : [];
    for (const taskId of [message['taskId'], ...(references as unknown[])])
      if (typeof taskId === 'string') entry.tasks.add(taskId);
    if (typeof message['contextId'] === 'string') entry.contexts.add(message['contextId']);
  }
  for (const id of unknown) sent.delete(id);
  return sent;
}

/** a2a.proto Task.history, §3.4.1: a history is of one task; a context may be shared, by the tasks in it. */
export const ownHistory = defineInvariant({
  id: 'invariants/own-history',
  title: 'The history of a task holds messages of its own context alone',
  provenance: { kind: 'spec' },
  requirements: ['schema/own-history'],
  judge(history) {
    const all = sightings(history);
    const sent = sentMessages(all, history.exchanges);
    const instances = all.flatMap(({ what, exchange, raw, taskId, contextId }): Instance[] => {
      const messages = what === 'task' && Array.isArray(raw['history']) ? raw['history'].filter(isObject) : [];
      const known = messages.flatMap((message) => sent.get(stringOf(message['messageId']) ?? '') ?? []);
      if (known.length === 0 || !contextId) return [];
      const foreign = known.find(({ tasks, contexts }) => !tasks.has(taskId) && !contexts.has(contextId));
      if (foreign === undefined) return [{ exchanges: [exchange] }];
      const [task] = foreign.tasks;
      return [
        {
          exchanges: [exchange, ...foreign.exchanges],
          defect: {
            expected: `messages to task ${taskId}, or of its context ${contextId}`,
            actual: `a message that was sent to task ${task}, in context ${[...foreign.contexts].join(', ')}`,
          },
        },
      ];
    });
    return {
      'schema/own-history': judgeInstances(instances, {
        counted: 'histories with messages of the run',
        wrong: 'hold a message that was sent to a task of another context',
        hint: 'no history shows a message of the client: nothing to enable where the agent keeps none',
      }),
    };
  },
});
