import fc from 'fast-check';
import type { StimulusName } from '../../core/target/behaviours.ts';
import type { TaskState } from '../../protocol/task-state.ts';
import { by, onceMore, type AgentCommand, type Deed } from './command.ts';
import { listTasks } from './list-command.ts';
import type { Who } from './model.ts';
import { createConfig, deleteConfig, getPushConfig, listConfigs } from './push-commands.ts';
import {
  cancelTask,
  closeStream,
  followUp,
  getExtendedAgentCard,
  getTask,
  sendMessage,
  sendStreamingMessage,
  settle,
  subscribe,
} from './task-commands.ts';
import {
  cancelForeign,
  configOfForeign,
  followUpForeign,
  getForeign,
  joinContext,
  listForeign,
  subscribeForeign,
  type ConfigOperation,
} from './trespass.ts';

/** What decides which commands there are. */
export interface Commands {
  readonly kinds: readonly StimulusName[];
  readonly streaming: boolean;
  readonly push: boolean;
  /** Whether there is a second principal. */
  readonly second: boolean;
}

const endStates: readonly TaskState[] = ['TASK_STATE_COMPLETED', 'TASK_STATE_CANCELED', 'TASK_STATE_FAILED'];

const number = fc.nat({ max: 7 });
const someContext = fc.option(number, { nil: undefined });
const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const someEnd = fc.option(fc.constantFrom(...endStates), { nil: undefined });

const sendOf = (known: readonly StimulusName[]): fc.Arbitrary<Deed> =>
  fc.tuple(fc.constantFrom(...known), someContext).map((drawn) => sendMessage(...drawn));

/**
 * What comes before anything else, since most commands need a task; with two principals a task of each, and configurations that the
 * other may look for.
 */
export function beginningOf({ kinds, push, second }: Commands): fc.Arbitrary<AgentCommand[]> {
  const some = (who: Who, deed: fc.Arbitrary<Deed>, least: number, most: number): fc.Arbitrary<AgentCommand[]> =>
    fc.array(
      deed.map((one) => by(who, one)),
      { minLength: least, maxLength: most, size: 'max' },
    );
  const send = sendOf(kinds);
  if (!second) return some('first', send, 1, 3);
  const config = fc.tuple(number, fc.boolean()).map((drawn) => createConfig(...drawn));
  return fc
    .tuple(
      some('first', send, 1, 2),
      some('second', send, 1, 2),
      ...(push ? [some('first', config, 0, 1), some('second', config, 0, 1)] : []),
    )
    .map((parts) => parts.flat());
}

/** What may come next. */
export function commandsOf(given: Commands): fc.Arbitrary<AgentCommand>[] {
  const own = ownDeeds(given);
  if (!given.second) return own.map((deeds) => deeds.map((deed) => by('first', deed)));
  const who = fc.constantFrom<Who>('first', 'second');
  // What is done to the other counts for more: it is the rarer find.
  return [...own, ...foreignDeeds(given)].map((deeds) => fc.tuple(who, deeds).map((drawn) => by(...drawn)));
}

/** With what is one's own; what stands here twice comes twice as often. */
function ownDeeds({ kinds, streaming, push }: Commands): fc.Arbitrary<Deed>[] {
  const send = sendOf(kinds);
  const get = fc.tuple(number, fc.option(fc.nat({ max: 3 }), { nil: undefined })).map((drawn) => getTask(...drawn));
  const list = fc.record({ context: number, status: someEnd, pageSize: fc.constantFrom(1, 2, 100) }).map(listTasks);
  const more = (streamed: fc.Arbitrary<boolean>) =>
    fc.tuple(number, streamed, seldom).map((drawn) => followUp(...drawn));
  return [
    send,
    send,
    get,
    get,
    list,
    list,
    number.map(cancelTask),
    number.map(settle),
    more(streaming ? fc.boolean() : fc.constant(false)),
    more(fc.constant(false)),
    fc.constant(0).map(getExtendedAgentCard),
    fc.constant(0).map(onceMore),
    fc.constant(0).map(onceMore),
    ...(streaming
      ? [
          fc.tuple(fc.constantFrom(...kinds), someContext).map((drawn) => sendStreamingMessage(...drawn)),
          number.map(subscribe),
          number.map(closeStream),
        ]
      : []),
    ...(push
      ? [
          fc.tuple(number, fc.boolean()).map((drawn) => createConfig(...drawn)),
          fc.tuple(number, number).map((drawn) => getPushConfig(...drawn)),
          number.map(listConfigs),
          fc.tuple(number, number).map((drawn) => deleteConfig(...drawn)),
        ]
      : []),
  ];
}

/** With what is the other's. */
function foreignDeeds({ streaming, push }: Commands): fc.Arbitrary<Deed>[] {
  const list = fc.record({ context: someContext, status: someEnd, pageSize: fc.constantFrom(2, 100) }).map(listForeign);
  const operations: readonly ConfigOperation[] = ['Create', 'Get', 'Get', 'List', 'Delete'];
  return [
    list,
    list,
    number.map(getForeign),
    number.map(getForeign),
    number.map(cancelForeign),
    number.map(joinContext),
    fc
      .tuple(number, streaming ? fc.boolean() : fc.constant(false))
      .map(([task, streamed]) => followUpForeign(task, streamed)),
    ...(streaming ? [number.map(subscribeForeign)] : []),
    ...(push
      ? operations.map((kind) => fc.tuple(number, number).map(([task, which]) => configOfForeign(kind, task, which)))
      : []),
  ];
}
