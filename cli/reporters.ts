/** What a run may be shown and written as; report.json is always written. */
export const reporters = ['console', 'json', 'markdown', 'junit'] as const;
export type Reporter = (typeof reporters)[number];
