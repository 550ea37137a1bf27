import { expect, test } from 'vitest';
import { defineCheck } from '../../core/engine/check.ts';
import { holds } from '../../core/findings/judgement.ts';
import { defineInvariant } from '../../core/invariants/invariant.ts';
import { startReferenceAgent } from '../../mocks/reference-agent/agent.ts';
import { probeAgainst } from './probe-against.ts';

const check = defineCheck({
  id: 'get/reads',
  title: 'reads what it made',
  requirements: ['get/returns-task'],
  needs: [],
  async probe({ client, send, taskOf }) {
    return client.call('GetTask', { id: taskOf(await send('completes')).id });
  },
  judge: ({ reply, exchange }) => ({ 'get/returns-task': holds(reply.kind, exchange) }),
});

const counting = defineInvariant({
  id: 'invariants/counting',
  title: 'counts',
  provenance: { kind: 'spec' },
  requirements: ['schema/task'],
  judge: ({ exchanges }) => ({ 'schema/task': holds(String(exchanges.length)) }),
});

test('one check runs through the engine, against an endpoint or a base URL', async () => {
  await using agent = await startReferenceAgent();
  for (const url of [agent.jsonRpcUrl, agent.url]) {
    const { findings, history } = await probeAgainst(check, { url, invariants: [counting] });
    expect(findings).toMatchObject([
      {
        check: 'get/reads',
        verdict: 'pass',
        reason: 'result',
        interface: { binding: 'JSONRPC', url: agent.jsonRpcUrl },
      },
      { check: 'invariants/counting', reason: '2' },
    ]);
    expect(history.exchanges.map(({ intent }) => ('operation' in intent ? intent.operation : intent.kind))).toEqual([
      'fetch',
      'SendMessage',
      'GetTask',
    ]);
  }
});

test('the stimuli, the behaviours and the headers are the caller’s', async () => {
  await using agent = await startReferenceAgent();
  const none = { url: agent.url, behaviours: { elicited: {}, missing: { completes: 'not tried' } } } as const;
  expect((await probeAgainst(check, none)).findings).toMatchObject([{ verdict: 'untested', reason: 'not tried' }]);
  const own = {
    url: agent.url,
    stimuli: [{ name: 'completes', parts: [{ text: 'own words' }], source: 'config' }],
    headers: { 'X-Own': 'yes' },
  } as const;
  const [, sent] = (await probeAgainst(check, own)).history.exchanges;
  expect(sent?.request.body).toContain('own words');
  expect(sent?.request.headers).toContainEqual(['X-Own', 'yes']);
});
