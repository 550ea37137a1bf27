import { setTimeout as delay } from 'node:timers/promises';
import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { judgeShutOut } from './shut-out.ts';
import { good, isAlive, noControl } from './survival.ts';

interface Observation {
  readonly before: CallResult;
  /** One send alone: what the work takes. */
  readonly alone: CallResult;
  readonly burst: readonly CallResult[];
  /** Good requests after it: one that is answered, or all that were tried. */
  readonly after: readonly CallResult[];
}

const messages = 50;

/** An agent that does one thing at a time needs the time of all of them; twice that, and nothing can be under way. */
const slack = 2;

/** §3.3.2: an agent that cannot take so much refuses some of it; it does not stop (a2a-python#1101). */
export const burst = defineCheck({
  id: 'robustness/burst',
  title: `${messages} messages at once; a good request after them`,
  requirements: ['robustness/answers-after-bad-input'],
  needs: [needsStimulus('completes')],
  intrusive: true,
  exclusive: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { deadlines, signal } = context;
    const before = await good(context);
    const alone = await context.send('completes');
    if (!isAlive(before) || !isAlive(alone)) return { before, alone, burst: [], after: [before] };
    const together = (ask: () => Promise<CallResult>) => Promise.all(Array.from({ length: messages }, ask));
    // The connections are there then, and the messages come at one time.
    await together(() => context.client.call('GetTask', { id: context.id('unknown') }, { atOnce: true }));
    const startedAt = performance.now();
    const sent = await together(() => context.send('completes', {}, { atOnce: true }));
    const after = [await good(context)];
    const until = startedAt + 4 * deadlines.operationMs;
    while (!isAlive(after.at(-1)!) && !signal.aborted && !isHung(alone, sent, after) && performance.now() < until) {
      await delay(deadlines.pollMs, undefined, { signal }).catch(() => undefined);
      after.push(await good(context));
    }
    if (isAlive(after.at(-1)!)) await cancelTaskIn(context, ...sent);
    return { before, alone, burst: sent, after };
  },

  judge: (observation) => ({ 'robustness/answers-after-bad-input': judgeBurst(observation) }),
});

const elapsed = ({ exchange }: CallResult): number => exchange.endedAt - exchange.startedAt;

const isSilent = ({ reply }: CallResult): boolean => reply.kind === 'none';

/** How long nothing came, after the last answer of the burst or its beginning. */
function silenceOf(sent: readonly CallResult[], after: readonly CallResult[]): number {
  const answered = sent.filter((answer) => !isSilent(answer)).map(({ exchange }) => exchange.endedAt);
  const since = Math.max(...answered, Math.min(...sent.map(({ exchange }) => exchange.startedAt)));
  return after.at(-1)!.exchange.endedAt - since;
}

/** Whether all of it would be done by now, had it been done one after the other. */
const isHung = (alone: CallResult, sent: readonly CallResult[], after: readonly CallResult[]): boolean =>
  after.length > 1 && after.every(isSilent) && silenceOf(sent, after) > slack * sent.length * elapsed(alone);

function judgeBurst({ before, alone, burst: sent, after }: Observation): Judgement {
  if (!isAlive(before)) return noControl({ before });
  if (!isAlive(alone)) {
    return untested(
      `the control failed, a message alone: ${describeReply(alone.reply)}`,
      'see its exchange',
      alone.exchange,
    );
  }
  const last = after.at(-1)!;
  const [first] = sent;
  const answered = sent.filter((answer) => !isSilent(answer)).length;
  if (isAlive(last))
    return holds(`answers after ${messages} messages at once (${answered} were answered)`, last.exchange);
  const evidence = [alone, first!, ...after].map(({ exchange }) => exchange);
  if (!isSilent(last)) {
    return untested(
      `after ${messages} messages at once the caller is refused: ${describeReply(last.reply)}`,
      'an agent that is overloaded may say so; run again and see whether it recovers',
      ...evidence,
    );
  }
  const silence = Math.round(silenceOf(sent, after));
  if (!isHung(alone, sent, after)) {
    return untested(
      `no answer after ${messages} messages at once, for ${silence} ms, but they may still be worked on`,
      'run again with more patience: --timeout',
      ...evidence,
    );
  }
  const shutOut = judgeShutOut(`${messages} messages at once`, first!, after);
  if (shutOut !== undefined) return shutOut;
  return violated(
    {
      reason: `of ${messages} messages at once ${answered} were answered, and after them nothing is, though one alone takes ${Math.round(elapsed(alone))} ms`,
      expected: 'an answer to the next good request',
      actual: `${after.length} good requests without an answer, silence for ${silence} ms`,
    },
    ...evidence,
  );
}
