import { setTimeout as delay } from 'node:timers/promises';
import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallOptions, CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { worst } from '../shared/refusal.ts';

/** One kind of bad input, and the good requests after it. */
interface Group {
  readonly input: string;
  /** Whether the text leaves no doubt that it must be refused; the others may be served. */
  readonly invalid: boolean;
  readonly answer: CallResult;
  /** The same input again, where the first one got no answer at all. */
  readonly again: CallResult | undefined;
  /** Good requests after it: one that is answered, or all that were tried. */
  readonly after: readonly CallResult[];
}

interface Observation {
  /** The good request before any bad input. */
  readonly before: CallResult;
  /** In order; ends early once the agent is dead. */
  readonly groups: readonly Group[];
}

interface BadInput {
  readonly input: string;
  readonly invalid: boolean;
  readonly body: string;
  readonly options?: CallOptions;
}

/** §3.3.2: whatever comes in, the agent answers, and goes on. */
export const badInput = defineCheck({
  id: 'robustness/bad-input',
  title: 'Broken JSON, wrong types, depth, huge numbers, odd characters; a good request after each',
  requirements: ['robustness/bad-input-answered', 'robustness/answers-after-bad-input'],
  bindings: ['JSONRPC'],
  needs: [],
  // An agent that does not survive it would take the other checks along.
  exclusive: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const before = await good(context);
    const groups: Group[] = [];
    if (!isAlive(before)) return { before, groups };
    for (const { input, invalid, body, options } of badInputs(context.id('unknown'))) {
      const ask = () => context.client.raw({ body, violation: input }, options);
      const answer = await ask();
      const after = await untilAlive(context);
      const silent = answer.reply.kind === 'none' && isAlive(after.at(-1)!);
      const again = silent ? await ask() : undefined;
      if (again) after.push(...(await untilAlive(context)));
      groups.push({ input, invalid, answer, again, after });
      if (!isAlive(after.at(-1)!) || context.signal.aborted) break;
    }
    return { before, groups };
  },

  judge({ before, groups }) {
    if (!isAlive(before)) {
      const none = untested(
        `the control failed, GetTask before any bad input: ${describeReply(before.reply)}`,
        'see the exchange of the control',
        before.exchange,
      );
      return { 'robustness/bad-input-answered': none, 'robustness/answers-after-bad-input': none };
    }
    return {
      'robustness/bad-input-answered': worst(groups.filter(({ invalid }) => invalid).map(judgeAnswered)),
      'robustness/answers-after-bad-input': worst(groups.map(judgeAlive)),
    };
  },
});

const good = ({ client, id }: ProbeContext): Promise<CallResult> => client.call('GetTask', { id: id('unknown') });

/** A result, or an error that is about the request: an agent that can only say InternalError serves nobody. */
export const isAlive = ({ reply }: CallResult): boolean =>
  reply.kind === 'result' || (reply.kind === 'error' && reply.error.name !== 'InternalError');

/** HTTP answers of a guard that has had enough of its caller: no sign that the agent is dead. */
const refusesCaller: ReadonlySet<number> = new Set([401, 403, 407, 429]);

/** Good requests until one is answered; at least two, and for the time of grace, before the agent counts as dead. */
async function untilAlive(context: ProbeContext): Promise<CallResult[]> {
  const { graceMs, pollMs } = context.deadlines;
  const results = [await good(context)];
  const until = performance.now() + graceMs;
  while (!isAlive(results.at(-1)!) && (results.length < 2 || performance.now() < until) && !context.signal.aborted) {
    await delay(pollMs, undefined, { signal: context.signal }).catch(() => undefined);
    results.push(await good(context));
  }
  return results;
}

function judgeAnswered({ input, answer, again, after }: Group): Judgement {
  const evidence = [answer, ...(again ? [again] : []), ...after].map(({ exchange }) => exchange);
  if (answer.reply.kind !== 'none') return holds(`${input}: ${describeReply(answer.reply)}`, answer.exchange);
  const silentTwice = again?.reply.kind === 'none' && isAlive(after.at(-1)!);
  if (!silentTwice) {
    return untested(`${input}: ${describeReply(answer.reply)}`, 'run again; see --timeout', ...evidence);
  }
  return violated(
    {
      reason: `${input} was twice not answered, while good requests in between were`,
      expected: 'an error of the binding',
      actual: describeReply(again.reply),
    },
    ...evidence,
  );
}

function judgeAlive({ input, answer, after }: Group): Judgement {
  const last = after.at(-1)!;
  if (isAlive(last)) return holds(`answers after: ${input}`, last.exchange);
  const status = last.exchange.response?.status ?? 0;
  if (refusesCaller.has(status)) {
    return untested(
      `after "${input}" the caller is refused with HTTP ${status}, which guards against abuse do (§13.4)`,
      'run again, or let the harness pass',
      answer.exchange,
      last.exchange,
    );
  }
  return violated(
    {
      reason: `the agent answered before, and ${after.length} good requests after "${input}" got no answer`,
      expected: 'an answer to the next good request',
      actual: describeReply(last.reply),
    },
    answer.exchange,
    ...after.map(({ exchange }) => exchange),
  );
}

/** None of them can start work: they name a task that does not exist, or are no request. */
export function badInputs(unknownId: string): readonly BadInput[] {
  const request = (params: unknown, method = 'GetTask'): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 'robustness', method, params });
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const withMember = (member: string): string =>
    request({ id: unknownId, x: 0 }, 'CancelTask').replace('"x":0', member);
  return [
    { input: 'text that is no JSON', invalid: true, body: 'hello' },
    { input: 'JSON cut off before its end', invalid: true, body: request({ id: unknownId }).slice(0, -5) },
    { input: 'an empty body', invalid: true, body: '' },
    { input: 'JSON null', invalid: true, body: 'null' },
    { input: 'params that are a number', invalid: true, body: request(7) },
    { input: 'an id that is an object', invalid: true, body: request({ id: { id: unknownId } }) },
    { input: 'params null', invalid: true, body: request(null) },
    { input: '200 levels of nesting', invalid: false, body: withMember(`"metadata":${nested(200)}`) },
    { input: 'a number beyond every range', invalid: false, body: withMember('"metadata":{"n":1e400}') },
    { input: 'an integer of 400 digits', invalid: false, body: withMember(`"historyLength":${'9'.repeat(400)}`) },
    { input: 'NUL in a string', invalid: false, body: request({ id: 'gauntlet\u0000unknown' }) },
    { input: 'a lone surrogate in a string', invalid: false, body: withMember('"metadata":{"s":"\\ud800"}') },
    { input: 'a member named __proto__', invalid: false, body: withMember('"__proto__":{"id":"polluted"}') },
    { input: 'an id of 64 KiB', invalid: false, body: request({ id: 'x'.repeat(65_536) }) },
    {
      input: 'Content-Type: text/plain',
      invalid: false,
      body: request({ id: unknownId }),
      options: { headers: { 'Content-Type': 'text/plain' } },
    },
  ];
}
