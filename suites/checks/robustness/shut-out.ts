import { ambiguous, untested, type Judgement } from '../../../core/findings/judgement.ts';
import { header, type Exchange } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { answerStatus, describeStatus } from '../../../core/wire/answer-status.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { hostOf } from '../../../fixtures/guest/hosts.ts';
import { isPublicHost } from '../../../fixtures/guest/public-host.ts';
import { namesLimit, type Readings } from '../shared/refusal.ts';

/** HTTP answers of a guard that has had enough of its caller: no sign that the agent is dead. */
const refusesCaller: ReadonlySet<number> = new Set([401, 403, 407, 429]);

/** A gateway that says that it has nobody behind it, whenever one is to come again. */
const nobodyBehind: ReadonlySet<number> = new Set([502, 504]);

/** Why somebody refuses this caller rather than that the agent is gone. */
function whyRefused(answer: CallResult): string | undefined {
  const { exchange } = answer;
  if (refusesCaller.has(answerStatus(exchange))) return describeStatus(exchange);
  if (namesLimit(answer)) return describeReply(answer.reply);
  if (nobodyBehind.has(answerStatus(exchange))) return undefined;
  const after = exchange.response === null ? undefined : header(exchange.response.headers, 'Retry-After');
  return after === undefined ? undefined : `${describeStatus(exchange)} and Retry-After: ${after}`;
}

/** Of silence after what looked like an attack, where a firewall may stand in between. */
export const silenceReadings: Readings = [
  '§3.3.2: whatever comes in is answered, and the agent goes on: it is gone',
  '§13.4: abuse is prevented: a firewall drops all that comes from this caller, and the agent goes on',
];

/** Whether silence may be due to a guard on the way: none stands before an agent of this machine, or of a private network. */
export const mayBeShutOut = (silent: readonly Exchange[]): boolean =>
  silent.length > 0 && silent.every(({ request }) => isPublicHost(hostOf(request.url) ?? ''));

/** Good requests without a good answer, where that does not show that the agent is gone; undefined where it does. */
export function judgeShutOut(what: string, cause: CallResult, after: readonly CallResult[]): Judgement | undefined {
  const last = after.at(-1)!;
  const evidence = [cause, ...after].map(({ exchange }) => exchange);
  const refused = whyRefused(last);
  if (refused !== undefined) {
    return untested(
      `after ${what} the caller is refused with ${refused}, which guards against abuse do (§13.4)`,
      'run again, or let the harness pass',
      cause.exchange,
      last.exchange,
    );
  }
  const isSilent = after.every(({ reply }) => reply.kind === 'none');
  if (!isSilent || !mayBeShutOut(after.map(({ exchange }) => exchange))) return undefined;
  return ambiguous(
    `after ${what} ${after.length} good requests got no answer (${describeReply(last.reply)}); see from another address whether it answers`,
    silenceReadings,
    ...evidence,
  );
}
