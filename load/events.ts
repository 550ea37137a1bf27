import type { LoadSection } from '../core/findings/load-section.ts';
import type { Tool } from '../fixtures/tools/tool.ts';
import type { LoadProgress } from './live.ts';

/** What a load run tells those who listen; nobody answers. */
export type LoadEvent =
  /** A line about getting k6; a build may take minutes. */
  | { readonly type: 'provisioning'; readonly line: string }
  | { readonly type: 'provisioned'; readonly tool: Tool; readonly note: string | null }
  | { readonly type: 'target'; readonly url: string; readonly interfaceUrl: string }
  | { readonly type: 'trial'; readonly durationMs: number }
  | {
      readonly type: 'started';
      readonly ratePerMinute: number;
      readonly durationMs: number;
      readonly planned: number;
      /** Why the figures will only be indicative; null for a run that is long enough. */
      readonly indicative: string | null;
    }
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  /** The schedule is over; tasks under way are waited for. */
  | { readonly type: 'draining'; readonly inFlight: number }
  | { readonly type: 'target-lost'; readonly reason: string }
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  | { readonly type: 'finished'; readonly section: LoadSection };

export type LoadListener = (event: LoadEvent) => void;
