import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsRequiredExtension, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { otherCause } from '../shared/refusal.ts';
import { declaring } from './extension-header.ts';

interface Observation {
  /** A message with the required extensions. */
  readonly once: CallResult;
  /** The same with each of them twice in the list: nothing is asked for that was not asked for before. */
  readonly twice: CallResult;
}

export function judgeList({ once, twice }: Observation): Judgement {
  const evidence = [twice.exchange, once.exchange];
  if (once.reply.kind !== 'result') {
    return untested('the control failed: the same message with the list once', 'see errors/extensions', ...evidence);
  }
  const { reply } = twice;
  if (reply.kind === 'result') return holds('the required extension is found in a list of several', ...evidence);
  const cause = otherCause(twice);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', ...evidence);
  if (reply.kind === 'error' && mayBe(reply.error, 'ExtensionSupportRequiredError')) {
    return violated(
      {
        reason: 'the required extension is not found in a list of several',
        expected: 'the message served, as with the extension alone',
        actual: describeReply(reply),
      },
      ...evidence,
    );
  }
  return ambiguous(
    `a list that names the required extension twice is refused: ${describeReply(reply)}`,
    ['§3.2.6: the value is a comma-separated list of URIs', 'whether a list may name a URI twice is not said'],
    ...evidence,
  );
}

/** §3.2.6: the value of A2A-Extensions is a comma-separated list. */
export const list = defineCheck({
  id: 'extensions/list',
  title: 'A required extension in a list of several',
  requirements: ['extensions/comma-separated'],
  needs: [needsRequiredExtension, needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { requiredExtensions } = context.target.capabilities;
    const send = async (uris: readonly string[]): Promise<CallResult> => {
      const answer = await context.send('completes', {}, declaring(uris));
      await cancelTaskIn(context, answer);
      return answer;
    };
    return { once: await send(requiredExtensions), twice: await send([...requiredExtensions, ...requiredExtensions]) };
  },

  judge: (observation) => ({ 'extensions/comma-separated': judgeList(observation) }),
});
