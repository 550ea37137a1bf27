import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { mayBeError, showsLife } from '../shared/task-parts.ts';
import { creationRefused } from './creation-refused.ts';
import {
  configIn,
  configsIn,
  isConfirmed,
  isMissing,
  type ConfigView,
  type Registered,
  type WholeList,
} from './configuration.ts';

/** Two configurations of one task that goes on. */
export interface Observation {
  /** Both created without an id, the second with credentials. */
  readonly created: readonly [Registered, Registered];
  /** GetTaskPushNotificationConfig of each; null where no id is known. */
  readonly got: readonly [CallResult | null, CallResult | null];
  readonly list: WholeList;
  /** The same with a pageSize of 1. */
  readonly paged: WholeList;
  readonly deleted: CallResult | null;
  /** GetTask at the end. */
  readonly task: CallResult;
}

const hint = 'see the answer of the agent; a webhook that it accepts may help: --webhook-url <url>';

const evidenceOf = (...answers: readonly (CallResult | null | undefined)[]): Exchange[] =>
  answers.flatMap((answer) => (answer ? [answer.exchange] : []));

/** Why a configuration that is not there says nothing: it was not created. */
const notCreated = ({ answer }: Registered): Judgement =>
  untested(`no configuration was created: ${otherCause(answer) ?? describeReply(answer.reply)}`, hint, answer.exchange);

/** §3.3.4, §5.3: whether the four operations are there. */
export function supported({ created, got, list, deleted, task }: Observation): Judgement {
  const asked = [
    ['CreateTaskPushNotificationConfig', created[0].answer],
    ['GetTaskPushNotificationConfig', got[0]],
    ['ListTaskPushNotificationConfigs', list.pages[0] ?? null],
    ['DeleteTaskPushNotificationConfig', deleted],
  ] as const;
  const missing = asked.flatMap(([name, answer]) => (answer && isMissing(answer) ? [{ name, answer }] : []));
  const answered = asked.filter(([, answer]) => answer && isConfirmed(answer));
  const evidence = evidenceOf(...missing.map(({ answer }) => answer), task);
  const [first] = missing;
  if (first !== undefined && showsLife(task)) {
    const said = missing.map(({ name, answer }) => `${name}: ${describeReply(answer.reply)}`).join('; ');
    if (missing.every(({ answer }) => mayBeError(answer, 'UnsupportedOperationError'))) {
      return ambiguous(
        said,
        [
          '§3.1.7 to §3.1.10, §5.3: an agent that declares pushNotifications has the four operations',
          '§3.3.2: the requested operation, or an aspect of it, is not supported',
        ],
        ...evidence,
      );
    }
    return violated(
      {
        reason: 'the card declares pushNotifications, but operations of it are refused altogether',
        expected: 'the operation is there',
        actual: said,
      },
      ...evidence,
    );
  }
  if (answered.length === asked.length) {
    return holds('all four operations are there', ...evidenceOf(...asked.map(([, answer]) => answer)));
  }
  const refused = creationRefused(created, task);
  if (refused !== undefined) return refused;
  return untested('not every operation could be asked', hint, ...evidenceOf(...asked.map(([, answer]) => answer)));
}

/** §3.1.7: the output of a creation. */
export function returnsConfig(registered: Registered): Judgement {
  const { answer, config, url, taskId } = registered;
  if (answer.reply.kind !== 'result') return notCreated(registered);
  if (config?.url !== url) {
    return violated(
      {
        reason: 'the answer is not the created configuration',
        expected: `a configuration with url ${url}`,
        actual: config?.url === undefined ? 'a result without url' : `url ${config.url}`,
      },
      answer.exchange,
    );
  }
  if (config.taskId === taskId) return holds('the created configuration is returned', answer.exchange);
  if (config.taskId !== undefined) {
    return violated(
      {
        reason: 'the created configuration names another task',
        expected: `taskId ${taskId}`,
        actual: `taskId ${config.taskId}`,
      },
      answer.exchange,
    );
  }
  return ambiguous(
    'the created configuration names no task',
    [
      '§3.1.7: the created configuration is returned, and it has a task',
      'a2a.proto: task_id is not marked REQUIRED, and the client has just named it',
    ],
    answer.exchange,
  );
}

export function assignsId(registered: Registered): Judgement {
  const { answer, config } = registered;
  if (answer.reply.kind !== 'result') return notCreated(registered);
  if (config?.id !== undefined) return holds(`id ${config.id} is assigned`, answer.exchange);
  return violated(
    { reason: 'a configuration is created without id', expected: 'an assigned id', actual: 'no id' },
    answer.exchange,
  );
}

export function idsUnique({ created: [first, second] }: Observation): Judgement {
  const evidence = evidenceOf(first.answer, second.answer);
  const [one, other] = [first.config?.id, second.config?.id];
  if (one === undefined || other === undefined)
    return untested('two ids were not assigned', 'see push/create-assigns-id', ...evidence);
  if (one !== other) return holds('two configurations have two ids', ...evidence);
  return violated(
    {
      reason: 'two configurations of one task, with different URLs, are assigned the same id',
      expected: 'a unique id for each',
      actual: `${one} twice`,
    },
    ...evidence,
  );
}

/** Of two configurations with one id only the second is left: the row of ids speaks of that. */
const isReplaced = ({ created: [first, second] }: Observation, registered: Registered): boolean =>
  registered === first && first.config?.id === second.config?.id;

