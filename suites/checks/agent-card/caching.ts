import { defineTargetCheck } from '../../../core/engine/check.ts';
import { holds, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header, type Exchange } from '../../../core/history/exchange.ts';
import { fetchCardAgain } from './fetch-card.ts';

const headerOf = ({ response }: Exchange, name: string): string | undefined =>
  response === null ? undefined : header(response.headers, name);

const shown = (value: string | undefined): string => (value === undefined ? 'no such header' : JSON.stringify(value));

/** A directive `max-age=<seconds>` (RFC 9111 §5.2.2.1); quoted values have to be understood, too (§5.2). */
const hasMaxAge = (value: string): boolean =>
  value.split(',').some((directive) => /^\s*max-age\s*=\s*("?)\d+\1\s*$/i.test(directive));

export function judgeCacheControl(exchange: Exchange): Judgement {
  const value = headerOf(exchange, 'cache-control');
  if (value !== undefined && hasMaxAge(value)) return holds(`Cache-Control: ${value}`, exchange);
  return violated(
    {
      reason: 'the card is served without a time for which it may be kept',
      expected: 'Cache-Control with a max-age directive',
      actual: shown(value),
    },
    exchange,
  );
}

/** RFC 9110 §8.8.3. */
const isEntityTag = (value: string): boolean => /^(W\/)?"[\x21\x23-\x7e\x80-\u00ff]*"$/.test(value);

/** Two answers of one content have one tag, if it derives from the version or the content. */
export function judgeEtag([first, second]: readonly [Exchange, Exchange]): Judgement {
  const tag = headerOf(first, 'etag');
  const expected = 'an ETag derived from the card’s version or a hash of its content';
  if (tag === undefined || !isEntityTag(tag)) {
    const reason =
      tag === undefined ? 'the card is served without an ETag' : 'the ETag is no entity tag (RFC 9110 §8.8.3)';
    return violated({ reason, expected, actual: shown(tag) }, first);
  }
  const again = headerOf(second, 'etag');
  // Two instances behind one address may tag weakly and strongly; a hash of the same bytes is the same.
  const opaque = (value: string | undefined): string | undefined => value?.replace(/^W\//, '');
  if (first.response?.body === second.response?.body && opaque(again) !== opaque(tag)) {
    return violated(
      { reason: 'the same card came with another ETag', expected, actual: `${shown(tag)}, then ${shown(again)}` },
      first,
      second,
    );
  }
  return holds(`ETag: ${tag}`, first, second);
}

export function judgeLastModified(exchange: Exchange): Judgement {
  const value = headerOf(exchange, 'last-modified');
  if (value === undefined) return holds('no Last-Modified, which is optional', exchange);
  if (!Number.isNaN(Date.parse(value))) return holds(`Last-Modified: ${value}`, exchange);
  return violated({ reason: 'Last-Modified is no date', expected: 'an HTTP date', actual: shown(value) }, exchange);
}

export const caching = defineTargetCheck({
  id: 'agent-card/caching',
  title: 'The Agent Card is served with headers for caches',
  requirements: ['agent-card/cache-control', 'agent-card/etag', 'agent-card/last-modified'],
  needs: [],
  probe: async (context) => {
    const { exchange: first } = await fetchCardAgain(context);
    const { exchange: second } = await fetchCardAgain(context);
    return [first, second] as const;
  },
  judge: ([first, second]) => ({
    'agent-card/cache-control': judgeCacheControl(first),
    'agent-card/etag': judgeEtag([first, second]),
    'agent-card/last-modified': judgeLastModified(first),
  }),
});
