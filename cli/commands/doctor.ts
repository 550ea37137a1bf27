import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { inspectContainers, type ContainersReport } from '../../fixtures/environments/inspect-containers.ts';
import { dockerImages } from '../../fixtures/tools/docker-images.ts';
import { inspectTools, toolRecipes, type ToolReport, type ToolWay } from '../../fixtures/tools/inspect.ts';
import { describeTool, type ToolName, type ToolOrigin } from '../../fixtures/tools/tool.ts';
import { oneLine, wrap } from '../../reports/text.ts';
import type { Env } from '../check-options.ts';
import type { Io } from '../io.ts';

/** One thing that a machine may offer. */
export interface Finding {
  readonly name: string;
  readonly neededFor: string;
  /** `broken`: it is there and does not work. */
  readonly status: 'ok' | 'missing' | 'broken';
  readonly version?: string;
  readonly path?: string;
  /** What is wrong and what to do. */
  readonly hint?: string;
  /** Of a tool: the five ways to it, in the order in which they are tried. */
  readonly ways?: readonly Way[];
}

interface Way extends Pick<ToolWay, 'state' | 'line' | 'cost'> {
  readonly way: string;
}

const leastNode = [22, 22] as const;
const patienceMs = 10_000;

/** `doctor`: what this machine offers. */
export function addDoctor(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('what this machine offers: Node, Docker, Go, k6, Toxiproxy')
    .description(
      'Says what this machine offers, and what is missing for which command. k6 and Toxiproxy: the five ways to each, in the order in which they are tried (+ there, ~ can be had, - not), and what a pull or a build costs.',
    )
    .option('--json', 'as JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const findings = await examine(io.env);
      io.stdout.write(json === true ? `${JSON.stringify(findings, null, 2)}\n` : render(findings));
      end(0);
    });
}

async function examine(env: Env): Promise<readonly Finding[]> {
  const [docker, go, tools, containers] = await Promise.all([
    program(env, {
      name: 'Docker client',
      neededFor: 'agents in containers, and tools from container images',
      command: 'docker',
      args: ['--version'],
      version: /version ([\w.+-]+)/,
      hint: 'install docker.io or docker-cli',
    }),
    program(env, {
      name: 'Go',
      neededFor: 'building k6 and Toxiproxy where they are missing',
      command: 'go',
      args: ['version'],
      version: /go(\d[\w.]*)/,
      hint: 'install Go from https://go.dev/dl',
    }),
    inspectTools({ env, container: dockerImages() }),
    inspectContainers(),
  ]);
  return [node(), ownNode(), docker, go, ...tools.map(toolFinding), containersFinding(containers)];
}

const neededForTool: Readonly<Record<ToolName, string>> = { k6: 'load', toxiproxy: 'chaos: faults of the network' };

const wayNames: Readonly<Record<Exclude<ToolOrigin, 'environment'>, string>> = {
  cache: 'tool cache',
  path: 'PATH',
  container: 'container image',
  build: 'build with Go',
};

/** What a run would use, what it would cost to get, and what there is of the five ways to it. */
function toolFinding({ name, state, tool, ways, line, hint }: ToolReport): Finding {
  const base = { name: name === 'k6' ? 'k6' : 'Toxiproxy', neededFor: neededForTool[name] };
  const seen = {
    ways: ways.map(({ origin, state: found, line: said, cost }) => ({
      way: origin === 'environment' ? toolRecipes[name].variable : wayNames[origin],
      state: found,
      line: said,
      cost,
    })),
  };
  const remark = hint === null ? line : `${line}; ${hint}`;
  switch (state) {
    case 'ready':
    case 'stock': {
      const used = { version: tool!.version, path: `${tool!.origin}: ${describeTool(tool!)}` };
      return { ...base, status: 'ok', ...used, ...(state === 'ready' ? {} : { hint: remark }), ...seen };
    }
    case 'pullable':
      return { ...base, status: 'ok', version: 'will be pulled', hint: remark, ...seen };
    case 'buildable':
      return { ...base, status: 'ok', version: 'will be built', hint: remark, ...seen };
    case 'missing':
      // Why is said by the ways.
      return { ...base, status: 'missing', hint: hint ?? line, ...seen };
  }
}

