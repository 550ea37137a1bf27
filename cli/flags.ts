import type { Command } from 'commander';
import { defaultTimeoutMs } from '../core/engine/deadlines.ts';
import { commandExitMeanings, exitMeanings, type ExitCode } from '../core/findings/exit-policy.ts';
import { reporters } from './reporters.ts';
import { defaultReportDir } from './write-report.ts';

/** For flags that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** What stands below the options in `--help`. */
export function exitCodesHelp(codes: readonly ExitCode[], command?: keyof typeof commandExitMeanings): string {
  const own = command === undefined ? {} : commandExitMeanings[command];
  const lines = codes.map((code) => `  ${String(code).padEnd(4)} ${own[code] ?? exitMeanings[code]}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

/** Where the report goes: the flags that `check`, `load` and `chaos` share. */
export const addOutputOptions = (command: Command): Command =>
  command
    .optionsGroup('Output:')
    .option('--report-dir <folder>', `where report.json is written (default: ${defaultReportDir})`)
    .option('--reporter <name>', `${reporters.join(', ')}; repeatable; report.json is always written`, collect)
    .option('--quiet', 'the outcome alone')
    .option('--verbose', 'also curl commands, why rows were skipped, and stack traces of faults')
    .option('--no-color', 'no colours (also: NO_COLOR=1)');

/** With what key or certificate the harness shows who it is: the flags that `check` and `replay` share. */
export function addIdentityOptions(command: Command): void {
  command
    .optionsGroup('Connection:')
    .option('--api-key <key>', 'API key, sent where the card says (header, cookie or URL), or env:NAME')
    .option('--cert <file>', 'PEM file of the certificate to show to an agent that demands one (mTLS)')
    .option('--key <file>', 'PEM file of its private key');
}

/** By which keys the signatures of the card are verified: the flag that `check` and `replay` share. */
export function addCardKeyOption(command: Command): void {
  command
    .optionsGroup('Target:')
    .option(
      '--card-keys <file|url>',
      'JWK Set with keys of the card’s signatures, besides those that they name by jku',
    );
}

/** Where push notifications are received: the flags that `check` and `replay` share. */
export function addWebhookOptions(command: Command): void {
  command
    .optionsGroup('Push notifications:')
    .option(
      '--webhook-url <url>',
      'URL by which the agent reaches the webhook receiver of this run, such as that of a tunnel; for agents on this machine not needed',
    )
    .option(
      '--webhook-listen <address>',
      'port, or host:port, on which the receiver listens (default: 127.0.0.1, any free port)',
    );
}

/** How the target is spoken to: the flags that `check`, `load` and `replay` share. */
export function addConnectionOptions(command: Command, timeout = `${defaultTimeoutMs / 1000}s`): void {
  command
    .optionsGroup('Connection:')
    .option('--header <field>', 'header field "Name: value" for every request to the agent; repeatable', collect)
    .option('--bearer <token>', 'bearer token, or env:NAME for the value of an environment variable')
    .option('--basic <user:password>', 'user and password (RFC 7617), or env:NAME')
    .option('--ca <file>', 'PEM file of a further certificate authority to trust')
    .option('--insecure', 'accept any certificate')
    .option('--timeout <time>', `for one operation: milliseconds, or like 30s (default: ${timeout})`)
    .option(
      '--i-own-this-target <host>',
      'this host, which is not this machine, may be tested (it is sent messages that make it work); repeatable',
      collect,
    );
}
