import { verdictOf } from '../core/findings/verdict.ts';
import type { History } from '../core/history/exchange.ts';
import { invariants } from '../core/invariants/all.ts';
import type { InvariantFacts } from '../core/invariants/invariant.ts';
import type { Judgement } from '../core/findings/judgement.ts';
import type { RequirementRow } from '../protocol/requirements/row.ts';
import type { FinalReads } from './final-reads.ts';
import type { LedgerDefects, TaskDefect } from './ledger.ts';
import type { LoadInvariant } from './section.ts';

/** What is known of every task of a run, not only of the sample. */
export interface TaskBooks {
  /** Sends whose answer named a task. */
  readonly streams: number;
  readonly defects: LedgerDefects;
  readonly reads: FinalReads;
  /** Streams that the server left open after the end of their task. */
  readonly held: number;
}

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly requirement: string | null;
  readonly counted: number;
  readonly defect: TaskDefect;
  readonly wrong: string;
  /** Of a violation: the text demands it, or only the user might. */
  readonly grade: 'fail' | 'warn';
}

function ruleResult({ id, title, requirement, counted, defect, wrong, grade }: Rule): LoadInvariant {
  const common = { id, title, requirement };
  if (counted === 0)
    return { ...common, verdict: 'untested', reason: 'the run saw no task that it could be judged by' };
  if (defect.count === 0) return { ...common, verdict: 'pass', reason: `none of ${counted} tasks ${wrong}` };
  const examples = defect.examples.slice(0, 3).join('; ');
  return { ...common, verdict: grade, reason: `${defect.count} of ${counted} tasks ${wrong}: ${examples}` };
}

/** Judges every task of the run by what its stream and its final read said. Pure. */
export function judgeBooks({ streams, defects, reads, held }: TaskBooks): readonly LoadInvariant[] {
  const ends: TaskDefect = {
    count: defects.twoEnds.count + reads.changedEndCount,
    examples: [...defects.twoEnds.examples, ...reads.changedEnd],
  };
  const rules: readonly Rule[] = [
    {
      id: 'load/own-task-id',
      title: 'Each send got a task of its own',
      requirement: 'send/task-id-generated',
      counted: streams,
      defect: defects.sharedIds,
      wrong: 'have the id of another send',
      grade: 'fail',
    },
    {
      id: 'load/one-task-a-stream',
      title: 'A stream speaks of one task',
      requirement: 'streaming/one-task',
      counted: streams,
      defect: defects.mixedStreams,
      wrong: 'came on a stream that named others too',
      grade: 'fail',
    },
    {
      id: 'load/one-terminal-state',
      title: 'A task has one terminal state and never leaves it',
      requirement: 'get/terminal-stable',
      counted: streams,
      defect: ends,
      wrong: 'were seen with an end and in another state afterwards',
      grade: 'fail',
    },
    {
      id: 'load/nothing-after-the-end',
      title: 'No update follows the terminal event',
      requirement: 'streaming/nothing-after-terminal',
      counted: streams,
      defect: defects.afterEnd,
      wrong: 'were updated after their terminal event',
      grade: 'fail',
    },
    {
      id: 'load/stream-closes',
      title: 'A stream closes when its task has ended',
      requirement: 'streaming/closes-at-terminal',
      counted: streams,
      defect: { count: held, examples: ['the generator closed them after 2 s'] },
      wrong: 'had a stream that stayed open',
      // Under load a slow end and none look alike; the check of this row observes it twice.
      grade: 'warn',
    },
    {
      id: 'load/stamps-in-order',
      title: 'Status timestamps of a stream never go back',
      requirement: null,
      counted: streams,
      defect: defects.stampsGoBack,
      wrong: 'have a status timestamp earlier than the one before',
      grade: 'warn',
    },
  ];
  return rules.map(ruleResult);
}

/**
 * Judges the sample by the invariants of core: those of the protocol's text always, contracts where the target promises them.
 * Rows that are never graded, and those of which the sample holds nothing, are left out.
 */
export function judgeSample(
  history: History,
  facts: InvariantFacts,
  rows: ReadonlyMap<string, Pick<RequirementRow, 'level'>>,
): readonly LoadInvariant[] {
  if (history.exchanges.length === 0) return [];
  const judged = invariants.filter(
    ({ provenance }) => provenance.kind === 'spec' || facts.target.contracts.includes(provenance.contract),
  );
  return judged.flatMap(({ id, title, judge }) => {
    const judgements: Readonly<Record<string, Judgement>> = judge(history, facts);
    return Object.entries(judgements).flatMap(([requirement, judgement]): LoadInvariant[] => {
      const row = rows.get(requirement);
      if (row === undefined || row.level === 'MAY') return [];
      const verdict = verdictOf(judgement, row);
      if (verdict !== 'pass' && verdict !== 'fail' && verdict !== 'warn') return [];
      const { reason } = judgement;
      const more = judgement.kind === 'violated' ? `: expected ${judgement.expected}, got ${judgement.actual}` : '';
      return [{ id, title, requirement, verdict, reason: reason + more }];
    });
  });
}
