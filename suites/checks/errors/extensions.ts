import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import { anotherVersionOf, declaring } from '../extensions/extension-header.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, errorLabel, judgeRefusal, otherCause } from '../shared/refusal.ts';

const unknownExtension = 'https://a2a-gauntlet.invalid/extensions/no-such-extension/v1';

interface Observation {
  /** A message with the extensions that the card requires (or none). */
  readonly served: CallResult;
  /** The same with an extension more that nobody has. */
  readonly unknown: CallResult;
  /** Where the card requires extensions: without declaring any, and with another version of them. */
  readonly undeclared: CallResult | null;
  readonly otherVersion: CallResult | null;
}

const notRequired = 'the card marks no extension as required';

/** §3.3.4, §4.6.3: extensions that a request declares, or does not. */
export const extensions = defineCheck({
  id: 'errors/extensions',
  title: 'A2A-Extensions: required ones missing, in another version, unknown ones',
  requirements: ['errors/extension-required', 'errors/extension-version', 'errors/extension-unknown'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const required = context.target.capabilities.requiredExtensions;
    const send = async (uris: readonly string[]): Promise<CallResult> => {
      const answer = await context.send('completes', {}, declaring(uris));
      await cancelTaskIn(context, answer);
      return answer;
    };
    return {
      served: await send(required),
      unknown: await send([...required, unknownExtension]),
      undeclared: required.length > 0 ? await send([]) : null,
      otherVersion: required.length > 0 ? await send(required.map(anotherVersionOf)) : null,
    };
  },

  judge({ served, unknown, undeclared, otherVersion }) {
    const proof = control('the same message with the extensions that the card requires', served);
    return {
      'errors/extension-required':
        undeclared === null
          ? skip(notRequired)
          : judgeRefusal({
              what: 'a message that does not declare the required extension',
              answer: undeclared,
              expected: 'ExtensionSupportRequiredError',
              control: proof,
            }),
      'errors/extension-version': otherVersion === null ? skip(notRequired) : judgeOtherVersion(otherVersion, served),
      'errors/extension-unknown': judgeUnknown(unknown, served),
    };
  },
});

function judgeOtherVersion(answer: CallResult, served: CallResult): Judgement {
  const what = 'a message that declares another version of the required extension';
  const { reply, exchange } = answer;
  const proof = control('the same message with the version of the card', served);
  const other = reply.kind === 'error' && !mayBe(reply.error, 'ExtensionSupportRequiredError');
  if (!other || !proof.ok || otherCause(answer) !== undefined) {
    return judgeRefusal({ what, answer, expected: 'ExtensionSupportRequiredError', control: proof });
  }
  return ambiguous(
    `${what}: ${describeReply(reply)}`,
    [
      `§3.3.4: ${errorLabel('ExtensionSupportRequiredError', exchange)}`,
      '§4.6.3: an error indicating unsupported extension, which is not named',
    ],
    exchange,
  );
}

function judgeUnknown(unknown: CallResult, served: CallResult): Judgement {
  const { reply, exchange } = unknown;
  const cause =
    served.reply.kind === 'result' ? otherCause(unknown) : 'the control failed: the same message without the extension';
  if (cause !== undefined) return untested(cause, 'see the exchange of the control', served.exchange, exchange);
  if (reply.kind === 'result') return holds('an unknown extension is ignored, the message served', exchange);
  return violated(
    {
      reason: 'a message is refused because it declares an extension that the agent does not have',
      expected: 'the extension is ignored and the message served',
      actual: describeReply(reply),
    },
    exchange,
    served.exchange,
  );
}
