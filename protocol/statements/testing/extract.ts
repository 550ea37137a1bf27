import { createHash } from 'node:crypto';

/** One sentence (or line of a table, or field) of the text that demands something. */
export interface Statement {
  /** `§3.1.1`, `§A.2`, `Task` (of the proto). */
  readonly section: string;
  /** RFC 2119 words in their order; `error` for an entry of a list of errors, `table` for a line of a table. */
  readonly keywords: readonly string[];
  /** What it begins with, for people: no more than a few words. */
  readonly begins: string;
  /** Of the whole sentence, so that a change of it shows. */
  readonly hash: string;
}

/** Upper case as RFC 2119 has them; `must` and `should` in lower case too, for the text does not always shout. */
const keyword =
  /\b(?:MUST NOT|MUST not|MUST|SHALL NOT|SHALL|SHOULD NOT|SHOULD|RECOMMENDED|REQUIRED|OPTIONAL|MAY|[Mm]ust|[Ss]hould)\b/g;

/** Tables that define: methods and paths, codes, errors. */
const definingTables: ReadonlySet<string> = new Set(['§3.3.2', '§5.3', '§5.4', '§9.5']);

const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`"]|<[^>]+>/g, '')
    .replace(/\|/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const sentencesOf = (text: string): readonly string[] => text.split(/(?<=[.!?])(?<!\b(?:e\.g|i\.e|vs)\.)\s+(?=[A-Z{])/);

const beginningOf = (sentence: string): string =>
  sentence
    .replace(/[:#{}[\],&!>'%@]/g, '')
    .split(' ')
    .slice(0, 6)
    .join(' ');

function statement(section: string, sentence: string, keywords: readonly string[]): Statement {
  const hash = createHash('sha256').update(sentence).digest('hex').slice(0, 8);
  return { section, keywords, begins: beginningOf(sentence), hash };
}

const statementsIn = (section: string, text: string): readonly Statement[] =>
  sentencesOf(plain(text)).flatMap((sentence): Statement[] => {
    const found = sentence.match(keyword);
    return found === null ? [] : [statement(section, sentence, found)];
  });

/** A paragraph, an item of a list, or a line of a table. */
interface Block {
  readonly section: string;
  /** The bold line before it that ends with a colon: `Errors`. */
  readonly caption: string;
  readonly kind: 'paragraph' | 'item' | 'row';
  text: string;
}

const headingLine = /^#{2,6} (?:Appendix )?((?:\d+|[A-Z])(?:\.\d+)*)\.? /;

/** Without code, headings and rules of tables. */
function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  let caption = '';
  let open: Block | undefined;
  let inCode = false;
  for (const line of markdown.split('\n')) {
    const text = line.trim();
    if (text.startsWith('```')) {
      inCode = !inCode;
      open = undefined;
      continue;
    }
    if (inCode) continue;
    const heading = headingLine.exec(line);
    const [, bold] = /^\*\*([^*]+?):?\*\*:?$/.exec(text) ?? [];
    if (heading !== null) [section, caption] = [`§${heading[1]!}`, ''];
    if (bold !== undefined) caption = bold;
    if (text === '' || line.startsWith('#')) {
      open = undefined;
    } else if (text.startsWith('|')) {
      blocks.push({ section, caption, kind: 'row', text });
      open = undefined;
    } else if (/^(?:[-*]|\d+\.) /.test(text)) {
      open = { section, caption, kind: 'item', text: text.replace(/^(?:[-*]|\d+\.) /, '') };
      blocks.push(open);
    } else if (open === undefined) {
      open = { section, caption, kind: 'paragraph', text };
      blocks.push(open);
    } else {
      open.text += ` ${text}`;
    }
  }
  return blocks;
}

/** The statements of the specification (Markdown). */
export const statementsOfText = (markdown: string): readonly Statement[] =>
  blocksOf(markdown).flatMap(({ section, caption, kind, text }): readonly Statement[] => {
    if (kind === 'item' && caption === 'Errors') return [statement(section, plain(text), ['error'])];
    if (kind !== 'row') return statementsIn(section, text);
    const isBody = !/^\|[\s:|-]+\|$/.test(text) && /`/.test(text);
    return definingTables.has(section) && isBody ? [statement(section, plain(text), ['table'])] : [];
  });

/** The statements of the proto: REQUIRED fields, and what comments demand. */
export function statementsOfProto(proto: string): readonly Statement[] {
  const found: Statement[] = [];
  let comment: string[] = [];
  let message = '';
  for (const line of proto.split('\n')) {
    const text = line.trim();
    const [, words] = /^\/\/ ?(.*)$/.exec(text) ?? [];
    if (words !== undefined) {
      comment.push(words);
      continue;
    }
    const [, opened] = /^(?:message|enum|service) (\w+) \{/.exec(text) ?? [];
    if (opened !== undefined) message = opened;
    const [, rpc] = /^rpc (\w+)/.exec(text) ?? [];
    const [, field] = /(\w+) = \d+(?: \[.*)?;$/.exec(text) ?? [];
    const of = rpc ?? field;
    const place = of === undefined ? message : `${message}.${of}`;
    if (opened ?? of) {
      if (!/api-linter|protolint/.test(comment.join(' '))) found.push(...statementsIn(place, comment.join(' ')));
      if (/field_behavior\) = REQUIRED/.test(text)) found.push(statement(place, `${place} REQUIRED`, ['REQUIRED']));
    }
    comment = [];
  }
  return found;
}
