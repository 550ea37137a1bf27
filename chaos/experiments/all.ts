import type { Experiment } from '../experiment.ts';
import { agentKilled } from './agent-killed.ts';
import { agentPaused } from './agent-paused.ts';
import { missedHeartbeats } from './missed-heartbeats.ts';
import { slicedStream } from './sliced-stream.ts';
import { slowAgent } from './slow-agent.ts';
import { streamCut } from './stream-cut.ts';

/** Every experiment, in the order in which they run; a test holds this list complete. */
export const experiments: readonly Experiment[] = [
  slowAgent,
  streamCut,
  slicedStream,
  agentKilled,
  agentPaused,
  missedHeartbeats,
];

/** An experiment that is not there; names those that are. */
export class UnknownExperiment extends Error {
  constructor(id: string) {
    super(`unknown experiment '${id}'; known are ${experiments.map((experiment) => experiment.id).join(', ')}`);
    this.name = 'UnknownExperiment';
  }
}

/**
 * Those that were asked for, each once and in their own order; all of them where none was.
 *
 * @throws UnknownExperiment
 */
export function selectExperiments(ids: readonly string[]): readonly Experiment[] {
  const unknown = ids.find((id) => !experiments.some((experiment) => experiment.id === id));
  if (unknown !== undefined) throw new UnknownExperiment(unknown);
  return ids.length === 0 ? experiments : experiments.filter(({ id }) => ids.includes(id));
}
