import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { badInput } from './bad-input.ts';
import { grpcBadInputs } from './bad-inputs-grpc.ts';
import { httpJsonBadInputs } from './bad-inputs-http-json.ts';
import { jsonRpcBadInputs } from './bad-inputs-json-rpc.ts';
import { isAlive } from './survival.ts';

const alive = errorOf('TaskNotFoundError');
const answered = {
  input: 'bad',
  invalid: true,
  answer: errorOf('JSONParseError'),
  again: undefined,
  after: [alive],
};
const page = (status: number): CallResult => {
  const { exchange } = resultOf({});
  const reply = { kind: 'malformed', why: 'HTML', status } as const;
  return { exchange: { ...exchange, response: { ...exchange.response!, status } }, reply };
};
/** The same, at another place. */
const at = (url: string, { exchange, reply }: CallResult): CallResult => ({
  exchange: { ...exchange, request: { ...exchange.request, url } },
  reply,
});
const far = 'https://agent.example.com/a2a';
const saying = (message: string): CallResult => ({
  ...errorOf('InternalError'),
  reply: { kind: 'error', error: { name: 'InternalError', code: '-32603', message, details: undefined } },
});
const [limited, crashed] = [saying('Rate limit exceeded, try again later'), saying('list index out of range')];
const comeBack = ({ exchange, reply }: CallResult): CallResult => ({
  exchange: { ...exchange, response: { ...exchange.response!, headers: [['retry-after', '30']] } },
  reply,
});
const [soon, gateway] = [comeBack(page(503)), comeBack(page(502))];
type Group = Parameters<typeof badInput.judge>[0]['groups'][number];

test.for<[string, readonly Group[], string, string]>([
  ['answered', [answered], 'holds', 'holds'],
  [
    'answered by a page',
    [{ ...answered, answer: { ...alive, reply: { kind: 'malformed', why: 'HTML', status: 400 } } }],
    'holds',
    'holds',
  ],
  [
    'silent twice',
    [{ ...answered, answer: noAnswer(), again: noAnswer(), after: [alive, alive] }],
    'violated',
    'holds',
  ],
  ['silent once', [{ ...answered, answer: noAnswer(), again: errorOf('JSONParseError') }], 'untested', 'holds'],
  [
    'silence on what may be served',
    [{ ...answered, invalid: false, answer: noAnswer(), again: noAnswer() }],
    'untested',
    'holds',
  ],
  ['dead', [{ ...answered, after: [noAnswer(), noAnswer()] }], 'holds', 'violated'],
  ['the caller is banned', [{ ...answered, after: [page(429), page(429)] }], 'holds', 'untested'],
  ['the caller is banned for a time', [{ ...answered, after: [soon, soon] }], 'holds', 'untested'],
  ['the caller is banned in JSON-RPC', [{ ...answered, after: [limited, limited] }], 'holds', 'untested'],
  ['no good answer in JSON-RPC', [{ ...answered, after: [crashed, crashed] }], 'holds', 'violated'],
  [
    'silence of one far away',
    [{ ...answered, after: [at(far, noAnswer()), at(far, noAnswer())] }],
    'holds',
    'ambiguous',
  ],
  [
    'silence of one in a private network',
    [{ ...answered, after: [at('http://agent:8080/', noAnswer()), at('http://agent:8080/', noAnswer())] }],
    'holds',
    'violated',
  ],
  [
    'a gateway before a dead agent far away',
    [{ ...answered, after: [at(far, page(502)), at(far, page(502))] }],
    'holds',
    'violated',
  ],
  ['a gateway before a dead agent', [{ ...answered, after: [page(502), page(502)] }], 'holds', 'violated'],
  ['a gateway that says when to come again', [{ ...answered, after: [gateway, gateway] }], 'holds', 'violated'],
  ['dead, and back', [{ ...answered, after: [noAnswer(), alive] }], 'holds', 'holds'],
  [
    'broken for good',
    [{ ...answered, after: [errorOf('InternalError'), errorOf('InternalError')] }],
    'holds',
    'violated',
  ],
  ['the last of three', [answered, answered, { ...answered, after: [noAnswer(), noAnswer()] }], 'holds', 'violated'],
])('%s', ([, groups, isAnswered, goesOn]) => {
  const judged = badInput.judge({ before: alive, groups }, factsWith());
  expect(judged['robustness/bad-input-answered'].kind).toBe(isAnswered);
  expect(judged['robustness/answers-after-bad-input'].kind).toBe(goesOn);
});

test('an agent that was dead before is not accused', () => {
  const judged = badInput.judge({ before: noAnswer(), groups: [] }, factsWith());
  expect(Object.values(judged).map(({ kind }) => kind)).toEqual(['untested', 'untested']);
});

test('an agent is alive where it says something about the request', () => {
  expect([resultOf({}), alive, errorOf('InternalError'), noAnswer()].map(isAlive)).toEqual([true, true, false, false]);
});

test.for([
  ['JSON-RPC', jsonRpcBadInputs],
  ['HTTP+JSON', httpJsonBadInputs],
] as const)('the inputs of %s are what they say', ([, badInputs]) => {
  const inputs = badInputs('unknown');
  expect(new Set(inputs.map(({ input }) => input)).size).toBe(inputs.length);
  const bodyOf = (name: string): string => inputs.find(({ input }) => input.startsWith(name))!.request.body!;
  const levels = bodyOf('200 levels');
  expect(levels.match(/\{/g)!.length).toBeGreaterThan(200);
  expect(() => JSON.parse(levels) as unknown).not.toThrow();
  expect(bodyOf('a member named __proto__')).toContain('"__proto__":{"id":"polluted"}');
  expect(bodyOf('a lone surrogate')).toContain('"\\ud800"');
  // Nothing of it can start work.
  for (const { request } of inputs) expect(request.body ?? '').not.toContain('"parts"');
});

test('the inputs of gRPC name a task that does not exist, and none is a send', () => {
  const inputs = grpcBadInputs('unknown');
  expect(new Set(inputs.map(({ input }) => input)).size).toBe(inputs.length);
  for (const { request } of inputs) expect(request.path).not.toContain('Send');
});

test('a page of HTTP about the request is a sign of life where HTTP is the binding', () => {
  const ref = { binding: 'HTTP+JSON', version: '1.0', url: 'http://a.test' };
  const over = (status: number): CallResult => {
    const { exchange, reply } = page(status);
    return { exchange: { ...exchange, interface: ref }, reply };
  };
  expect([over(404), over(401), over(502), page(404)].map(isAlive)).toEqual([true, false, false, false]);
});
