/** Why there is no load run, or none worth its name; what happened in one line, what to do in another. */
export class LoadError extends Error {
  readonly kind: LoadErrorKind;
  readonly hint: string;

  constructor(kind: LoadErrorKind, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LoadError';
    this.kind = kind;
    this.hint = hint;
  }
}

/**
 * `invalid-option` and `too-many-tasks`: wrong usage. `no-streaming` (by the card) and `trial-failed` (the one task before the
 * load): nothing can be measured. `generator-failed`: k6 itself did not do its work.
 */
export type LoadErrorKind = 'invalid-option' | 'too-many-tasks' | 'no-streaming' | 'trial-failed' | 'generator-failed';
