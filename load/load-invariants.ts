import { judgeHistory } from '../core/engine/judge-history.ts';
import { judged, type Rows } from '../core/engine/grade.ts';
import type { Finding } from '../core/findings/finding.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../core/findings/judgement.ts';
import type { LoadInvariant } from '../core/findings/load-section.ts';
import { isMeasured, verdictOf } from '../core/findings/verdict.ts';
import type { Exchange, History } from '../core/history/exchange.ts';
import { invariants } from '../core/invariants/all.ts';
import type { InvariantFacts } from '../core/invariants/invariant.ts';
import type { InterfaceRef } from '../core/target/target.ts';
import type { FinalReads } from './final-reads.ts';
import type { LedgerDefects, TaskDefect } from './ledger.ts';

/** What is known of every task of a run, not only of the sample. */
export interface TaskBooks {
  /** Sends whose answer named a task. */
  readonly streams: number;
  readonly defects: LedgerDefects;
  readonly reads: Pick<FinalReads, 'changedEnd' | 'changedEndTasks' | 'changedEndCount'>;
  /** Streams that the server left open after the end of their task. */
  readonly held: number;
}

/** One rule over all tasks of a run, and what its judge said; the level of its row grades it. */
export interface JudgedRule {
  /** `load/<kebab-case>`. */
  readonly id: string;
  readonly title: string;
  /** Null where only the user might demand it: a violation is then a `warn`. */
  readonly requirement: string | null;
  readonly judgement: Judgement;
}

type Readings = readonly [string, string, ...string[]];

interface Rule extends Omit<JudgedRule, 'judgement'> {
  /** The first one that there is decides. */
  readonly defects: readonly {
    readonly defect: TaskDefect;
    readonly wrong: string;
    /** Readings of the text, or other causes, that allow it. */
    readonly readings?: Readings;
  }[];
}

const oneTaskReadings: Readings = [
  '§3.4.2: each new task gets a unique id: two messages that name no task make two tasks',
  '§3.3.1: sending MAY be idempotent: a message that says the same as another may be answered with the task of that one',
];

const openStreamReadings: Readings = [
  '§3.1.2: the stream closes when the task reaches a terminal state',
  'under load a slow close and none look alike: the generator waits 2 s (check streaming/lifecycle looks twice)',
];

const none: TaskDefect = { count: 0, examples: [], tasks: [] };

function rulesOf({ defects, reads, held }: Omit<TaskBooks, 'streams'>): readonly Rule[] {
  const ends: TaskDefect = {
    count: defects.twoEnds.count + reads.changedEndCount,
    examples: [...defects.twoEnds.examples, ...reads.changedEnd],
    tasks: [...defects.twoEnds.tasks, ...reads.changedEndTasks],
  };
  return [
    {
      id: 'load/own-task-id',
      title: 'Each send got a task of its own',
      requirement: 'send/task-id-generated',
      defects: [
        { defect: defects.reusedIds, wrong: 'were new work under the id of a task that had ended' },
        { defect: defects.sharedIds, wrong: 'have the id of another send', readings: oneTaskReadings },
      ],
    },
    {
      id: 'load/one-task-a-stream',
      title: 'A stream speaks of one task',
      requirement: 'streaming/one-task',
      defects: [{ defect: defects.mixedStreams, wrong: 'came on a stream that named others too' }],
    },
    {
      id: 'load/one-terminal-state',
      title: 'A task has one terminal state and never leaves it',
      requirement: 'get/terminal-stable',
      defects: [{ defect: ends, wrong: 'were seen with an end and in another state afterwards' }],
    },
    {
      id: 'load/nothing-after-the-end',
      title: 'No update follows the terminal event',
      requirement: 'streaming/nothing-after-terminal',
      defects: [{ defect: defects.afterEnd, wrong: 'were updated after their terminal event' }],
    },
    {
      id: 'load/stream-closes',
      title: 'A stream closes when its task has ended',
      requirement: 'streaming/closes-at-terminal',
      defects: [
        {
          defect: { ...none, count: held, examples: ['the generator closed them after 2 s'] },
          wrong: 'had a stream that stayed open',
          readings: openStreamReadings,
        },
      ],
    },
    {
      id: 'load/stamps-in-order',
      title: 'Status timestamps of a stream never go back',
      requirement: null,
      defects: [{ defect: defects.stampsGoBack, wrong: 'have a status timestamp earlier than the one before' }],
    },
  ];
}

