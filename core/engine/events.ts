import type { Finding } from '../findings/finding.ts';
import type { InterfaceRef } from '../target/target.ts';

/** What a run tells those who listen (progress, reporters, the Vitest adapter); nobody answers. */
export type RunEvent =
  /** The card is being looked for; nothing was sent before. */
  | { readonly type: 'discovering' }
  /** Messages are being tried on an interface. */
  | { readonly type: 'exploring'; readonly interface: InterfaceRef }
  | { readonly type: 'planned'; readonly checks: number }
  | { readonly type: 'started'; readonly check: string; readonly interface: InterfaceRef | null }
  | { readonly type: 'finding'; readonly finding: Finding }
  | {
      readonly type: 'finished';
      readonly check: string;
      readonly interface: InterfaceRef | null;
      readonly durationMs: number;
    }
  /** The target stopped answering: what was left is `untested`. */
  | { readonly type: 'target-lost'; readonly reason: string };

export type RunListener = (event: RunEvent) => void;
