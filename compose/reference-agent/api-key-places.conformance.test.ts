import { expect, test } from 'vitest';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import type { Binding } from '../../mocks/reference-agent/bindings.ts';
import type { Fault } from '../../mocks/reference-agent/hooks.ts';
import type { ApiKeyLocation } from '../../mocks/reference-agent/settings.ts';
import { runCheck } from '../run-check.ts';

/** `a2a.proto APIKeySecurityScheme`: a key travels in a header field, a parameter of the URL or a cookie. */
const places: readonly (readonly [ApiKeyLocation, readonly Binding[]])[] = [
  ['header', ['JSONRPC', 'HTTP+JSON', 'GRPC']],
  // The path of a gRPC call has no parameters.
  ['query', ['JSONRPC', 'HTTP+JSON']],
  ['cookie', ['JSONRPC', 'HTTP+JSON', 'GRPC']],
];

async function verdicts(apiKeyLocation: ApiKeyLocation, bindings: readonly Binding[], fault: Fault = {}) {
  await using agent = await startReferenceAgent({ profile: 'api-key', apiKeyLocation, bindings, fault });
  const { findings } = await runCheck({
    url: agent.url,
    apiKey: 'reference-token',
    stimuli: 'tck',
    owned: ['127.0.0.1'],
    seed: 1,
    only: ['security/authentication', 'security/extended-card-access'],
  });
  const of = (row: string) => findings.filter(({ requirement }) => requirement === row).map(({ verdict }) => verdict);
  return { of, accusing: findings.filter(({ verdict }) => !['pass', 'skip', 'untested'].includes(verdict)) };
}

const strangers = ['errors/authentication-missing', 'errors/authentication-invalid', 'security/other-scheme'];

test.for(places)('an API key in the %s: strangers are told from the user', async ([location, bindings]) => {
  const { of, accusing } = await verdicts(location, bindings);
  expect(accusing).toEqual([]);
  for (const row of [...strangers, 'security/extended-card-authentication'])
    expect([row, of(row)]).toEqual([row, bindings.map(() => 'pass')]);
});

test.for(places)('an API key in the %s that is not looked at is told of', async ([location, bindings]) => {
  const { of } = await verdicts(location, bindings, { policy: { authenticationIgnored: true } });
  for (const row of strangers) expect([row, of(row)]).toEqual([row, bindings.map(() => 'fail')]);
});