/** What was on the wire of a task, as far as it was kept. */
export type EvidenceOf = (taskId: string) => readonly Exchange[];

/** Judges every task of the run by what its stream and its final read said. Pure. */
export function judgeBooks(books: TaskBooks, evidenceOf: EvidenceOf = () => []): readonly JudgedRule[] {
  const { streams } = books;
  const judge = ({ title, defects }: Rule): Judgement => {
    if (streams === 0) {
      return untested('the run saw no task that it could be judged by', 'see why no send was answered with a task');
    }
    const found = defects.find(({ defect }) => defect.count > 0);
    if (found === undefined) return holds(`none of ${streams} tasks ${defects.at(-1)!.wrong}`);
    const { defect, wrong, readings } = found;
    const actual = `${defect.count} of ${streams} tasks ${wrong}: ${defect.examples.slice(0, 3).join('; ')}`;
    const evidence = [...new Set(defect.tasks.slice(0, 3).flatMap(evidenceOf))];
    return readings === undefined
      ? violated({ reason: `judged over every task of the run: ${actual}`, expected: title, actual }, ...evidence)
      : ambiguous(actual, readings, ...evidence);
  };
  return rulesOf(books).map(({ id, title, requirement, ...rule }) => ({
    ...{ id, title, requirement },
    judgement: judge({ id, title, requirement, ...rule }),
  }));
}

/** The findings of the rules that are of the text. */
export const findingsOfRules = (rules: readonly JudgedRule[], ref: InterfaceRef, rows: Rows): readonly Finding[] =>
  rules.flatMap(({ id, requirement, judgement }) =>
    requirement === null
      ? []
      : judged(
          { id, requirements: [requirement] },
          [requirement],
          ref,
          rows,
          () => ({ [requirement]: judgement }),
          () => 0,
        ),
  );

/** A rule as the section of the report has it. */
export function loadInvariantOf({ id, title, requirement, judgement }: JudgedRule, rows: Rows): LoadInvariant {
  const graded = verdictOf(judgement, {
    level: (requirement === null ? undefined : rows.get(requirement)?.level) ?? 'SHOULD',
  });
  const verdict = isMeasured(graded) ? (graded as LoadInvariant['verdict']) : 'untested';
  return {
    id,
    title,
    requirement,
    verdict,
    reason: judgement.kind === 'violated' ? judgement.actual : judgement.reason,
  };
}

/** Judges the sample by the invariants of core: those of the protocol's text always, contracts where the target promises them. */
export const judgeSample = (history: History, facts: InvariantFacts, rows: Rows): readonly Finding[] =>
  history.exchanges.length === 0 ? [] : judgeHistory(history, facts, { invariants, rows });

const titles: ReadonlyMap<string, string> = new Map(invariants.map(({ id, title }) => [id, title]));

/** What the sample measured, as the section of the report has it; rows that are never graded are left out. */
export const sampleInvariants = (findings: readonly Finding[]): readonly LoadInvariant[] =>
  findings.flatMap(({ check, requirement, level, verdict, reason, expected, actual }): LoadInvariant[] => {
    const title = titles.get(check);
    if (title === undefined || level === 'MAY' || !isMeasured(verdict)) return [];
    const more = expected === undefined ? '' : `: expected ${expected}, got ${actual}`;
    const graded = verdict as LoadInvariant['verdict'];
    return [{ id: check, title, requirement, verdict: graded, reason: reason + more }];
  });
