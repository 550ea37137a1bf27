import type { Command } from 'commander';
import { invariants } from '../../compose/catalogue.ts';
import { runCheck, type RunCheckOptions } from '../../compose/run-check.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Counterexample, Finding } from '../../core/findings/finding.ts';
import type { Report } from '../../core/findings/report.ts';
import { startEmbedded } from '../../fixtures/environments/embedded.ts';
import { profiles, type Profile } from '../../mocks/reference-agent/settings.ts';
import { readReport } from '../../reports/json.ts';
import { exploreCommand, rerunCommand } from '../../reports/rerun.ts';
import { oneLine } from '../../reports/text.ts';
import { parseCardKeys, type CardKeyFlags } from '../card-keys.ts';
import {
  parseApiKey,
  parseClientCertificate,
  parseConnection,
  parseWebhook,
  type IdentityFlags,
  type ConnectionFlags,
  type WebhookFlags,
} from '../check-options.ts';
import { addCardKeyOption, addIdentityOptions, addConnectionOptions, addWebhookOptions } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { addSecondPrincipalOption, parseSecondPrincipal, type SecondPrincipalFlags } from '../second-principal.ts';
import { UsageError } from '../usage-error.ts';
import { credentialsOf, embeddedHost, secondOf } from './check.ts';
import { replayCases } from './replay-cases.ts';
import { accuses, compare, describe, isSameFinding, type Result } from './replay-outcome.ts';

type Flags = ConnectionFlags &
  IdentityFlags &
  WebhookFlags &
  SecondPrincipalFlags &
  CardKeyFlags & { readonly stimuli?: string; readonly url?: string };

/** `replay <report> [finding]`: runs what failed once more and says whether it still does. */
export function addReplay(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const command = program
    .command('replay')
    .summary('run a finding of a report again: FIXED or FAILED')
    .description(
      'Runs the checks of a finding again, with the seed of the report, against the same URL (or the embedded agent). ' +
        'Ends with 0 for FIXED, 1 for FAILED, 3 where it could not be measured. Credentials are in no report: give them again.',
    )
    .argument('<report>', 'report.json of a run')
    .argument(
      '[finding]',
      'id of a requirement, or index in findings of the report (from 0); default: all that failed or warned',
    );
  addConnectionOptions(command, 'as in the report');
  addIdentityOptions(command);
  addSecondPrincipalOption(command);
  addWebhookOptions(command);
  addCardKeyOption(command);
  command
    .optionsGroup('Options:')
    .option('--url <url>', 'another URL of the agent than the one in the report')
    .option('--stimuli <preset|file>', 'other messages than the ones of the report')
    .option('--verbose', 'also stack traces of faults')
    .action(async (path: string, wanted: string | undefined, flags: Flags) => {
      const report = await readReport(path);
      const rerun = rerunCommand(report);
      if (rerun !== undefined) return end(refuseRun(report, { path, wanted, rerun }, io));
      const findings = chosenFindings(report, wanted, path);
      const whole = exploreCommand(report);
      if (whole !== undefined && findings.length > 0 && !findings.some(isDrawn)) {
        throw new UsageError(`no one case of ${path} shows it: make the run again with ${whole}`);
      }
      if (findings.length === 0) {
        io.stdout.write(`nothing to run again: no finding of ${path} failed or warned\n`);
        return end(0);
      }
      const spoken = await parseConnection(flags, io.env);
      const identity = parseApiKey(flags, io.env);
      const connection = {
        ...spoken,
        ...(await parseClientCertificate(flags)),
        ...identity,
        ...parseSecondPrincipal(flags, io.env, { ...spoken, ...identity }),
        ...parseWebhook(flags),
        ...(await parseCardKeys(flags)),
      };
      end(await untilInterrupted(io, (signal) => replay({ report, findings, flags, connection, io, signal })));
    });
}

interface Asked {
  readonly path: string;
  readonly wanted: string | undefined;
  readonly rerun: string;
}

/**
 * A load or chaos run is judged by all that was said in it: none of its findings can be made again alone.
 *
 * @throws UsageError with the command that makes the run again, unless nothing failed and nothing was named.
 */
function refuseRun({ exit, load }: Report, { path, wanted, rerun }: Asked, io: Io): ExitCode {
  if (exit.code === 0 && wanted === undefined) {
    io.stdout.write(`nothing to run again: nothing of ${path} failed\n`);
    return 0;
  }
  const kind = load === undefined ? 'chaos' : 'load';
  throw new UsageError(`${path} is of a ${kind} run, which is judged as a whole: run it again with ${rerun}`);
}

/** @throws UsageError where the report has no such finding. */
function chosenFindings({ findings }: Report, wanted: string | undefined, path: string): readonly Finding[] {
  if (wanted === undefined) return findings.filter(accuses);
  if (/^\d+$/.test(wanted)) {
    const finding = findings[Number(wanted)];
    if (finding === undefined) throw new UsageError(`${path} has ${findings.length} findings, none at index ${wanted}`);
    return [finding];
  }
  const ofRow = findings.filter(({ requirement, check }) => requirement === wanted || check === wanted);
  if (ofRow.length === 0) {
    const known = [...new Set(findings.filter(accuses).map(({ requirement }) => requirement))];
    const which = known.length === 0 ? 'none failed' : `failed or warned: ${known.join(', ')}`;
    throw new UsageError(`${path} has no finding of ${wanted} (${which})`);
  }
  const bad = ofRow.filter(accuses);
  return bad.length > 0 ? bad : ofRow;
}

