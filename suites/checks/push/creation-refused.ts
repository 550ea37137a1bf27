import { ambiguous, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause } from '../shared/refusal.ts';
import { isError, showsLife } from '../shared/task-parts.ts';
import type { Registered } from './configuration.ts';

/** What a refusal for the URL speaks of (§13.2): addresses, names, lists of those that are allowed. */
const ofUrl =
  /\b(?:ur[il]s?|webhooks?|callbacks?|endpoints?|hosts?(?:names?)?|domains?|address(?:es)?|schemes?|https?|private|public|loopback|localhost|internal network|ssrf|dns|resolv\w*|reach\w*|unreachable|allow(?:ed)?[ -]?list\w*|whitelist\w*|not allowed|not permitted|forbidden|blocked|denied|disallowed)\b/i;

/** What no URL that was sent can be. */
const isAbsence = /\b(?:required|missing|null|undefined|empty|blank|not set|unset)\b/i;

/** Whether an agent says that it is the URL that it does not take. */
export function blamesUrl({ reply }: CallResult): boolean {
  if (reply.kind !== 'error') return false;
  const { message, details } = reply.error;
  // Of every error's details these name what made them: a URL of a type, and a domain.
  const words = JSON.stringify(details, (key, value: unknown) =>
    key === '@type' || key === 'domain' ? undefined : value,
  );
  const said = `${message} ${words ?? ''}`.replaceAll(/([a-z])([A-Z])/g, '$1 $2');
  return ofUrl.test(said) && !isAbsence.test(said);
}

/** An agent that refuses each configuration of a task that goes on; undefined where it does not. */
export function creationRefused(created: readonly Registered[], task: CallResult): Judgement | undefined {
  const answers = created.map(({ answer }) => answer);
  const isRefused = answers.every((answer) => answer.reply.kind === 'error' && otherCause(answer) === undefined);
  if (!isRefused || !showsLife(task)) return undefined;
  const evidence = [...answers, task].map(({ exchange }) => exchange);
  const said = describeReply(answers[0]!.reply);
  const hint = 'give the agent an address of the receiver that it accepts: --webhook-url <url>';
  if (answers.every((answer) => isError(answer, 'TaskNotFoundError'))) {
    return violated(
      {
        reason: 'no push configuration is created for a task that GetTask shows',
        expected: 'a configuration',
        actual: said,
      },
      ...evidence,
    );
  }
  if (answers.some(blamesUrl)) return untested(`no webhook was accepted: ${said}`, hint, ...evidence);
  return ambiguous(
    `each configuration is refused: ${said}`,
    [
      '§3.1.7, §3.3.4: an agent that declares pushNotifications creates configurations',
      '§13.2: an agent may refuse URLs that it does not allow, and need not say so',
    ],
    ...evidence,
  );
}
