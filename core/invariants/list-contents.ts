import { excerpt } from '../../protocol/schemas/problem.ts';
import { instantOf, isBefore } from '../history/instants.ts';
import { largest, limitInstances } from './history-limits.ts';
import { defineInvariant } from './invariant.ts';
import { stringOf } from './json.ts';
import { listAnswers, type ListAnswer, type ListedTask } from './list-answers.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** A filter of a list as one of its members names it. */
interface Filter {
  /** The value asked for; undefined where this filter is not given. */
  readonly wanted: (answer: ListAnswer) => string | undefined;
  /** Whether a sighting of a task is one that the filter leaves out: only then the list shows that it works. */
  readonly leavesOut: (sighting: Sighting, wanted: string) => boolean;
  readonly defect: (task: ListedTask, wanted: string, seen: readonly Sighting[]) => Defect | undefined;
}

const given = (value: unknown): string | undefined => stringOf(value) || undefined;

const timestampOf = ({ raw }: Sighting): unknown => (raw['status'] as { timestamp?: unknown } | undefined)?.timestamp;

const contexts: Filter = {
  wanted: ({ asked }) => given(asked['contextId']),
  leavesOut: ({ contextId }, wanted) => Boolean(contextId) && contextId !== wanted,
  defect({ id, contextId }, wanted) {
    if (contextId === wanted) return undefined;
    return {
      expected: `only tasks of context ${wanted}`,
      actual: `task ${id} ${contextId ? `of context ${contextId}` : 'without a context'}`,
      ...(contextId
        ? {}
        : { readings: ['a task without a context is of no context', 'Task.context_id is not REQUIRED'] as const }),
    };
  },
};

const states: Filter = {
  wanted: ({ asked }) => given(asked['status']),
  leavesOut: ({ state }, wanted) => state !== undefined && state !== wanted,
  defect({ id, state }, wanted, seen) {
    if (state === undefined || state === wanted) return undefined;
    // It may have got there while the answer was made; not where the agent had shown it so before it was asked.
    const wasSo = seen.some((sighting) => sighting.state === state);
    return {
      expected: `only tasks in ${wanted}`,
      actual: `task ${id} in ${state}`,
      ...(wasSo
        ? {}
        : {
            readings: [
              'only tasks in that state are listed',
              'the task changed between its being found and its being shown',
            ] as const,
          }),
    };
  },
};

const times: Filter = {
  wanted: ({ asked }) => given(asked['statusTimestampAfter']),
  leavesOut(sighting, wanted) {
    const [time, limit] = [instantOf(timestampOf(sighting)), instantOf(wanted)];
    return time !== undefined && limit !== undefined && isBefore(time, limit);
  },
  defect({ id, timestamp }, wanted) {
    const [time, limit] = [instantOf(timestamp), instantOf(wanted)];
    if (limit === undefined || (time && !isBefore(time, limit))) return undefined;
    // A timestamp that cannot be read is blamed elsewhere.
    if (time === undefined && timestamp !== undefined) return undefined;
    return {
      expected: `only tasks of ${wanted} or later`,
      actual: `task ${id} ${time ? `of ${excerpt(timestamp)}` : 'without a timestamp'}`,
      ...(time
        ? {}
        : {
            readings: [
              'only tasks with a status timestamp of that time or later are listed',
              'TaskStatus.timestamp is not REQUIRED',
            ] as const,
          }),
    };
  },
};

/** Sightings of tasks that had arrived before an answer was asked for. */
const before = (all: readonly Sighting[], { exchange }: ListAnswer): readonly Sighting[] =>
  all.filter(({ at, exchange: { clock } }) => clock === exchange.clock && at < exchange.startedAt);

/** One instance an answer: it has a task that does not match, or there was one to be left out. */
const filtered = (answers: readonly ListAnswer[], all: readonly Sighting[], filter: Filter): readonly Instance[] =>
  answers.flatMap((answer): Instance[] => {
    const wanted = filter.wanted(answer);
    if (wanted === undefined) return [];
    const known = before(all, answer);
    const defects = answer.tasks.flatMap(
      (task) =>
        filter.defect(
          task,
          wanted,
          known.filter(({ taskId }) => taskId === task.id),
        ) ?? [],
    );
    const defect = defects.find(({ readings }) => readings === undefined) ?? defects[0];
    if (!defect && !known.some((sighting) => filter.leavesOut(sighting, wanted))) return [];
    return [{ exchanges: [answer.exchange], defect }];
  });

function artifactInstances(answers: readonly ListAnswer[], all: readonly Sighting[]): readonly Instance[] {
  const artifacts = largest(all, 'artifacts');
  return answers
    .filter(({ asked }) => asked['includeArtifacts'] !== true)
    .flatMap(({ exchange, tasks }) =>
      tasks.flatMap(({ id, received }): Instance[] => {
        const shown = Object.hasOwn(received, 'artifacts');
        if (!shown && !artifacts.get(id)) return [];
        const defect: Defect = {
          expected: `no field "artifacts" in task ${id}`,
          actual: `"artifacts": ${excerpt(received['artifacts'])}`,
          ...(received['artifacts'] === null
            ? { readings: ['§3.1.4: the field is omitted, not null', 'ProtoJSON: null stands for an absent field'] }
            : {}),
        };
        return [{ exchanges: [exchange], defect: shown ? defect : undefined }];
      }),
    );
}

function historyInstances(answers: readonly ListAnswer[], all: readonly Sighting[]): readonly Instance[] {
  const limited = answers.flatMap(({ exchange, tasks, asked }) =>
    tasks.map(({ id, raw }) => ({ exchange, taskId: id, raw, limit: asked['historyLength'] })),
  );
  return limitInstances(limited, largest(all, 'history'));
}

export const listContents = defineInvariant({
  id: 'invariants/list-contents',
  title: 'Every list has only tasks that match its filters, and shows of them what was asked for',
  provenance: { kind: 'spec' },
  requirements: [
    'list/context-filter',
    'list/status-filter',
    'list/timestamp-filter',
    'list/artifacts-omitted',
    'list/history-length',
  ],
  judge(history) {
    const answers = listAnswers(history);
    const all = answers.length === 0 ? [] : sightings(history);
    const words = (counted: string, wrong: string) => ({
      counted,
      wrong,
      hint: 'the run saw no list that could show it: see the checks of the area list',
    });
    return {
      'list/context-filter': judgeInstances(
        filtered(answers, all, contexts),
        words('lists of one context', 'have tasks of another'),
      ),
      'list/status-filter': judgeInstances(
        filtered(answers, all, states),
        words('lists of one state', 'have tasks in another'),
      ),
      'list/timestamp-filter': judgeInstances(
        filtered(answers, all, times),
        words('lists from a time on', 'have older tasks'),
      ),
      'list/artifacts-omitted': judgeInstances(
        artifactInstances(answers, all),
        words('tasks with artifacts in lists that do not ask for them', 'have the field artifacts'),
      ),
      'list/history-length': judgeInstances(
        historyInstances(answers, all),
        words('tasks with more messages than a list asks for', 'have more of them in it'),
      ),
    };
  },
});
