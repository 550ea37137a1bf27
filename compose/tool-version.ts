import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this package. */
export function toolVersion(): string {
  const path = findPackageJSON('.', import.meta.url);
  if (path === undefined) throw new Error('the package.json of a2a-gauntlet is missing: install it again');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
