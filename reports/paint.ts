/** How the parts of a text are marked; by default not at all. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly strong: (text: string) => string;
}

const plain = (text: string): string => text;
export const noPaint: Paint = { good: plain, bad: plain, doubtful: plain, strong: plain };
