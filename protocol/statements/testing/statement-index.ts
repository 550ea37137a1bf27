import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Statement } from './extract.ts';

/** A statement of the pinned text, and what became of it: rows, or why it is none. */
export interface IndexedStatement extends Statement {
  readonly rows: readonly string[];
  readonly noRow: string | undefined;
}

type Entries = Readonly<Record<string, readonly string[] | string>>;

const folder = join(import.meta.dirname, '..');
const files = ['operations', 'model-and-discovery', 'bindings-and-security', 'proto'];

/** `1f2e3d4c MUST MAY – The operation MUST return`. */
function entryOf(section: string, key: string, value: readonly string[] | string): IndexedStatement {
  const [, hash = '', words = '', begins = ''] = /^([\da-f]{8}) (.+?)(?: – (.*))?$/.exec(key) ?? [];
  const keywords = words.split(/ (?!NOT\b|not\b)/);
  const isReason = typeof value === 'string';
  return { section, hash, keywords, begins, rows: isReason ? [] : value, noRow: isReason ? value : undefined };
}

/** Every statement of the pinned text, in its order. */
export const statementIndex = (): readonly IndexedStatement[] =>
  files.flatMap((name) => {
    const sections = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as Readonly<Record<string, Entries>>;
    return Object.entries(sections).flatMap(([section, entries]) =>
      Object.entries(entries).map(([key, value]) => entryOf(section, key, value)),
    );
  });

const keyOf = ({ section, hash }: Statement): string => `${section} ${hash}`;

/** What a text says that the index does not have, and what the index has that the text does not say. */
export function compareStatements(
  text: readonly Statement[],
  index: readonly Statement[],
): { readonly added: readonly Statement[]; readonly gone: readonly Statement[] } {
  const missingFrom = (of: readonly Statement[], other: readonly Statement[]): readonly Statement[] => {
    const known = new Set(other.map(keyOf));
    return of.filter((statement) => !known.has(keyOf(statement)));
  };
  return { added: missingFrom(text, index), gone: missingFrom(index, text) };
}

/** A line of the index, as far as the text gives it: `hash keywords – first words`. */
export const indexKey = ({ hash, keywords, begins }: Statement): string => `${hash} ${keywords.join(' ')} – ${begins}`;
