import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { BadInput } from './bad-input-kind.ts';
import { judgeShutOut } from './shut-out.ts';

/** One kind of bad input, and the good requests after it. */
export interface Group {
  readonly input: string;
  /** Whether the text leaves no doubt of how it is answered: bad and to be refused, or valid. Of the others silence is not told. */
  readonly invalid: boolean;
  readonly answer: CallResult;
  /** The same input again, where the first one got no answer at all. */
  readonly again: CallResult | undefined;
  /** Good requests after it: one that is answered, or all that were tried. */
  readonly after: readonly CallResult[];
}

/** What a series of inputs did to an agent. */
export interface Survival {
  /** The good request before any input. */
  readonly before: CallResult;
  /** In order; ends early once the agent is dead, or was silent twice. */
  readonly groups: readonly Group[];
}

/** Sends the inputs one after the other, each followed by good requests. */
export async function offer(context: ProbeContext, inputs: readonly BadInput[]): Promise<Survival> {
  const before = await good(context);
  const groups: Group[] = [];
  if (!isAlive(before)) return { before, groups };
  for (const { input, invalid, request, options } of inputs) {
    // What is said of it is not judged: an error inside need not be asked for again.
    const ask = () => context.client.raw({ ...request, violation: input }, { ...options, once: true });
    const answer = await ask();
    const after = await untilAlive(context);
    const silent = invalid && answer.reply.kind === 'none' && isAlive(after.at(-1)!);
    const again = silent ? await ask() : undefined;
    if (again) after.push(...(await untilAlive(context)));
    groups.push({ input, invalid, answer, again, after });
    // Silent twice, the row is told, and every further silence would take its time.
    if (!isAlive(after.at(-1)!) || again?.reply.kind === 'none' || context.signal.aborted) break;
  }
  return { before, groups };
}

/** An agent that was dead before cannot be judged. */
export const noControl = ({ before }: Pick<Survival, 'before'>): Judgement =>
  untested(
    `the control failed, GetTask before any input: ${describeReply(before.reply)}`,
    'see the exchange of the control',
    before.exchange,
  );

export const good = ({ client, id }: ProbeContext): Promise<CallResult> =>
  client.call('GetTask', { id: id('unknown') });

/** Statuses of HTTP that are about the request, whoever wrote the page. */
const aboutRequest: ReadonlySet<number> = new Set([400, 404, 422]);

/** A result, or an error that is about the request: an agent that can only say InternalError serves nobody. */
export const isAlive = ({ reply, exchange }: CallResult): boolean => {
  if (reply.kind === 'malformed') return exchange.interface?.binding === 'HTTP+JSON' && aboutRequest.has(reply.status);
  return reply.kind === 'result' || (reply.kind === 'error' && reply.error.name !== 'InternalError');
};

/** Good requests until one is answered; at least two, and for the time of grace, before the agent counts as dead. */
export async function untilAlive(context: ProbeContext): Promise<CallResult[]> {
  const { graceMs, pollMs } = context.deadlines;
  const results = [await good(context)];
  const until = performance.now() + graceMs;
  while (!isAlive(results.at(-1)!) && (results.length < 2 || performance.now() < until) && !context.signal.aborted) {
    await delay(pollMs, undefined, { signal: context.signal }).catch(() => undefined);
    results.push(await good(context));
  }
  return results;
}

/** An end that somebody made, in place of an answer; that none came in time may be a matter of time. */
export const isCutOff = ({ reply }: CallResult): boolean =>
  reply.kind === 'none' && (reply.failure.kind === 'reset' || reply.failure.kind === 'protocol');

export function judgeAnswered({ input, answer, again, after }: Group, expected = 'an error of the binding'): Judgement {
  const evidence = [answer, ...(again ? [again] : []), ...after].map(({ exchange }) => exchange);
  if (answer.reply.kind !== 'none') return holds(`${input}: ${describeReply(answer.reply)}`, answer.exchange);
  const silentTwice = again?.reply.kind === 'none' && isAlive(after.at(-1)!);
  if (!silentTwice) {
    return untested(`${input}: ${describeReply(answer.reply)}`, 'run again; see --timeout', ...evidence);
  }
  return violated(
    {
      reason: `${input} was twice not answered, while good requests in between were`,
      expected,
      actual: describeReply(again.reply),
    },
    ...evidence,
  );
}

export function judgeAlive({ input, answer, after }: Group): Judgement {
  const last = after.at(-1)!;
  if (isAlive(last)) return holds(`answers after: ${input}`, last.exchange);
  const shutOut = judgeShutOut(`"${input}"`, answer, after);
  if (shutOut !== undefined) return shutOut;
  return violated(
    {
      reason: `the agent answered before, and ${after.length} good requests after "${input}" got no good answer`,
      expected: 'an answer to the next good request',
      actual: describeReply(last.reply),
    },
    answer.exchange,
    ...after.map(({ exchange }) => exchange),
  );
}
