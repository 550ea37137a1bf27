import { access, constants, mkdir } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** Makes the folder of the report before a run of minutes, not after it. @throws UsageError where nothing can be written there. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(
      `--report-dir ${folder}: no report can be written there (${code}): choose another folder`,
      error,
    );
  }
}
