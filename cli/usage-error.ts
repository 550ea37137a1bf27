/** Something in the command line or in a file that it names is wrong; one line that says what to do. Exit 2. */
export class UsageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UsageError';
  }
}
