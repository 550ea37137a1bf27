import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Report } from '../core/findings/report.ts';
import { reportSchema } from './schema/report-schema.ts';

/** A file that is no report this version can read; one line. */
export class ReportFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ReportFileError';
  }
}

const currentVersion: Report['schemaVersion'] = '1.2';

/** The text of `report.json`. */
export const toJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;

/**
 * Writes a report file whole: who reads it meanwhile sees the old or the new one. Makes the folder where it is missing.
 *
 * @throws the error of the file system.
 */
export async function writeReportFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}

/**
 * Reads and validates a report of any version 1.x.
 *
 * @throws ReportFileError where the file is missing, no JSON, of another major version, or no report.
 */
export async function readReport(path: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ReportFileError(`cannot read the report ${path}: ${reasonOf(error)}`, error);
  }
  return parseReport(text, path);
}

/** The same for text that was read already; `path` names it in errors. */
export function parseReport(text: string, path: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ReportFileError(`${path} is no JSON: ${reasonOf(error)}`, error);
  }
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (typeof version !== 'string') throw new ReportFileError(`${path} is no report: it has no schemaVersion`);
  if (!/^1\.\d+$/.test(version)) {
    throw new ReportFileError(`${path} is a report of schema ${version}; this version reads 1.x`);
  }
  // A minor version only adds members: those that are not known here are ignored, those that are not there are optional.
  const parsed = reportSchema.safeParse({ ...(value as object), schemaVersion: currentVersion });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? '' : ` at ${z.core.toDotPath(issue.path) || 'its top'}: ${issue.message}`;
  throw new ReportFileError(`${path} is no valid report${place}`, parsed.error);
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message;
};
