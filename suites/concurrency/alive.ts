import type { ProbeContext } from '../../core/engine/check.ts';
import { wait } from '../../core/engine/wait.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import type { HistoryRecorder } from '../../core/history/recorder.ts';
import { mayBeShutOut, silenceReadings } from '../checks/robustness/shut-out.ts';
import type { Problem } from './judge.ts';
import type { Execution } from './run-program.ts';

export const aliveCheck = 'concurrency/alive';

/** An agent that works on one message at a time needs the time of all of them; twice that, and nothing can be under way. */
const slack = 2;

/** Not answered by the agent; what the harness gave up itself says nothing. */
const isUnanswered = ({ response, failure }: Exchange): boolean =>
  response === null && failure !== undefined && failure.kind !== 'aborted';

/**
 * After an execution in which something was not answered: whether the agent answers a good request now. It answered before the
 * branches began, or it is not accused; and silence counts only where all that was asked would be done by now.
 */
export async function aliveProblem(
  door: ProbeContext,
  { done }: Execution,
  recorder: HistoryRecorder,
): Promise<Problem | undefined> {
  const { client, deadlines, behaviours, signal, id } = door;
  const asked = done.map(({ exchange }) => exchange);
  const unanswered = asked.filter(isUnanswered);
  const before = done.find(({ client: name, exchange }) => name === 'main' && exchange.response !== null)?.exchange;
  if (unanswered.length === 0 || before === undefined) return undefined;
  const since = Math.max(...asked.filter(({ response }) => response !== null).map(({ endedAt }) => endedAt));
  const messages = done.filter(({ kind }) => kind === 'start' || kind === 'send').length;
  const needed = slack * messages * (behaviours.elicited['completes']?.durationMs ?? deadlines.operationMs);
  /** Whoever watches the target has asked it, too. */
  const goodRequests = (): readonly Exchange[] =>
    recorder
      .history()
      .exchanges.filter(({ actor, startedAt }) => (actor === prober || actor === 'liveness') && startedAt > since);

  const until = performance.now() + 4 * deadlines.operationMs + needed;
  for (;;) {
    const good = goodRequests();
    if (good.some(({ response }) => response !== null)) return undefined;
    const silent = good.filter(isUnanswered);
    const silence = Math.max(...silent.map(({ endedAt }) => endedAt)) - since;
    if (silent.length > 1 && silence > needed) {
      return {
        check: aliveCheck,
        requirement: 'robustness/answers-after-bad-input',
        ...(mayBeShutOut(silent) ? { kind: 'ambiguous', readings: silenceReadings } : { kind: 'violated' }),
        reason: `of ${asked.length} requests of several clients ${unanswered.length} were not answered, and nothing is after them`,
        expected: 'an answer to the next good request',
        actual: `${silent.length} good requests without an answer, silence for ${Math.round(silence)} ms`,
        evidence: [before, unanswered[0]!, ...silent],
      };
    }
    if (signal.aborted || performance.now() > until) return undefined;
    await client.call('GetTask', { id: id('unknown') }, { actor: prober });
    await wait(deadlines.pollMs, signal);
  }
}

const prober = 'client-after';
