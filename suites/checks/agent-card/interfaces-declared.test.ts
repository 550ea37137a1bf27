import { expect, test } from 'vitest';
import { cardExchange, cardWithInterface, goodCard } from '../../testing/card-answers.ts';
import { judgeCustomBindings, judgeSharedUrls, judgeUrls, judgeVersions } from './interfaces-declared.ts';

const here = 'http://127.0.0.1:3000/.well-known/agent-card.json';
const there = 'https://agent.example.com/.well-known/agent-card.json';

test.for<[binding: string, url: unknown, cardUrl: string, kind: string]>([
  ['JSONRPC', 'http://127.0.0.1:3000/rpc', here, 'holds'],
  ['JSONRPC', 'http://localhost:3000', here, 'holds'],
  ['JSONRPC', 'http://agent.internal:3000', here, 'holds'],
  ['JSONRPC', 'HTTPS://agent.example.com/a2a?x=1#y', there, 'holds'],
  ['JSONRPC', 'https://rpc.example.com:8443', there, 'holds'],
  ['HTTP+JSON', 'https://agent.example.com/', there, 'holds'],
  ['GRPC', 'https://grpc.example.com/a2a', there, 'holds'],
  ['https://example.com/bindings/ws/v1', 'wss://agent.example.com', there, 'holds'],
  ['urn:example:mail', 'mailto:agent@example.com', there, 'holds'],
  // Missing or of a wrong type: other rows.
  ['JSONRPC', undefined, here, 'holds'],
  ['JSONRPC', 7, here, 'holds'],
  ['JSONRPC', '/rpc', here, 'ambiguous'],
  ['JSONRPC', 'rpc', here, 'ambiguous'],
  ['JSONRPC', '//agent.example.com/rpc', here, 'ambiguous'],
  ['JSONRPC', 'agent.example.com/rpc', here, 'ambiguous'],
  ['JSONRPC', 'localhost:3000', here, 'violated'],
  ['JSONRPC', 'http://', here, 'violated'],
  ['JSONRPC', 'ws://127.0.0.1:3000', here, 'violated'],
  ['HTTP+JSON', '/a2a', there, 'ambiguous'],
  ['GRPC', '/grpc', there, 'ambiguous'],
  ['https://example.com/bindings/ws/v1', '/ws', there, 'ambiguous'],
  ['GRPC', 'localhost:50051', here, 'ambiguous'],
  ['GRPC', 'grpc.example.com:443', there, 'ambiguous'],
  ['GRPC', 'dns:///grpc.example.com', there, 'ambiguous'],
  ['JSONRPC', 'http://0.0.0.0:3000/', here, 'ambiguous'],
  ['JSONRPC', 'http://[::]:3000/', there, 'ambiguous'],
  ['JSONRPC', 'http://localhost:3000/', there, 'ambiguous'],
  ['JSONRPC', 'http://agent.example.com/', there, 'ambiguous'],
])('URL %s %j of a card at %s: %s', ([protocolBinding, url, cardUrl, kind]) => {
  const card = cardWithInterface({ protocolBinding, protocolVersion: '1.0', url });
  expect(judgeUrls(card, cardUrl, cardExchange())).toMatchObject({ kind, evidence: [{}] });
});

test('one wrong URL outweighs a doubtful one', () => {
  const [own] = goodCard.supportedInterfaces;
  const card = { supportedInterfaces: [{ ...own, url: 'http://0.0.0.0' }, own, { ...own, url: 'localhost:3000' }] };
  expect(judgeUrls(card, here)).toMatchObject({
    kind: 'violated',
    actual: 'supportedInterfaces[2].url "localhost:3000"',
  });
});

test.for<[unknown, string]>([
  ['1.0', 'holds'],
  ['0.3', 'holds'],
  ['12.34', 'holds'],
  [undefined, 'holds'],
  [1, 'holds'],
  ['1.0.1', 'violated'],
  ['0.3.0', 'violated'],
  ['1', 'violated'],
  ['v1.0', 'violated'],
  ['', 'violated'],
])('version %j: %s', ([protocolVersion, kind]) => {
  const [own] = goodCard.supportedInterfaces;
  expect(judgeVersions(cardWithInterface({ ...own, protocolVersion })).kind).toBe(kind);
});

test.for<[unknown, string]>([
  ['JSONRPC', 'skip'],
  ['GRPC', 'skip'],
  ['HTTP+JSON', 'skip'],
  [undefined, 'skip'],
  ['https://example.com/bindings/ws/v1', 'holds'],
  ['urn:example:ws', 'holds'],
  ['WebSocket', 'violated'],
  ['jsonrpc', 'violated'],
])('binding %j by v1.0.1: %s; v1.0.0 allows a name', ([protocolBinding, kind]) => {
  const [own] = goodCard.supportedInterfaces;
  const card = cardWithInterface({ ...own, protocolBinding });
  expect(judgeCustomBindings(card, '1.0.1').kind).toBe(kind);
  expect(judgeCustomBindings(card, undefined).kind).toBe(kind === 'violated' ? 'ambiguous' : kind);
});

test('a shared URL is never held against a card', () => {
  const [own] = goodCard.supportedInterfaces;
  expect(judgeSharedUrls(goodCard)).toMatchObject({ kind: 'holds', reason: 'no URL is shared' });
  expect(judgeSharedUrls({ supportedInterfaces: [own, { ...own, protocolBinding: 'HTTP+JSON' }] })).toMatchObject({
    kind: 'holds',
    reason: '1 interfaces share the URL of another',
  });
});

test.for([undefined, null, 'x', {}, [null, 7, 'x']])(
  'interfaces that are %j are for other rows',
  (supportedInterfaces) => {
    const card = { supportedInterfaces };
    expect(judgeUrls(card, here).kind).toBe('holds');
    expect(judgeVersions(card).kind).toBe('holds');
    expect(judgeCustomBindings(card, undefined).kind).toBe('skip');
  },
);
