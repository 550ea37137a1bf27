const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const hex = '0123456789abcdef';

const pick = (alphabet: string, random: () => number): string => alphabet[Math.floor(random() * alphabet.length)]!;

/**
 * An id of the same form that names nothing: every letter and digit is drawn again from its own kind. An agent that
 * validates the format of ids (§3.3.2 allows it) then has no reason to call this one malformed. In a UUID the version
 * and variant digits stay.
 */
export function similarId(id: string, random: () => number): string {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);
  const characters = [...id].map((character, index) => {
    if (uuid) return character === '-' || index === 14 || index === 19 ? character : pick(hex, random);
    if (digits.includes(character)) return pick(digits, random);
    // Letters of a hexadecimal id stay hexadecimal.
    if (/^[0-9a-f]+$/.test(id)) return pick('abcdef', random);
    if (lower.includes(character)) return pick(lower, random);
    return upper.includes(character) ? pick(upper, random) : character;
  });
  const similar = characters.join('');
  return similar === id ? `${id}0` : similar;
}
