/** The JSON of a body or of an event; a byte order mark is overlooked here (RFC 8259 §8.1 lets a reader do so). */
export function readJsonText(text: string): { readonly value: unknown } | { readonly why: string } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body.trim() === '') return { why: 'the body is empty' };
  try {
    return { value: JSON.parse(body) as unknown };
  } catch (error) {
    const shown = body.length > 80 ? `${body.slice(0, 80)}…` : body;
    return { why: `no JSON (${error instanceof Error ? error.message : String(error)}): ${JSON.stringify(shown)}` };
  }
}

/** The type of a JSON value with its article: `an array`, `a string`. */
export const nameOfType = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};