function gotBack(registered: Registered, got: CallResult | null | undefined, task: CallResult): Judgement {
  const { answer, config, url, settings } = registered;
  if (answer.reply.kind !== 'result') return notCreated(registered);
  if (!got || config?.id === undefined) return untested('no id to ask for', 'see push/create-assigns-id');
  const evidence = evidenceOf(answer, got, task);
  const cause = otherCause(got);
  if (cause !== undefined || isMissing(got)) return untested(cause ?? describeReply(got.reply), hint, ...evidence);
  if (got.reply.kind !== 'result') {
    if (!showsLife(task)) return untested('the task had ended meanwhile', hint, ...evidence);
    return violated(
      {
        reason: 'a configuration that was created cannot be got',
        expected: 'the configuration',
        actual: describeReply(got.reply),
      },
      ...evidence,
    );
  }
  const shown = configIn(got);
  if (shown?.url !== url || (shown.id !== undefined && shown.id !== config.id)) {
    return violated(
      {
        reason: 'another configuration is returned',
        expected: `configuration ${config.id} with url ${url}`,
        actual: `configuration ${shown?.id ?? 'without id'} with ${shown?.url === undefined ? 'no url' : `url ${shown.url}`}`,
      },
      ...evidence,
    );
  }
  if (settings['authentication'] !== undefined && shown.scheme === undefined) {
    return ambiguous(
      'the configuration is returned without its scheme of authentication',
      [
        '§3.1.8: the configuration is returned with its webhook URL and its notification settings',
        '§13.2: tokens and credentials are secrets; an agent may keep its settings of authentication to itself',
      ],
      ...evidence,
    );
  }
  return holds('the configuration is returned with its URL and settings', ...evidence);
}

/** §3.1.8: both configurations. */
export const getReturns = (observation: Observation): Judgement =>
  worst(
    observation.created.map((registered, index) =>
      isReplaced(observation, registered)
        ? untested('two configurations have one id', 'see push/ids-unique', registered.answer.exchange)
        : gotBack(registered, observation.got[index], observation.task),
    ),
  );

const listed = ({ pages: all }: WholeList): readonly ConfigView[] => all.flatMap((page) => configsIn(page) ?? []);

/** The created configurations that a whole list lacks, or has several times. */
const wrongly = (observation: Observation, list: WholeList): readonly string[] =>
  observation.created.flatMap((registered) => {
    const { config, url } = registered;
    if (config?.id === undefined || isReplaced(observation, registered)) return [];
    const count = listed(list).filter(({ id }) => id === config.id).length;
    return count === 1 ? [] : [`${url} ${count === 0 ? 'is missing' : `is there ${count} times`}`];
  });

/** What of a list keeps it from being judged. */
function unlisted({ created, task }: Observation, list: WholeList): Judgement | undefined {
  const failed = created.find(({ answer }) => answer.reply.kind !== 'result');
  if (failed !== undefined) return notCreated(failed);
  const evidence = evidenceOf(...list.pages, task);
  if (created.some(({ config }) => config?.id === undefined)) {
    return untested('the configurations have no ids', 'see push/create-assigns-id', ...evidence);
  }
  const last = list.pages.at(-1);
  const refused = last !== undefined && last.reply.kind !== 'result';
  if (refused && (otherCause(last) !== undefined || isMissing(last))) {
    return untested(`the list is not answered: ${describeReply(last.reply)}`, hint, ...evidence);
  }
  return showsLife(task) ? undefined : untested('the task had ended meanwhile', hint, ...evidence);
}

export function listsAll(observation: Observation): Judgement {
  const { list, created } = observation;
  const cannot = unlisted(observation, list);
  if (cannot !== undefined) return cannot;
  const evidence = evidenceOf(...list.pages, ...created.map(({ answer }) => answer));
  const [last] = list.pages.slice(-1);
  if (last?.reply.kind !== 'result') {
    return violated(
      {
        reason: 'the configurations of a task are not listed',
        expected: 'a list',
        actual: last === undefined ? 'nothing' : describeReply(last.reply),
      },
      ...evidence,
    );
  }
  const missing = wrongly(observation, list).filter((text) => text.endsWith('missing'));
  if (missing.length === 0) return holds('both configurations are listed', ...evidence);
  return violated(
    { reason: 'the list lacks an active configuration', expected: 'both configurations', actual: missing.join('; ') },
    ...evidence,
  );
}

/** One configuration a page is the smallest there is: more on one page, or no further page, means that there are none. */
const hasPages = ({ pages: all }: WholeList): boolean => all.length > 1;

export function paging({ paged }: Observation): Judgement {
  const evidence = evidenceOf(...paged.pages);
  if (!paged.complete && !paged.endless) return untested('the list is not answered', hint, ...evidence);
  return holds(hasPages(paged) ? 'the list has pages' : 'the agent does not use this freedom', ...evidence);
}

export function pages(observation: Observation): Judgement {
  const { paged } = observation;
  const cannot = unlisted(observation, paged);
  if (cannot !== undefined) return cannot;
  const evidence = evidenceOf(...paged.pages);
  if (!hasPages(paged)) return skip('the agent does not page this list, which is its choice (§3.1.9)');
  const sizes = paged.pages.map((page) => configsIn(page)?.length ?? 0);
  const wrong = [
    ...(paged.endless ? ['nextPageToken leads round and round'] : []),
    ...(sizes.some((size) => size > 1) ? [`pages of ${sizes.join(', ')}`] : []),
    ...(!paged.complete && !paged.endless ? [`a page is refused: ${describeReply(paged.pages.at(-1)!.reply)}`] : []),
    ...(paged.complete ? wrongly(observation, paged) : []),
  ];
  if (wrong.length === 0) return holds(`${paged.pages.length} pages hold each configuration once`, ...evidence);
  return violated(
    {
      reason: 'pages of configurations do not add up to the list',
      expected: 'pages of at most 1, each configuration once, and an end',
      actual: wrong.join('; '),
    },
    ...evidence,
  );
}
