export interface TimelineEntry {
  /** Milliseconds since the load of the experiment began; 0 for the hypothesis before it. */
  readonly atMs: number;
  readonly kind: 'hypothesis' | 'load' | 'fault' | 'noticed' | 'undone' | 'healed' | 'recovered' | 'reads';
  readonly text: string;
}
