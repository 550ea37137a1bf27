import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Opaque cursors: the position after which the next page starts, bound to the filter it was made for. */
export interface PageTokens {
  issue(position: number, filter: readonly unknown[]): string;
  /** Undefined for a token that was not issued here, or for another filter. */
  read(token: string, filter: readonly unknown[]): number | undefined;
}

export function createPageTokens(): PageTokens {
  const key = randomBytes(32);
  const issue = (position: number, filter: readonly unknown[]): string => {
    const payload = String(position);
    const filterHash = createHash('sha256').update(JSON.stringify(filter)).digest();
    const seal = createHmac('sha256', key).update(payload).update(filterHash).digest().subarray(0, 12);
    return `${Buffer.from(payload).toString('base64url')}.${seal.toString('base64url')}`;
  };

  return {
    issue,
    read(token, filter) {
      const position = Number(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
      if (!Number.isSafeInteger(position)) return undefined;
      // Compared as it is written: base64 has several spellings of the same bytes.
      const expected = Buffer.from(issue(position, filter));
      const given = Buffer.from(token);
      return given.length === expected.length && timingSafeEqual(given, expected) ? position : undefined;
    },
  };
}
