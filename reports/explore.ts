import type { ExploreSection, SuiteFigures } from '../core/findings/explore-section.ts';
import type { Counterexample } from '../core/findings/finding.ts';
import { renderExposures } from './exposures.ts';
import { duration, plural } from './text.ts';

/** What draws a counterexample again. */
export const describeDraw = ({ suite, seed, path, replayPath }: Counterexample): string =>
  [`${suite}, seed ${seed}, path ${path}`, ...(replayPath === undefined ? [] : [`replay path ${replayPath}`])].join(
    ', ',
  );

const ends: Readonly<Record<SuiteFigures['end'], string>> = {
  runs: 'all runs done',
  time: 'time is up',
  tasks: 'no further task may be created (--max-tasks)',
  interrupted: 'interrupted',
  'target-lost': 'the target stopped answering',
  'not-elicited': 'not measured',
};

/** One line for each suite, and one for each interface. */
export const renderExplore = ({ suites, exposures = [] }: ExploreSection): readonly string[] => [
  ...suites.map(({ suite, runs, commands, requests, unsteady, end, reason, durationMs }) =>
    [
      `${suite}: ${plural(runs, 'generated case')}`,
      ...(commands > 0 ? [plural(commands, 'command')] : []),
      `${plural(requests, 'request')} (${rate(requests, durationMs)} a second)`,
      ...(unsteady > 0 ? [`${plural(unsteady, 'case')} that failed only once`] : []),
      duration(durationMs),
      reason ?? ends[end],
    ].join(', '),
  ),
  ...renderExposures(exposures),
];

const rate = (requests: number, durationMs: number): string =>
  durationMs <= 0 ? '0' : String(Math.round((requests * 1000) / durationMs));
