/** Text for terminals and documents; what an agent said is never trusted to be harmless there. */

const short: Readonly<Record<string, string>> = { '\t': ' ', '\n': ' ', '\r': ' ', '\u2028': ' ', '\u2029': ' ' };

/**
 * One line that cannot steer a terminal: line breaks become spaces, other control and direction characters are written
 * as `\x1b`, and what is longer than `limit` characters is cut.
 */
export function oneLine(text: string, limit = Infinity): string {
  const visible = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
      const code = character.codePointAt(0)!.toString(16);
      return short[character] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`);
    })
    .replace(/ {2,}/g, ' ')
    .trim();
  return visible.length <= limit ? visible : `${visible.slice(0, limit - 1)}…`;
}

/** Breaks text at spaces (a longer word at the edge) into lines of at most `width` characters; at least one line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

/** `1 failure`, `3 failures`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `420 ms`, `4.2 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
