import { writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { quietK6 } from '../fixtures/tools/quiet-k6.ts';
import { startTool, type RunningTool, type StartToolOptions } from '../fixtures/tools/start-tool.ts';
import { describeTool, type Tool } from '../fixtures/tools/tool.ts';
import { cpuSecondsOf } from './cpu.ts';
import { LoadError } from './load-error.ts';
import { settingsVariable, type ScenarioSettings } from './scenarios/settings.ts';

export interface StartK6Options {
  readonly tool: Tool;
  /** A script of `scenarios/`, without its ending. */
  readonly script: 'steady' | 'steady-stock';
  readonly settings: ScenarioSettings;
  /** Of the run; k6's own files go there. */
  readonly directory: string;
  readonly ca?: string;
  readonly insecure: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Owner of the files that a container writes; the user of this process unless told. */
  readonly user?: StartToolOptions['user'];
}

export interface K6Run extends AsyncDisposable {
  /** Processor seconds that it took so far; undefined where the system does not tell. */
  cpuSeconds(): Promise<number | undefined>;
  /** Ends the run early; tasks under way are given up, and written to the journal as such. */
  stop(): void;
  /** Resolves when k6 is gone. @throws LoadError `generator-failed`, unless it was stopped. */
  readonly done: Promise<void>;
}

const keptLines = 20;

/** Of the user's environment k6 sees neither its own variables nor proxies: a run is what its options say. */
const isForeign = (name: string): boolean => /^K6_/i.test(name) || /^(https?|all|no)_proxy$/i.test(name);

/** Starts k6 with its dashboard, usage report, REST API, and look-up of extensions switched off. */
export async function startK6(options: StartK6Options): Promise<K6Run> {
  const { tool, script, settings, directory, ca, insecure, env, user } = options;
  const config = join(directory, 'k6.json');
  // In place of the user's own file, whose options would come on top of ours.
  await writeFile(config, '{}');
  const authorities = join(directory, 'ca.pem');
  // An image may have none at all: then every target behind TLS would look wrong.
  const bringsAuthorities = ca !== undefined || tool.image !== undefined;
  if (bringsAuthorities)
    await writeFile(authorities, [...rootCertificates, ...(ca === undefined ? [] : [ca])].join('\n'));
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !isForeign(name)));
  const words: string[] = [];
  const hear = (line: string): void => {
    if (line.trim() === '') return;
    words.push(line.trim());
    if (words.length > keptLines) words.shift();
  };
  const output = [
    ...(tool.complete ? ['--out', `a2a=${settings.journal}`] : []),
    ...(script === 'steady-stock' ? ['--console-output', settings.journal] : []),
  ];
  const file = join(import.meta.dirname, 'scenarios', script + extname(import.meta.filename));
  const args = ['run', '--quiet', '--config', config, '--address', '', '--log-format', 'raw', ...output, file];
  let program: RunningTool;
  try {
    program = await startTool(tool, args, {
      env: inherited,
      settings: {
        ...quietK6,
        ...(insecure ? { K6_INSECURE_SKIP_TLS_VERIFY: 'true' } : {}),
        ...(bringsAuthorities ? { SSL_CERT_FILE: authorities } : {}),
        [settingsVariable]: JSON.stringify(settings),
      },
      reads: [dirname(file)],
      writes: [directory, dirname(settings.journal)],
      cwd: directory,
      onStdout: hear,
      onStderr: hear,
      ...(user === undefined ? {} : { user }),
    });
  } catch (error) {
    throw failed(tool, error instanceof Error ? error.message : String(error), error);
  }
  let stopped = false;
  return {
    cpuSeconds: async () => {
      const pid = await program.toolPid();
      return pid === undefined ? undefined : cpuSecondsOf(pid);
    },
    stop: () => {
      stopped = true;
      program.kill('SIGINT');
    },
    done: program.exited.then(({ code, signal }) => {
      if (code === 0 || stopped) return;
      const how = code === null ? `was ended by ${signal ?? 'somebody'}` : `ended with exit code ${code}`;
      throw failed(tool, `${how}: ${words.at(-1) ?? 'it said nothing'}`);
    }),
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      await program.close();
    },
  };
}

const failed = (tool: Tool, what: string, cause?: unknown): LoadError =>
  new LoadError(
    'generator-failed',
    `k6 ${what}`,
    tool.image === undefined
      ? `try ${describeTool(tool)} version, or set K6_BIN to another k6`
      : `try ${tool.command.join(' ')} version, or set K6_BIN to a k6 of this machine`,
    cause === undefined ? {} : { cause },
  );
