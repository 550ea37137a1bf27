import { Option, type Command } from 'commander';
import { checks, invariants, rows } from '../../compose/catalogue.ts';
import { defaultConcurrency, defaultMaxTasks, runCheck, type RunCheckOptions } from '../../compose/run-check.ts';
import { select } from '../../compose/selection.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Report } from '../../core/findings/report.ts';
import { spokenBindings } from '../../core/wire/connect.ts';
import { embeddedProfiles, startEmbedded } from '../../fixtures/environments/embedded.ts';
import { patchReleases } from '../../protocol/errors.ts';
import { rowsOfPatch } from '../../protocol/requirements/row.ts';
import { profiles } from '../../mocks/reference-agent/settings.ts';
import { parseCheckOptions, type CheckFlags, type CheckOptions } from '../check-options.ts';
import { defaultConfigs, loadConfig, withConfig } from '../config/load-config.ts';
import {
  addCardKeyOption,
  addIdentityOptions,
  addConnectionOptions,
  addOutputOptions,
  addWebhookOptions,
  collect,
  exitCodesHelp,
} from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { renderCheckList } from '../list.ts';
import { createProgress } from '../progress.ts';
import { prepareFolder } from '../report-folder.ts';
import { addSecondPrincipalOption } from '../second-principal.ts';
import { writeReport } from '../write-report.ts';

type Flags = CheckFlags & { readonly config?: string; readonly list?: boolean; readonly color: boolean };

/** `check [url]`: measures an endpoint and writes its report. */
export function addCheck(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .summary('judge an A2A endpoint')
    .description('Judges an A2A 1.0 endpoint. Without a URL: the embedded reference agent, to see how it works.')
    .argument('[url]', 'of the agent: its origin, the base of its card, or the card itself');
  addConnectionOptions(command);
  addIdentityOptions(command);
  addSecondPrincipalOption(command);
  addWebhookOptions(command);
  addCardKeyOption(command);
  command
    .optionsGroup('Target:')
    .option('--card-url <url>', 'where the card is, if not at the well-known path')
    .option('--binding <name>', `only interfaces of this binding: ${spokenBindings.join(', ')}; repeatable`, collect)
    .option(
      '--tenant <name>',
      'only interfaces of this tenant; repeatable: several must not see each other’s tasks',
      collect,
    )
    .addOption(
      new Option('--profile <name>', 'variant of the embedded reference agent').choices(profiles).argParser(String),
    )
    .optionsGroup('What is checked:')
    .option('--only <pattern>', 'only this check, area or requirement (* matches anything); repeatable', collect)
    .option('--skip <pattern>', 'not this check, area or requirement; repeatable', collect)
    .option('--level <level>', 'MUST: only MUST requirements; SHOULD: MUST and SHOULD')
    .option(
      '--spec-patch <patch>',
      `held to this patch release: ${patchReleases.join(', ')} (default: what either allows)`,
    )
    .option('--strict', 'a SHOULD that is not met fails the run too')
    .option('--intrusive', 'also what may cost or disturb: bursts, large bodies, examples of the card as messages')
    .option('--stimuli <preset|file>', 'messages that make the agent behave: tck, or a file (examples/stimuli.yaml)')
    .option('--max-tasks <n>', `how many tasks the run may create (default: ${defaultMaxTasks})`)
    .option('--concurrency <n>', `checks at a time on each interface (default: ${defaultConcurrency})`)
    .option('--seed <n>', 'the same seed sends the same bytes (default: drawn, and in the report)')
    .option('--config <file>', `settings of a project; default: ${defaultConfigs[0]} where it exists (flags win)`)
    .option('--list', 'list the checks that would run, with their needs and requirements, and end');
  addOutputOptions(command)
    .option('--baseline <file>', 'known failures; default: gauntlet.baseline.yaml where it exists')
    .addHelpText('after', exitCodesHelp([0, 1, 2, 3, 5, 130]))
    .action(async (givenUrl: string | undefined, given: Flags) => {
      const config = await loadConfig(given.config, io.cwd);
      const { url, flags } =
        config === undefined ? { url: givenUrl, flags: given } : withConfig(givenUrl, given, config, io.cwd);
      const options = await parseCheckOptions(url, flags, io);
      if (given.list === true) {
        const ofPatch = rowsOfPatch(rows, options.run.specPatch);
        const selected = select(options.run, { subjects: [...checks, ...invariants], rows: ofPatch });
        io.stdout.write(renderCheckList({ checks, invariants, rows: ofPatch }, selected));
        return end(0);
      }
      end(await check(options, given.color, io));
    });
}

async function check(options: CheckOptions, color: boolean, io: Io): Promise<ExitCode> {
  const { run, profile, output } = options;
  await prepareFolder(output.reportDir);
  return await untilInterrupted(io, async (signal) => {
    await using agent = run.url === null ? await startEmbedded({ profile, signal }) : undefined;
    const target: RunCheckOptions =
      agent === undefined
        ? { ...run, url: run.url! }
        : {
            ...run,
            url: agent.url,
            embedded: { profile },
            ...secondOf(profile),
            tenants: run.tenants?.length ? run.tenants : (embeddedProfiles[profile].tenants ?? []),
            headers: { ...credentialsOf(profile), ...run.headers },
            owned: [...(run.owned ?? []), embeddedHost],
          };
    const name = agent === undefined ? target.url : `the embedded reference agent (profile ${profile})`;
    const progress = output.detail === 'quiet' ? undefined : createProgress(name, io.stderr, signal);
    let report: Report;
    try {
      report = await runCheck(target, progress?.listener, signal);
    } finally {
      progress?.end();
    }
    await writeReport(report, { ...options.output, color }, io);
    return report.exit.code as ExitCode;
  });
}

/** The embedded agent has a port more for gRPC, which is to see the credentials too. */
export const embeddedHost = '127.0.0.1';

/** The second principal of a profile that has one. */
export function secondOf(profile: CheckOptions['profile']): Pick<RunCheckOptions, 'secondBearer'> {
  const { secondBearer } = embeddedProfiles[profile];
  return secondBearer === undefined ? {} : { secondBearer };
}

/** The credentials of a profile that demands some. */
export const credentialsOf = (profile: CheckOptions['profile']): Readonly<Record<string, string>> =>
  embeddedProfiles[profile].headers ?? {};
