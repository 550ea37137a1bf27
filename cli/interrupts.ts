import type { ExitCode } from '../core/findings/exit-policy.ts';
import type { Io } from './io.ts';

/** Signals that ask the program to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * npm and a shell pass on a signal that the terminal has already sent to all of them: what comes again within this time is
 * the same key press.
 */
const samePressMs = 300;

const interruptedCode = 130;

/**
 * Runs work whose signal is aborted by the first Ctrl-C; the second one ends the process at once (children notice by their
 * stdin). Work that ends with the signal's reason has nothing to report: 130.
 */
export async function untilInterrupted(
  io: Pick<Io, 'stderr'>,
  work: (signal: AbortSignal) => Promise<ExitCode>,
  endAtOnce: (code: ExitCode) => void = (code) => process.exit(code),
): Promise<ExitCode> {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      io.stderr.write(`${io.stderr.isTTY === true ? '\r\u001b[2K' : ''}interrupted: writing down what was measured\n`);
      controller.abort(new Error('interrupted'));
    } else if (performance.now() - first > samePressMs) {
      endAtOnce(interruptedCode);
    }
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted && error === controller.signal.reason) return interruptedCode;
    throw error;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
