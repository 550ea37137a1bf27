import { CommanderError } from 'commander';
import type { ExitCode } from '../core/findings/exit-policy.ts';
import { failureOf } from './failure.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';

/** Runs one command line; resolves with the exit code, and has said why where it is not 0. */
async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(io, (ended) => {
    code = ended;
  });
  if (argv.length === 0) {
    createProgram({ ...io, stdout: io.stderr }, () => undefined).outputHelp();
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return fail(error, argv, io);
  }
}

function fail(error: unknown, argv: readonly string[], io: Io): ExitCode {
  const { code, line } = failureOf(error);
  io.stderr.write(`a2a-gauntlet: ${line}\n`);
  if (code === 5 && argv.includes('--verbose') && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return code;
}

const io: Io = { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() };
const argv = process.argv.slice(2);

// Whoever reads may stop reading (`| head`): the run goes on, its report is still written.
const onOutputError = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};
process.stdout.on('error', onOutputError);
process.stderr.on('error', onOutputError);

const crash = (error: unknown): void => process.exit(fail(error, argv, io));
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const code = await main(argv, io);
// Written out first: a pipe may still hold text.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