function containersFinding({ state, engineVersion, line, hint }: ContainersReport): Finding {
  const base = { name: 'Containers', neededFor: 'chaos --environment containers' };
  if (state === 'missing') return { ...base, status: 'missing', hint: hint === null ? line : `${line}; ${hint}` };
  return { ...base, status: 'ok', version: engineVersion ?? 'present', hint: line };
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const recent = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return {
    name: 'Node',
    neededFor: 'everything',
    status: recent ? 'ok' : 'broken',
    version: process.versions.node,
    path: process.execPath,
    ...(recent ? {} : { hint: `Node ${leastNode.join('.')} or later is needed` }),
  };
}

/** The npm package `node` in the checkout: so the program runs where the Node of the system is older. */
function ownNode(): Finding {
  const base = {
    name: 'npm package node',
    neededFor: 'working on this project where the Node on the path is older than 22.22',
  };
  try {
    const path = join(import.meta.dirname, ...up(import.meta.dirname), 'node_modules', 'node', 'package.json');
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    return { ...base, status: 'ok', version, path };
  } catch {
    // Only a checkout has it.
    return { ...base, status: 'missing', hint: 'run npm ci in the checkout' };
  }
}

/** From `cli/commands` to the root of the package: two folders up, from the build three. */
const up = (folder: string): readonly string[] =>
  /[\\/]dist[\\/]cli[\\/]commands$/.test(folder) ? ['..', '..', '..'] : ['..', '..'];

interface Wanted {
  readonly name: string;
  readonly neededFor: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly version: RegExp;
  readonly hint: string;
}

async function program(env: Env, { name, neededFor, command, args, version, hint }: Wanted): Promise<Finding> {
  const base = { name, neededFor };
  const path = onPath(command, env);
  if (path === undefined) return { ...base, status: 'missing', hint };
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...args], { timeout: patienceMs });
    const found = version.exec(stdout) ?? version.exec(stderr);
    return { ...base, status: 'ok', path, ...(found === null ? {} : { version: found[1]! }) };
  } catch (error) {
    return { ...base, status: 'broken', path, hint: `${reasonOf(error)}; ${hint}` };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return oneLine(said === '' ? error.message : said, 160);
}

function onPath(command: string, env: Env): string | undefined {
  const names = process.platform === 'win32' ? [`${command}.exe`, `${command}.cmd`] : [command];
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: both mean to look on.
    return false;
  }
}

const width = 100;

const wayIndent = 19;
const wayMarks: Readonly<Record<Way['state'], string>> = { there: '+', possible: '~', absent: '-' };

/** One of the five ways: `+` it is there, `~` it can be had, `-` it cannot. */
function renderWay(number: number, { way, state, line }: Way, room: number): readonly string[] {
  const head = `${wayMarks[state]} ${number} ${way}`.padEnd(wayIndent);
  return wrap(line, room - wayIndent - 1).map((part, index) => `${index === 0 ? head : ' '.repeat(wayIndent)} ${part}`);
}

function render(findings: readonly Finding[]): string {
  const indent = Math.max(...findings.map(({ name }) => name.length)) + 2;
  return findings
    .flatMap(({ name, status, version, path, neededFor, hint, ways = [] }) => {
      const what =
        status === 'ok' ? [version ?? 'present', path ?? ''].join('  ').trim() : `${status}; needed for ${neededFor}`;
      const details = [
        ...(hint === undefined ? [] : wrap(hint, width - indent)),
        ...ways.flatMap((way, index) => renderWay(index + 1, way, width - indent)),
      ];
      return [`${name.padEnd(indent)}${what}`, ...details.map((line) => `${' '.repeat(indent)}${line}`)];
    })
    .concat('')
    .join('\n');
}
