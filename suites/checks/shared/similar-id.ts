type Random = () => number;

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const hex = '0123456789abcdef';

const pick = (alphabet: string, random: Random): string => alphabet[Math.floor(random() * alphabet.length)]!;

/** Another one than `character`, so that at least one place differs. */
const pickOther = (alphabet: string, character: string, random: Random): string =>
  pick(alphabet.replace(character, '') || alphabet, random);

/** So many different characters of a kind are taken for the agent's alphabet (base 32 and 58 leave some out). */
const enough = 4;

/** The characters that may stand in the place of one: those of its kind that the word has, where it has several. */
function alphabetOf(character: string, word: string): string | undefined {
  const kind = [digits, lower, upper].find((one) => one.includes(character));
  if (kind === undefined) return undefined;
  const used = [...new Set(word)].filter((other) => kind.includes(other)).join('');
  if (used.length >= enough) return used;
  const isHex = kind !== digits && /^[0-9a-f]+$/i.test(word);
  return isHex ? kind.slice(0, 6) : kind;
}

const isUuid = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);

/** Whether the form of an id is known: what looks like one of these is well-formed, whoever made it. */
export const hasKnownForm = isUuid;

/** In a UUID the version and variant digits stay. */
const similarUuid = (id: string, random: Random): string =>
  [...id]
    .map((character, index) =>
      character === '-' || index === 14 || index === 19
        ? character
        : index === 35
          ? pickOther(hex, character.toLowerCase(), random)
          : pick(hex, random),
    )
    .join('');

/** Counters are small: a number at the top of its width, or of nine digits, is not reached by one. */
const longestCounter = 9;

function similarNumber(number: string, random: Random): string {
  const width = number.length < enough ? longestCounter : number.length;
  const rest = Array.from({ length: width - 1 }, () => pick(digits, random)).join('');
  const similar = `9${rest}`;
  return similar === number ? `9${rest.slice(0, -1)}${pickOther(digits, rest.at(-1)!, random)}` : similar;
}

/** Draws the last characters again, each from its own kind; what stands before them may be a prefix or a time. */
function similarWord(word: string, random: Random): string {
  const kept = word.length > enough * 2 ? Math.floor(word.length / 2) : 0;
  const drawn = [...word].map((character, index) => {
    const alphabet = index < kept ? undefined : alphabetOf(character, word);
    if (alphabet === undefined) return character;
    return index === word.length - 1 ? pickOther(alphabet, character, random) : pick(alphabet, random);
  });
  return drawn.join('');
}

/**
 * An id of the same form that names nothing: of its last part (with a digit, if any has one) the last characters are drawn
 * again, from the characters that the id itself uses. An agent that validates the format of ids (§3.3.2 allows it) then
 * has no reason to call this one malformed, unless it can tell the ids that it made (by a checksum) from all others.
 */
export function similarId(id: string, random: Random): string {
  if (isUuid(id)) return similarUuid(id, random);
  const parts = [...id.matchAll(/[A-Za-z0-9]+/g)];
  const part = parts.findLast(([word]) => /\d/.test(word)) ?? parts.at(-1);
  if (part === undefined) return `${id}0`;
  const [word] = part;
  const isCounter = /^\d+$/.test(word) && word.length <= longestCounter;
  const similar = isCounter ? similarNumber(word, random) : similarWord(word, random);
  return id.slice(0, part.index) + similar + id.slice(part.index + word.length);
}
