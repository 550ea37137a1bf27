import { defineCheck, type Need, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header, type Exchange, type Headers } from '../../../core/history/exchange.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { Target } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { answerStatus, describeStatus } from '../../../core/wire/answer-status.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { callThatSucceeds } from '../shared/call-that-succeeds.ts';

interface Observation {
  /** The same call with the run's credentials, before and after. */
  readonly authenticated: readonly CallResult[];
  readonly missing: CallResult;
  readonly invalid: CallResult;
}

const needsHeaderCredentials: Need = {
  description: 'card demands credentials that travel in a header',
  decide: ({ target }) => {
    if (!demandsCredentials(target)) return { verdict: 'skip', reason: 'the card demands no authentication' };
    return credentialHeaders(target) === undefined
      ? {
          verdict: 'untested',
          reason: 'a scheme of the card carries credentials elsewhere than in a header',
          hint: 'only schemes in header fields are taken away and judged',
        }
      : null;
  },
};

/** §3.3.2, §7.4: every request is authenticated where the card says so. */
export const authentication = defineCheck({
  id: 'errors/authentication',
  title: 'Requests without and with invalid credentials',
  requirements: ['errors/authentication-missing', 'errors/authentication-invalid', 'errors/authentication-challenge'],
  needs: [needsHeaderCredentials, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const call = await callThatSucceeds(context);
    const names = credentialHeaders(context.target) ?? [];
    const headers = (value: (name: string) => string | null) =>
      Object.fromEntries(names.map((name) => [name, value(name)]));
    const invalidValue = (name: string) => (name === 'Authorization' ? 'Bearer gauntlet-invalid' : 'gauntlet-invalid');
    const before = await call();
    const missing = await call({ headers: headers(() => null) });
    const invalid = await call({ headers: headers(invalidValue) });
    return { authenticated: [before, await call()], missing, invalid };
  },

  judge({ authenticated, missing, invalid }) {
    const failed = authenticated.find(({ reply }) => reply.kind !== 'result');
    const rejected = (what: string, answer: CallResult): Judgement =>
      failed
        ? untested(`the control failed: ${describeReply(failed.reply)}`, 'see --bearer and --header', failed.exchange)
        : judgeRejected(what, answer, authenticated, otherHeaders(missing));
    return {
      'errors/authentication-missing': rejected('a request without credentials', missing),
      'errors/authentication-invalid': rejected('a request with invalid credentials', invalid),
      'errors/authentication-challenge': judgeChallenge(missing),
    };
  },
});

/** Requirements are alternatives; an empty one among them, or none at all, lets everybody in. */
export function demandsCredentials({ card }: Pick<Target, 'card'>): boolean {
  const requirements = card['securityRequirements'];
  if (!Array.isArray(requirements) || requirements.length === 0) return false;
  return requirements.every(
    (one) => isObject(one) && isObject(one['schemes']) && Object.keys(one['schemes']).length > 0,
  );
}

/**
 * The header fields in which the card's schemes carry credentials; undefined where one of them may carry them elsewhere
 * (query, cookie, client certificate), so that a request could not be stripped of them.
 */
export function credentialHeaders({ card }: Pick<Target, 'card'>): readonly string[] | undefined {
  const schemes = isObject(card['securitySchemes']) ? Object.values(card['securitySchemes']) : [];
  const names = schemes.map((scheme) => {
    if (!isObject(scheme) || isObject(scheme['mtlsSecurityScheme'])) return undefined;
    const key = scheme['apiKeySecurityScheme'];
    if (!isObject(key)) return 'Authorization';
    return key['location'] === 'header' && typeof key['name'] === 'string' ? key['name'] : undefined;
  });
  return names.includes(undefined) ? undefined : [...new Set(names as string[])];
}

/** Header fields that tell an agent nothing of who its caller is. */
const harmless: ReadonlySet<string> = new Set([
  'a2a-extensions',
  'a2a-version',
  'accept',
  'accept-encoding',
  'accept-language',
  'grpc-accept-encoding',
  'te',
  'content-type',
  'traceparent',
  'user-agent',
]);

/** Fields that are left without those of the card's schemes (a cookie, a key of a gateway): the agent may know its caller by them. */
const otherHeaders = ({ exchange }: CallResult): readonly string[] => userFields(exchange).map(([name]) => name);

/** Header fields of a request that may tell who its caller is. */
export const userFields = ({ request }: Exchange): Headers =>
  request.headers.filter(([name]) => !harmless.has(name.toLowerCase()));

function judgeRejected(
  what: string,
  answer: CallResult,
  authenticated: readonly CallResult[],
  others: readonly string[],
): Judgement {
  const { reply, exchange } = answer;
  const status = answerStatus(exchange);
  if (reply.kind === 'result' && others.length > 0) {
    return untested(
      `${what} is served, but it carried other header fields of the user: ${others.join(', ')}`,
      'leave them out, where they are no credentials: --header',
      exchange,
    );
  }
  if (reply.kind === 'result') {
    return violated(
      {
        reason: `${what} is served as the authenticated one is`,
        expected: 'a rejection (HTTP 401, gRPC UNAUTHENTICATED, or an error of the binding)',
        actual: 'a result',
      },
      exchange,
      ...authenticated.map((one) => one.exchange),
    );
  }
  if (reply.kind === 'none' || status === 429 || status >= 500) {
    return untested(`${what}: ${describeReply(reply)}`, 'run again; see --timeout', exchange);
  }
  return holds(`${what} is rejected: ${describeReply(reply)}`, exchange);
}

function judgeChallenge(missing: CallResult): Judgement {
  const { exchange, reply } = missing;
  const status = answerStatus(exchange);
  if (reply.kind === 'none' || reply.kind === 'result' || status === 429 || status >= 500) {
    return untested('the request without credentials was not rejected', 'see errors/authentication-missing', exchange);
  }
  const { headers = [], trailers = [] } = exchange.response ?? {};
  const challenge = header([...headers, ...trailers], 'WWW-Authenticate');
  if (challenge) return holds(`WWW-Authenticate: ${challenge}`, exchange);
  // §3.3.2 does not say where: the words of the error will do.
  const scheme = /\b(?:bearer|basic|digest|api[ _-]?key|oauth ?2?|openid)\b/i.exec(exchange.response?.body ?? '')?.[0];
  if (scheme !== undefined) return holds(`the error names a scheme: ${scheme}`, exchange);
  return violated(
    {
      reason: 'the rejection does not say how to authenticate',
      expected: 'a challenge that names the scheme (WWW-Authenticate, or the error itself)',
      actual: `${describeStatus(exchange)} without WWW-Authenticate; ${describeReply(reply)}`,
    },
    exchange,
  );
}
