import type { Command } from 'commander';
import type { RunCheckOptions } from '../compose/run-check.ts';
import type { Env } from './check-options.ts';
import { UsageError } from './usage-error.ts';
import { bearerToken } from './values.ts';

/** Who must not see the tasks of the user of the run. */
export interface SecondPrincipalFlags {
  readonly secondBearer?: string;
}

/** The flag that `check`, `explore` and `replay` share. */
export function addSecondPrincipalOption(command: Command): void {
  command
    .optionsGroup('Connection:')
    .option(
      '--second-bearer <token>',
      'bearer token of a second principal, who must not see the tasks of the first, or env:NAME',
    );
}

/**
 * @throws UsageError, without the tokens: there is no first principal beside it, or it is the same one.
 */
export function parseSecondPrincipal(
  { secondBearer: text }: SecondPrincipalFlags,
  env: Env,
  first: Pick<RunCheckOptions, 'headers' | 'apiKey'>,
): Pick<RunCheckOptions, 'secondBearer'> {
  if (text === undefined) return {};
  const secondBearer = bearerToken('--second-bearer', text, env);
  const name = Object.keys(first.headers ?? {}).find((field) => field.toLowerCase() === 'authorization');
  const authorization = name === undefined ? undefined : first.headers?.[name];
  if (authorization === undefined && first.apiKey === undefined) {
    throw new UsageError('--second-bearer needs the credentials of the first principal too: --bearer <token>');
  }
  if (authorization?.replace(/^Bearer +/i, '') === secondBearer || first.apiKey === secondBearer) {
    throw new UsageError('--second-bearer is the token of the first principal: give that of another one');
  }
  return { secondBearer };
}
