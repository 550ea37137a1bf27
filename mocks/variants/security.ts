import type { Fault, HttpAnswer } from '../reference-agent/hooks.ts';
import { paths } from '../reference-agent/card.ts';
import { bindings } from '../reference-agent/bindings.ts';
import { afterBody, answer } from './respond.ts';
import type { Variant } from './variant.ts';

const challenge = 'errors/authentication-challenge';

const withoutChallenge = ({ 'WWW-Authenticate': _, ...headers }: HttpAnswer['headers']): HttpAnswer['headers'] =>
  headers;

const on401 =
  (change: (answer: HttpAnswer) => HttpAnswer): NonNullable<Fault['httpResponse']> =>
  (answer) =>
    answer.status === 401 ? change(answer) : answer;

/** Wrong tokens in a row, after which nobody from this address is let in any more. */
const lockout =
  (most: number, status: number): (() => Fault) =>
  () => {
    let wrong = 0;
    return {
      http: (request, response, next) => {
        const { authorization } = request.headers;
        if (request.url?.startsWith('/.well-known/')) return next();
        if (authorization !== undefined && authorization !== 'Bearer reference-token') wrong += 1;
        if (wrong <= most) return next();
        response.writeHead(status, { 'Content-Type': 'text/plain', 'Retry-After': '600' }).end('Too many attempts\n');
      },
    };
  };

interface TurnedAway {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An agent that knows nobody who runs this: what it says to strangers is all that is ever seen of it. */
const stranger = (id: string, description: string, { status, headers, body }: TurnedAway): Variant => ({
  id: `security/${id}`,
  description,
  allowedBy: '§3.3.2: strangers are rejected; how is an example',
  share: 0.05,
  options: { bindings },
  fault: {
    card: (card) => ({
      ...card,
      securitySchemes: {
        users: { openIdConnectSecurityScheme: { openIdConnectUrl: 'https://id.example.com/.well-known' } },
      },
      securityRequirements: [{ schemes: { users: {} } }],
    }),
    http: (request, response, next) => {
      if (request.url?.startsWith('/.well-known/')) next();
      else afterBody(request, () => answer(response, status, headers, body));
    },
    grpcCall: (stream) => {
      stream.respond({ ':status': status, ...headers });
      stream.end(body);
    },
  },
});

const html = { 'content-type': 'text/html' };
const page = '<!doctype html><title>Sign in</title><form method="post"></form>';

const strangers: readonly Variant[] = [
  stranger('login-for-all', 'Nobody is known, and shown a page to sign in', { status: 200, headers: html, body: page }),
  stranger('redirect-for-all', 'Nobody is known, and sent to another host to sign in', {
    status: 302,
    headers: { location: 'https://id.example.com/login' },
    body: '',
  }),
  stranger('hidden-from-all', 'Nobody is known, and told that there is nothing', {
    status: 404,
    headers: { 'content-type': 'text/plain' },
    body: 'Not found\n',
  }),
  stranger('bad-request-for-all', 'Nobody is known, and told that credentials are missing, with 400', {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"No API key found in request"}',
  }),
];

const variant = (
  id: string,
  description: string,
  allowedBy: string,
  fault: Variant['fault'],
  more: Partial<Variant> = {},
): Variant => ({
  id: `security/${id}`,
  description,
  allowedBy,
  profile: 'bearer',
  options: { bindings: ['JSONRPC', 'HTTP+JSON'] },
  ...(fault === undefined ? {} : { fault }),
  ...more,
});

