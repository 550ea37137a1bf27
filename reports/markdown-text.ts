import { oneLine } from './text.ts';

/** Longest text of an agent that is shown whole; `report.json` has all of it. */
const shown = 600;

/** Text of others as plain text of Markdown: no markup, no HTML, no mentions. */
export const escape = (text: string): string =>
  oneLine(text, shown)
    .replace(/[\\`*_{}[\]<>#|~!]/g, '\\$&')
    .replace(/@/g, '@\u200b');

/** An inline code span that whatever it holds cannot end. */
export function code(text: string): string {
  const content = oneLine(text, shown);
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = content === '' || content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A cell of a table that holds a code span: there a bar ends the cell, in the span too (GFM). */
export const codeCell = (text: string): string => code(text).replaceAll('|', '\\|');

/** A table; cells are Markdown already. */
export const table = (head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${' --- |'.repeat(head.length)}`,
  ...lines.map((cells) => `| ${cells.join(' | ')} |`),
];
