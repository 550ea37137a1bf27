import type { ChaosSection, ExperimentResult, TimelineEntry } from '../core/findings/chaos-section.ts';
import type { Experiment } from './experiment.ts';

/** What a chaos run tells those who listen; nobody answers. */
export type ChaosEvent =
  /** A line about getting Toxiproxy; a build may take a while. */
  | { readonly type: 'provisioning'; readonly line: string }
  | { readonly type: 'started'; readonly experiment: Experiment; readonly number: number; readonly of: number }
  | { readonly type: 'timeline'; readonly experiment: string; readonly entry: TimelineEntry }
  | { readonly type: 'experiment-finished'; readonly result: ExperimentResult }
  | { readonly type: 'finished'; readonly section: ChaosSection };

export type ChaosListener = (event: ChaosEvent) => void;
