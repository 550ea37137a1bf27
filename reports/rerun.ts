import type { LoadSection } from '../core/findings/load-section.ts';
import type { Report } from '../core/findings/report.ts';
import { span } from './load.ts';

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/**
 * The command that makes a load or chaos run again: such a run is judged as a whole, so that none of its findings can be replayed
 * alone. Undefined for a check. Values of headers are in no report: they are left open.
 *
 * @param experiment of a finding, where only that one is wanted
 */
export function rerunCommand(report: Report, experiment?: string): string | undefined {
  const { load, chaos } = report;
  if (load !== undefined) return ['a2a-gauntlet load', ...loadArguments(report, load)].join(' ');
  if (chaos === undefined) return undefined;
  const open = chaos.experiments.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id);
  const wanted = experiment === undefined ? open : [experiment];
  return ['a2a-gauntlet chaos', ...wanted, `--environment ${chaos.environment}`, `--seed ${report.seed}`].join(' ');
}

/** The command that makes a run of generated cases again; undefined for any other. */
export function exploreCommand({ target, options, explore, seed }: Report): string | undefined {
  if (explore === undefined) return undefined;
  const { suites, runs, maxCommands, timeMs } = explore.options;
  const { embedded } = target;
  return [
    'a2a-gauntlet explore',
    ...(embedded === null
      ? [quoted(target.url)]
      : embedded.profile === 'full'
        ? []
        : [`--profile ${embedded.profile}`]),
    // The embedded agent knows its second principal.
    ...connectionArguments(embedded === null ? options : { ...options, secondPrincipal: false }),
    ...options.bindings.map((name) => `--binding ${quoted(name)}`),
    // The embedded agent is asked with those of the tck unless told otherwise.
    ...(options.stimuli === null || (embedded !== null && options.stimuli === 'tck')
      ? []
      : [`--stimuli ${quoted(options.stimuli)}`]),
    ...(options.intrusive ? ['--intrusive'] : []),
    `--timeout ${options.timeoutMs}ms --max-tasks ${options.maxTasks}`,
    `--suite ${suites.join(',')} --runs ${runs} --max-commands ${maxCommands} --time ${timeMs}ms --seed ${seed}`,
  ].join(' ');
}

const connectionArguments = ({
  cardUrl,
  headers,
  insecure,
  secondPrincipal = false,
}: Report['options']): readonly string[] => [
  ...(cardUrl === null ? [] : [`--card-url ${quoted(cardUrl)}`]),
  ...headers.map((name) => `--header ${quoted(`${name}: …`)}`),
  ...(secondPrincipal ? ['--second-bearer …'] : []),
  ...(insecure ? ['--insecure'] : []),
];

function loadArguments({ target, options }: Report, load: LoadSection): readonly string[] {
  const { offered, options: own } = load;
  const { thresholds } = own;
  const [part, ...others] = own.message;
  const text = others.length === 0 && typeof part?.['text'] === 'string' ? part['text'] : undefined;
  const embedded = target.embedded !== null;
  return [
    ...(embedded ? [] : [quoted(target.url)]),
    ...connectionArguments(options),
    `--rate ${offered.ratePerMinute}`,
    `--duration ${span(offered.durationMs).replace(' min', 'm').replace(' ', '')}`,
    ...(own.plain ? ['--plain'] : []),
    ...(own.purges ? ['--purges'] : []),
    ...(embedded || text === undefined ? [] : [`--message ${quoted(text)}`]),
    `--p99-signal ${thresholds.p99SignalMs}ms`,
    `--max-errors ${Number((thresholds.errorRate * 100).toPrecision(6))}%`,
    `--max-lost ${thresholds.lost}`,
    `--max-dropped ${thresholds.dropped}`,
  ];
}
