import { CommanderError } from 'commander';
import type { ExitCode } from '../core/findings/exit-policy.ts';
import { UnknownExperiment } from '../chaos/experiments/all.ts';
import { SelectionError } from '../compose/selection.ts';
import { InvalidTargetUrl } from '../fixtures/discovery/target-url.ts';
import { ContainersUnavailableError } from '../fixtures/environments/container-engine.ts';
import { DiscoveryError } from '../fixtures/discovery/discovery-error.ts';
import { ApiKeyUnplaced } from '../fixtures/guest/api-key.ts';
import { GuestRefusal } from '../fixtures/guest/guest-rules.ts';
import { StimuliFileError } from '../fixtures/stimuli/stimuli-file.ts';
import { WebhookListenError } from '../fixtures/webhook/place.ts';
import { ToolError } from '../fixtures/tools/tool.ts';
import { LoadError, type LoadErrorKind } from '../load/load-error.ts';
import { BaselineError } from '../reports/baseline.ts';
import { ReportFileError } from '../reports/json.ts';
import { oneLine } from '../reports/text.ts';
import { UsageError } from './usage-error.ts';

/** How a command that threw ends: its exit code and the one line to say. */
export interface Failure {
  readonly code: ExitCode;
  readonly line: string;
}

/** What the user can put right. */
const usage = [
  UsageError,
  ApiKeyUnplaced,
  SelectionError,
  UnknownExperiment,
  InvalidTargetUrl,
  StimuliFileError,
  BaselineError,
  ReportFileError,
  WebhookListenError,
] as const;

const loadCodes: Readonly<Record<LoadErrorKind, ExitCode>> = {
  'invalid-option': 2,
  'too-many-tasks': 2,
  'no-streaming': 3,
  'trial-failed': 3,
  'generator-failed': 5,
};

/** Errors of usage are exit 2, what keeps a run from measuring anything exit 3; everything else that is thrown is a fault of the harness, exit 5. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GuestRefusal) return { code: 2, line: oneLine(`${error.message}; ${error.hint}`) };
  if (error instanceof LoadError)
    return { code: loadCodes[error.kind], line: oneLine(`${error.message}; ${error.hint}`) };
  if (error instanceof DiscoveryError || error instanceof ToolError || error instanceof ContainersUnavailableError) {
    return { code: 3, line: oneLine(`${error.message}; ${error.hint}`) };
  }
  if (error instanceof CommanderError) return { code: 2, line: commandLineError(error) };
  const message = error instanceof Error ? error.message : String(error);
  if (usage.some((kind) => error instanceof kind)) return { code: 2, line: oneLine(message) };
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  return { code: 5, line: oneLine(`fault of the harness: ${name}${message} (--verbose shows where)`) };
}

function commandLineError({ code, message }: CommanderError): string {
  const said = oneLine(message.replace(/^error: /, '')).replace(/\.$/, '');
  if (code === 'commander.help') return 'there is no such command; see --help';
  const [, word] = /^unknown command '(.+)'$/.exec(said) ?? [];
  const isTarget = code === 'commander.unknownCommand' && word !== undefined && /[:.]/.test(word);
  return isTarget ? `${said}; did you mean: a2a-gauntlet check ${word}` : `${said}; see --help`;
}