/** Agents that let nobody in whom they do not know, each in its own way. */
export const securityVariants: readonly Variant[] = [
  ...strangers,
  variant(
    'forbidden',
    'Strangers are answered with 403',
    '§3.3.2: the codes are examples',
    {
      // The status stands in the body of HTTP+JSON too.
      httpResponse: on401((answer) => ({
        ...answer,
        status: 403,
        body: answer.body.replace('"code":401', '"code":403'),
      })),
      grpcReply: (reply) => (reply.status?.code === 16 ? { ...reply, status: { ...reply.status, code: 7 } } : reply),
    },
    { options: { bindings } },
  ),
  variant('json-rpc-error-alone', 'Strangers get an error of JSON-RPC with HTTP 200', '§3.3.2: JSON-RPC custom error', {
    only: ['JSONRPC'],
    httpResponse: on401(({ headers, body }) => ({ status: 200, headers: withoutChallenge(headers), body })),
  }),
  variant(
    'login-page',
    'Strangers are shown a login page under 401',
    '§3.3.2: HTTP 401',
    {
      httpResponse: on401(({ headers }) => ({
        status: 401,
        headers: { ...withoutChallenge(headers), 'Content-Type': 'text/html' },
        body: '<!doctype html><title>Sign in</title><form method="post"></form>',
      })),
    },
    { warns: [challenge] },
  ),
  variant(
    'login-page-served',
    'Strangers are shown a login page with 200, as by a gateway',
    '§3.3.2: they are rejected; how is an example',
    {
      httpResponse: on401(({ headers }) => ({
        status: 200,
        headers: { ...withoutChallenge(headers), 'Content-Type': 'text/html' },
        body: page,
      })),
    },
    { warns: [challenge, 'security/rejection-code'] },
  ),
  variant(
    'sent-to-the-login',
    'A proxy sends strangers to the page where users sign in',
    '§3.3.2: they are rejected; how is an example',
    {
      http: (request, response, next) => {
        const known = request.headers.authorization === 'Bearer reference-token';
        if (request.url === '/login') {
          response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
        } else if (known || request.url?.startsWith('/.well-known/') || request.url?.startsWith(paths.grants)) next();
        else response.writeHead(303, { Location: '/login' }).end();
      },
    },
    { warns: [challenge, 'security/rejection-code'] },
  ),
  variant(
    'optional',
    'Credentials are one alternative, none is another',
    'a2a.proto AgentCard.security_requirements',
    {
      card: (card) => ({ ...card, securityRequirements: [{ schemes: { bearer: {} } }, { schemes: {} }] }),
    },
    { profile: 'full' },
  ),
  variant(
    'limited',
    'After three wrong tokens nobody is answered for a while, with 429',
    '§13.4: rate limiting against brute force',
    lockout(3, 429),
  ),
  variant(
    'locked-out',
    'After three wrong tokens every request is refused with 401',
    '§13.4: rate limiting against brute force',
    lockout(3, 401),
  ),
  variant(
    'others-forbidden',
    'Tasks of others are refused with 403, and so told from those that do not exist',
    '§3.3.2: a task of another user is its example of 403',
    { policy: { othersForbidden: true } },
    { options: { bindings }, warns: ['errors/not-found-or-forbidden'] },
  ),
  variant(
    'shared',
    'All users of the agent share its tasks',
    '§13.1: the boundary is the agent’s own; nobody names two who are kept apart',
    { policy: { ownershipIgnored: true } },
    { profile: 'basic' },
  ),
  variant(
    'contexts-of-their-first',
    'What is sent into the context of somebody else is theirs',
    '§13.1: the boundary is the agent’s own',
    { policy: { contextsBelongToFirst: true } },
    { warns: ['security/get-scoped', 'list/authorization-scoping'] },
  ),
  variant(
    'extended-card-for-strangers',
    'Strangers who ask for the extended card are given what the public one says',
    '§13.3: the card may differ by who asks; that it is to be refused to strangers is the other reading',
    {
      policy: { extendedCardUnprotected: true },
      card: (card) => ({ ...card, description: 'An agent', skills: card.skills.slice(0, 2) }),
    },
    { profile: 'full', options: { bindings }, warns: ['security/extended-card-authentication'] },
  ),
  variant('passwords', 'User and password are demanded', '§4.5.3', undefined, {
    profile: 'basic',
    options: { bindings },
  }),
  variant('keys', 'An API key is demanded', '§4.5.2', undefined, { profile: 'api-key', options: { bindings } }),
  variant(
    'keys-without-scheme',
    'An API key is demanded, and a rejection names no scheme of HTTP',
    '§4.5.2; HTTP has no challenge for keys',
    {
      httpResponse: on401(({ status, headers, body }) => ({ status, headers: withoutChallenge(headers), body })),
    },
    { profile: 'api-key' },
  ),
];
