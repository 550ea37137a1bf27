import { expect, test } from 'vitest';
import type { Headers, WireRequest } from '../../history/exchange.ts';
import { nextHop } from './redirect.ts';

const headers: Headers = [
  ['Content-Type', 'application/json'],
  ['Authorization', 'Bearer secret'],
  ['X-Api-Key', 'secret'],
  ['X-Team', 'secret'],
  ['A2A-Version', '1.0'],
];
const post: WireRequest = { method: 'POST', url: 'http://a.test/rpc', headers, body: '{}' };
const names = (list: Headers): string[] => list.map(([name]) => name);

const follow = (status: number, location: string, request = post, chain = [request.url]) => {
  const next = nextHop(request, status, [['Location', location]], chain, ['x-team']);
  return next === undefined ? undefined : 'request' in next ? next.request : next.failure;
};

test.for([301, 302, 307, 308])('%i keeps method and body', (status) => {
  expect(follow(status, '/other')).toEqual({ ...post, url: 'http://a.test/other' });
});

test('303 goes on with a GET, without what described the body', () => {
  const next = follow(303, '/done') as WireRequest;
  expect(next).toMatchObject({ method: 'GET', url: 'http://a.test/done', body: null });
  expect(names(next.headers)).toEqual(['Authorization', 'X-Api-Key', 'X-Team', 'A2A-Version']);
});

test('a POST answered by 303 to its own place is no loop', () => {
  expect(follow(303, '/rpc')).toMatchObject({ method: 'GET', url: 'http://a.test/rpc' });
});

test.for(['http://b.test/rpc', 'https://a.test/rpc', 'http://a.test:81/rpc'])(
  'another origin, %s, gets no credentials',
  (location) => {
    expect(names((follow(307, location) as WireRequest).headers)).toEqual(['Content-Type', 'A2A-Version']);
  },
);

test.for<[string, number, Headers]>([
  ['200', 200, [['Location', '/x']]],
  ['304', 304, [['Location', '/x']]],
  ['300', 300, [['Location', '/x']]],
  ['302 without a place', 302, []],
])('%s is an answer', ([, status, answered]) => {
  expect(nextHop(post, status, answered, [post.url])).toBeUndefined();
});

test.for<[string, string, string[], string]>([
  [
    'a loop',
    'http://a.test/rpc',
    ['http://a.test/rpc', 'http://a.test/b'],
    'redirect loop: http://a.test/rpc → http://a.test/b → http://a.test/rpc',
  ],
  ['no URL', 'http://[', ['http://a.test/rpc'], 'the redirect leads to no URL'],
  ['another scheme', 'ftp://a.test/', ['http://a.test/rpc'], 'the redirect leaves HTTP'],
  [
    'too many',
    '/7',
    ['/1', '/2', '/3', '/4', '/5', '/6'].map((path) => `http://a.test${path}`),
    'more than 5 redirects',
  ],
])('%s is not followed', ([, location, chain, message]) => {
  const next = follow(302, location, { ...post, url: chain.at(-1)! }, chain);
  expect(next).toMatchObject({ kind: 'redirect', message: expect.stringContaining(message) as string });
});
