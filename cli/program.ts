import { Command } from 'commander';
import type { ExitCode } from '../core/findings/exit-policy.ts';
import { toolVersion } from '../compose/tool-version.ts';
import { addChaos } from './commands/chaos.ts';
import { addCheck } from './commands/check.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplore } from './commands/explore.ts';
import { addLoad } from './commands/load.ts';
import { addMutants } from './commands/mutants.ts';
import { addReplay } from './commands/replay.ts';
import { addRequirements } from './commands/requirements.ts';
import { exitCodesHelp } from './flags.ts';
import type { Io } from './io.ts';

/** The command line; nothing in it ends the process: errors are thrown, the exit code is given to `end`. */
export function createProgram(io: Io, end: (code: ExitCode) => void): Command {
  const program = new Command('a2a-gauntlet')
    .description('Judges A2A (Agent2Agent) 1.0 endpoints from the text of the specification.')
    .version(toolVersion())
    .helpCommand('help [command]', 'the same as --help')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors of commander are thrown too, and said once, by `main`.
      writeErr: () => undefined,
    })
    .addHelpText('after', exitCodesHelp([0, 1, 2, 3, 4, 5, 130]));
  addCheck(program, io, end);
  addExplore(program, io, end);
  addLoad(program, io, end);
  addChaos(program, io, end);
  addReplay(program, io, end);
  addRequirements(program, io, end);
  addMutants(program, io, end);
  addDoctor(program, io, end);
  return program;
}
