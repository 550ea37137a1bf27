import { runExplore, type RunExploreOptions } from '../../compose/run-explore.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Counterexample, Finding } from '../../core/findings/finding.ts';
import type { Report } from '../../core/findings/report.ts';
import type { Io } from '../io.ts';
import { accuses, compare, describe, type Result } from './replay-outcome.ts';

type Drawn = Finding & { readonly counterexample: Counterexample };

export interface CasesToReplay {
  readonly report: Report;
  readonly findings: readonly Drawn[];
  /** Of the target, as the report and the flags say. */
  readonly target: Omit<RunExploreOptions, 'again'>;
  /** Whether the target is at another URL than in the report. */
  readonly moved: boolean;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** Makes each counterexample again, by its seed and path, and says what became of its row. */
export async function replayCases({ report, findings, target, moved, io, signal }: CasesToReplay): Promise<ExitCode> {
  const { options } = report.explore ?? {};
  const results: Result[] = [];
  // Findings of one case are judged by one run of it.
  const cases = Map.groupBy(findings, ({ counterexample: { suite, seed, path } }) =>
    JSON.stringify([suite, seed, path]),
  );
  for (const [, same] of cases) {
    const { suite, seed, path, replayPath } = same[0]!.counterexample;
    const again = await runExplore(
      {
        ...target,
        seed,
        ...(options === undefined ? {} : { maxCommands: options.maxCommands, timeMs: options.timeMs }),
        again: { suite, seed, path, ...(replayPath === undefined ? {} : { replayPath }) },
      },
      undefined,
      signal,
    );
    if (again.end.kind === 'interrupted') return 130;
    if (again.end.kind === 'unreachable') {
      io.stderr.write(`a2a-gauntlet: ${again.end.reason ?? 'the target could not be reached'}\n`);
      return 3;
    }
    const made = (again.explore?.suites[0]?.runs ?? 0) > 0;
    for (const finding of same) results.push(settled(resultOf(finding, again, moved, made), finding, again));
  }
  for (const result of results) io.stdout.write(`${describe(result).join('\n')}\n`);
  const has = (outcome: Result['outcome']): boolean => results.some((result) => result.outcome === outcome);
  return has('ERROR') ? 5 : has('FAILED') ? 1 : has('NOT MEASURED') ? 3 : 0;
}

/** How sure it has to be that what did not show would have shown. */
const confidence = 0.95;

/** What showed seldom may only have hidden, and one fault may show in another way: then nothing is said. */
function settled(result: Result, { counterexample }: Drawn, { explore, findings }: Report): Result {
  const { hitRate } = counterexample;
  if (result.outcome !== 'FIXED' || hitRate === undefined) return result;
  const untold = (reason: string): Result => {
    const now = { ...(result.now ?? result.before), verdict: 'untested' as const, reason };
    return { ...result, outcome: 'NOT MEASURED', now };
  };
  const other = findings.find((finding) => accuses(finding) && finding.counterexample !== undefined);
  if (other !== undefined) return untold(`the same case now breaks ${other.requirement}: ${other.reason}`);
  const tries = explore?.suites[0]?.runs ?? 0;
  const { hits, runs } = hitRate;
  if (1 - (1 - hits / runs) ** tries >= confidence) return result;
  return untold(`it did not show in ${tries} tries, but in the report in ${hits} of ${runs}: too seldom to tell`);
}

/** A case that was made again and accuses of nothing leaves no finding of an invariant: that is what FIXED is. */
function resultOf(before: Finding, again: Report, moved: boolean, made: boolean): Result {
  const result = compare(before, again, moved);
  if (result.outcome !== 'NOT MEASURED' || !made || result.now !== undefined) return result;
  return { ...result, outcome: accuses(before) ? 'FIXED' : 'PASSED' };
}
