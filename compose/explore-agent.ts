import type { Report } from '../core/findings/report.ts';
import type { RunningAgent } from '../mocks/reference-agent/agent.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import type { ReferenceAgentOptions } from '../mocks/reference-agent/settings.ts';
import { spokenBindings } from '../core/wire/connect.ts';
import { runExplore, type RunExploreOptions } from './run-explore.ts';

/** A reference agent on every binding; work is quick, and long enough to be seen. */
export const startAgent = (options: ReferenceAgentOptions = {}): Promise<RunningAgent> =>
  startReferenceAgent({ bindings: spokenBindings, longRunningMs: 600, ...options });

/** One run of generated cases on a reference agent, whatever has been done to it. */
export const exploreAgent = (
  agent: Pick<RunningAgent, 'url'>,
  options: Omit<RunExploreOptions, 'url'>,
  signal?: AbortSignal,
): Promise<Report> =>
  runExplore(
    { stimuli: 'tck', owned: ['127.0.0.1'], maxTasks: 100_000, timeoutMs: 8_000, ...options, url: agent.url },
    undefined,
    signal,
  );
