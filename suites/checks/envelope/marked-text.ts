const opening = 'gauntlet-begin ';
const closing = ' gauntlet-end';

/** A text between two words of ASCII, so that it is found again in whatever comes back. */
export const marked = (text: string): string => `${opening}${text}${closing}`;

/** Every text of a result, however deep. */
export function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** What stands between the two words in any text of a result. */
export const returned = (value: unknown): readonly string[] =>
  strings(value).flatMap((text) => {
    const begin = text.indexOf(opening);
    const end = text.indexOf(closing, begin);
    return begin === -1 || end === -1 ? [] : [text.slice(begin + opening.length, end)];
  });
