import type { TaskState } from '../../protocol/task-state.ts';
import type { InterfaceRef } from './target.ts';

/** Ways of behaving that a stimulus should bring about. */
export const stimulusNames = [
  'completes',
  'streams-artifact-chunks',
  'long-running',
  'input-required',
  'auth-required',
  'fails',
  'rejects',
  'replies-with-message',
  'file-part',
  'data-part',
] as const;
export type StimulusName = (typeof stimulusNames)[number];

/** A message that should make the agent behave in a way, and where it was taken from. */
export interface Stimulus {
  readonly name: StimulusName;
  /** Parts of the message (ProtoJSON), sent as they are. */
  readonly parts: readonly Readonly<Record<string, unknown>>[];
  /** Prefix of the `messageId`: the official kit's convention. */
  readonly messageIdPrefix?: string;
  readonly source: 'config' | 'preset:tck' | 'generic' | 'card-example';
}

/** What one exploration send showed. */
export interface Observed {
  readonly stimulus: Stimulus;
  readonly outcome: 'task' | 'message' | 'error' | 'none';
  /** States seen, in order, over stream, reply and polls. */
  readonly states: readonly TaskState[];
  readonly artifactEvents: number;
  /** Milliseconds from the request to the end of the task, as observed; undefined where no end was seen. */
  readonly durationMs?: number;
  /** Ids of the exchanges that show it. */
  readonly exchanges: readonly string[];
}

/** Per interface: for each stimulus either how it was really elicited, or why it could not be. */
export interface Behaviours {
  readonly interface: InterfaceRef;
  readonly elicited: Readonly<Partial<Record<StimulusName, Observed>>>;
  /** For what was not elicited: why, and how to enable it. */
  readonly missing: Readonly<Partial<Record<StimulusName, string>>>;
}
