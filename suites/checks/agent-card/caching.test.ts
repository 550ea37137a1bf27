import { expect, test } from 'vitest';
import type { Headers } from '../../../core/history/exchange.ts';
import { cardExchange } from '../../testing/card-answers.ts';
import { judgeCacheControl, judgeEtag, judgeLastModified } from './caching.ts';

test.for<[string | undefined, string]>([
  ['max-age=300', 'holds'],
  ['public, max-age=0', 'holds'],
  ['no-cache, MAX-AGE = 60', 'holds'],
  ['max-age="60"', 'holds'],
  [undefined, 'violated'],
  ['no-store', 'violated'],
  ['s-maxage=60', 'violated'],
  ['max-age', 'violated'],
  ['max-age=soon', 'violated'],
])('Cache-Control: %s → %s', ([value, kind]) => {
  const headers: Headers = value === undefined ? [] : [['cache-control', value]];
  expect(judgeCacheControl(cardExchange({ headers })).kind).toBe(kind);
});

test.for<[string, { tag?: string; body?: string }, { tag?: string; body?: string }, string]>([
  ['a strong tag', { tag: '"a"' }, { tag: '"a"' }, 'holds'],
  ['a weak tag', { tag: 'W/"a"' }, { tag: 'W/"a"' }, 'holds'],
  ['an empty tag', { tag: '""' }, { tag: '""' }, 'holds'],
  ['weak, then strong', { tag: 'W/"a"' }, { tag: '"a"' }, 'holds'],
  ['another card, another tag', { tag: '"a"', body: '{"a":1}' }, { tag: '"b"', body: '{"b":1}' }, 'holds'],
  [
    'another card, the same version, the same tag',
    { tag: '"1"', body: '{"a":1}' },
    { tag: '"1"', body: '{"b":1}' },
    'holds',
  ],
  ['no tag', {}, {}, 'violated'],
  ['a tag without quotes', { tag: 'abc' }, { tag: 'abc' }, 'violated'],
  ['another tag for the same card', { tag: '"a"' }, { tag: '"b"' }, 'violated'],
  ['a tag that goes away', { tag: '"a"' }, {}, 'violated'],
])('ETag: %s', ([, first, second, kind]) => {
  const answer = ({ tag, body }: { tag?: string; body?: string }) =>
    cardExchange({ headers: tag === undefined ? [] : [['ETag', tag]], ...(body === undefined ? {} : { body }) });
  expect(judgeEtag([answer(first), answer(second)]).kind).toBe(kind);
});

test.for<[string | undefined, string]>([
  [undefined, 'holds'],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 'holds'],
  ['yesterday', 'violated'],
])('Last-Modified: %s → %s', ([value, kind]) => {
  const headers: Headers = value === undefined ? [] : [['Last-Modified', value]];
  expect(judgeLastModified(cardExchange({ headers })).kind).toBe(kind);
});