interface Replay {
  readonly report: Report;
  readonly findings: readonly Finding[];
  readonly flags: Flags;
  readonly connection: Pick<
    RunCheckOptions,
    | 'headers'
    | 'apiKey'
    | 'secondBearer'
    | 'cardKeys'
    | 'ca'
    | 'clientCertificate'
    | 'webhook'
    | 'insecure'
    | 'timeoutMs'
    | 'owned'
  >;
  readonly io: Io;
  readonly signal: AbortSignal;
}

async function replay({ report, findings, flags, connection, io, signal }: Replay): Promise<ExitCode> {
  const profile = flags.url === undefined ? profileOf(report) : undefined;
  await using agent = profile === undefined ? undefined : await startEmbedded({ profile, signal });
  const headers = { ...(profile === undefined ? {} : credentialsOf(profile)), ...connection.headers };
  demandHeaders(report, headers);
  const second = profile === undefined ? {} : secondOf(profile);
  demandSecond(report, { ...second, ...connection });
  const moved = profile !== undefined || flags.url !== undefined;
  const target: RunCheckOptions = {
    ...optionsOf(report, findings, flags),
    ...second,
    ...connection,
    owned: [...(connection.owned ?? []), ...(profile === undefined ? [] : [embeddedHost])],
    headers,
    url: agent?.url ?? flags.url ?? report.target.url,
  };
  if (report.explore !== undefined) {
    const ended = await replayCases({ report, findings: findings.filter(isDrawn), target, moved, io, signal });
    const others = findings.filter((finding) => !isDrawn(finding));
    if (others.length === 0 || ended === 130) return ended;
    for (const { requirement, check } of others)
      io.stdout.write(`NOT MEASURED ${requirement} by ${check}: no one case shows it\n`);
    io.stdout.write(`make the run again for what no one case shows: ${exploreCommand(report)}\n`);
    // What was not asked is not mended.
    return ended === 0 ? 3 : ended;
  }
  const again = await runCheck(target, undefined, signal);
  if (again.end.kind === 'unreachable') {
    io.stderr.write(`a2a-gauntlet: ${oneLine([again.end.reason, again.end.hint].join('; '))}\n`);
    return 3;
  }
  const results = findings.map((finding) => compare(finding, again, moved));
  for (const result of results) io.stdout.write(`${describe(result).join('\n')}\n`);
  const others = report.findings.filter((finding) => !findings.includes(finding));
  for (const { requirement, reason } of newFailures(others, again, moved)) {
    io.stdout.write(`also: ${requirement} fails, which did not in the report: ${oneLine(reason)}\n`);
  }
  if (again.end.kind === 'interrupted') return 130;
  if (again.end.kind === 'target-lost') {
    io.stderr.write(`a2a-gauntlet: ${oneLine(`the run ended early: ${again.end.reason ?? 'the target was lost'}`)}\n`);
  }
  const has = (outcome: Result['outcome']): boolean => results.some((result) => result.outcome === outcome);
  return has('ERROR') ? 5 : has('FAILED') ? 1 : has('NOT MEASURED') ? 3 : 0;
}

/** What the checks that ran again say of other rows than before: a repair may break what worked. */
function newFailures(others: readonly Finding[], again: Report, moved: boolean): readonly Finding[] {
  return again.findings.filter(
    (now) => now.verdict === 'fail' && others.some((before) => isSameFinding(now, before, moved) && !accuses(before)),
  );
}

/** Undefined where the target was no embedded agent. */
function profileOf({ target }: Report): Profile | undefined {
  if (target.embedded === null) return undefined;
  const known = profiles.find((name) => name === target.embedded?.profile);
  if (known === undefined)
    throw new UsageError(`this version has no embedded agent of the profile ${target.embedded.profile}`);
  return known;
}

const isDrawn = (finding: Finding): finding is Finding & { readonly counterexample: Counterexample } =>
  finding.counterexample !== undefined;

/** What was judged of two principals cannot be judged of one. */
function demandSecond({ options }: Report, { secondBearer }: Pick<RunCheckOptions, 'secondBearer'>): void {
  if (options.secondPrincipal !== true || secondBearer !== undefined) return;
  throw new UsageError('the report was made with a second principal: give it again with --second-bearer');
}

/** Without the credentials of the report a run would say something of another case. */
function demandHeaders({ options }: Report, headers: Readonly<Record<string, string>>): void {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const missing = options.headers.filter((name) => !given.has(name.toLowerCase()));
  if (missing.length === 0) return;
  throw new UsageError(
    `the report was made with ${missing.join(', ')}: give ${missing.length === 1 ? 'it' : 'them'} again with --bearer or --header`,
  );
}

/** An invariant judges all exchanges of a run, so all of them have to be made again; a check stands for itself. */
function optionsOf(
  { options, seed }: Report,
  findings: readonly Finding[],
  flags: Flags,
): Omit<RunCheckOptions, 'url'> {
  const {
    only,
    skip,
    level,
    specPatch,
    tenants = [],
    bindings,
    timeoutMs,
    maxTasks,
    concurrency,
    intrusive,
    cardUrl,
  } = options;
  const judgesAll = findings.some(({ check }) => invariants.some(({ id }) => id === check));
  const stimuli = flags.stimuli ?? options.stimuli;
  return {
    seed,
    bindings,
    timeoutMs,
    maxTasks,
    concurrency,
    intrusive,
    ...(specPatch ? { specPatch } : {}),
    tenants,
    ...(cardUrl === null || flags.url !== undefined ? {} : { cardUrl }),
    ...(stimuli === null ? {} : { stimuli }),
    ...(judgesAll
      ? { only, skip, ...(level === null ? {} : { level }) }
      : { only: [...new Set(findings.map(({ check }) => check))] }),
  };
}
