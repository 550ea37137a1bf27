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
  const content = oneLine(text, shown).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = content === '' || content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A table; cells are Markdown already. */
export const table = (head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${' --- |'.repeat(head.length)}`,
  ...lines.map((cells) => `| ${cells.join(' | ')} |`),
];
