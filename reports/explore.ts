import type { ExploreSection, SuiteFigures } from '../core/findings/explore-section.ts';
import type { Counterexample } from '../core/findings/finding.ts';
import type { ReportedFinding } from '../core/findings/report.ts';
import type { Exchange } from '../core/history/exchange.ts';
import { renderExposures } from './exposures.ts';
import { duration, oneLine, plural } from './text.ts';

/** What draws a counterexample again. */
export const describeDraw = ({ suite, seed, path, replayPath }: Counterexample): string =>
  [`${suite}, seed ${seed}, path ${path}`, ...(replayPath === undefined ? [] : [`replay path ${replayPath}`])].join(
    ', ',
  );

/** Of a finding that no one case shows: so many exchanges, and so much of what was said in each. */
const mostSteps = 6;
const mostText = 160;

const brief = (text: string): string => {
  const line = oneLine(text);
  return line.length > mostText ? `${line.slice(0, mostText)}…` : line;
};

function stepOf({ id, interface: ref, intent, request, response, events, failure }: Exchange): string {
  const what = intent.kind === 'operation' ? intent.operation : `${request.method} ${request.url}`;
  const said =
    events.length > 0 ? `${plural(events.length, 'event')}, the last: ${events.at(-1)!.data}` : response?.body;
  const came = response === null ? (failure?.message ?? 'no answer') : `HTTP ${response.status} ${said ?? ''}`;
  return `${what} (${ref?.binding ?? 'no interface'}, ${id}) ${brief(request.body ?? '')} → ${brief(came)}`;
}

/** The exchanges that showed a finding of which there is no drawn case; what was expected and what came is beside them. */
export const stepsShown = ({ counterexample, evidence }: ReportedFinding): readonly string[] => {
  if (counterexample !== undefined) return [];
  const left = evidence.length - mostSteps;
  const steps = evidence.slice(0, mostSteps).map(stepOf);
  return left > 0 ? [...steps, `… and ${plural(left, 'more exchange')}: see report.json`] : steps;
};

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
