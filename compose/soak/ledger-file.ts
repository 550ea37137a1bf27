import { readFile, rename, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { ledgerSchema, withRun, type Ledger, type SoakRun } from './ledger.ts';

const heading = '# Runs of `npm run soak`, by commit: the seeds of clean ones, and what was found in others.\n';

/** A ledger that is written whole after every run. */
export class LedgerFile {
  readonly #path: string;
  #ledger: Ledger;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, ledger: Ledger) {
    this.#path = path;
    this.#ledger = ledger;
  }

  /** A file that is not there is an empty ledger. */
  static async open(path: string): Promise<LedgerFile> {
    try {
      return new LedgerFile(path, ledgerSchema.parse(parse(await readFile(path, 'utf8')) ?? []));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new LedgerFile(path, []);
      throw error;
    }
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  add(run: SoakRun): Promise<void> {
    this.#ledger = withRun(this.#ledger, run);
    const text = heading + stringify(this.#ledger, { lineWidth: 120 });
    const partial = `${this.#path}.partial`;
    this.#writing = this.#writing.then(async () => {
      await writeFile(partial, text);
      await rename(partial, this.#path);
    });
    return this.#writing;
  }
}
