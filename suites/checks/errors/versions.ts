import { defineCheck, type JudgeFacts, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { callThatSucceeds } from '../shared/call-that-succeeds.ts';
import {
  control,
  judgeRefusal,
  mayStandFor,
  otherCause,
  worst,
  type Control,
  type Readings,
} from '../shared/refusal.ts';

const header = 'A2A-Version';

const otherMinor = (version: string): string => `${version.split('.')[0]}.99`;

const minorReadings: Readings = [
  '§3.6.2: the version is matched by Major.Minor, and one that the interface does not support MUST be refused',
  'an agent may take all minor versions of a major one for compatible, and so for supported',
];

interface Observation {
  /** GetTask of an unknown id under the interface's own version: anything but VersionNotSupportedError will do. */
  readonly own: CallResult;
  /** A call that succeeds, and the same call under other versions; null where no call could be made to succeed. */
  readonly versions: Versions | null;
}

interface Versions {
  /** Under the own version, before and after the others. */
  readonly served: readonly CallResult[];
  readonly unsupported: CallResult;
  /** The own major version with a minor one that there is not. */
  readonly minor: CallResult;
  readonly empty: CallResult;
  readonly absent: CallResult;
  readonly patch: CallResult;
  readonly parameter: CallResult;
}

/** §3.6: the version that a request names. */
export const versions = defineCheck({
  id: 'errors/versions',
  title: 'A2A-Version: own, unsupported, empty, absent, with a patch number, as a parameter',
  requirements: [
    'errors/version-served',
    'errors/version-unsupported',
    'errors/version-empty',
    'errors/version-absent',
    'errors/version-patch',
    'errors/version-parameter',
  ],
  // No stimulus: an agent that refuses its own version shows no behaviour at all, and that is a finding.
  needs: [],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const own = await client.call('GetTask', { id: context.id('unknown') });
    if (!context.behaviours.elicited.completes) return { own, versions: null };
    const call = await callThatSucceeds(context);
    const { version } = context.interface;
    const before = await call();
    return {
      own,
      versions: {
        unsupported: await call({ headers: { [header]: '99.0' } }),
        minor: await call({ headers: { [header]: otherMinor(version) } }),
        empty: await call({ headers: { [header]: '' } }),
        absent: await call({ headers: { [header]: null } }),
        patch: await call({ headers: { [header]: `${version}.1` } }),
        parameter: await call({ headers: { [header]: null }, query: { [header]: version } }),
        served: [before, await call()],
      },
    };
  },

  judge({ own, versions: seen }, facts) {
    const served = judgeServed(own);
    if (seen === null) {
      const none = untested('no call succeeded under any version', 'name a stimulus "completes": --stimuli <file>');
      return {
        'errors/version-served': served,
        'errors/version-unsupported': none,
        'errors/version-empty': none,
        'errors/version-absent': none,
        'errors/version-patch': none,
        'errors/version-parameter': none,
      };
    }
    const proof = control('the same call under the own version', ...seen.served);
    return {
      'errors/version-served': served,
      'errors/version-unsupported': worst([
        judgeRefusal({
          what: `${header}: 99.0`,
          answer: seen.unsupported,
          expected: 'VersionNotSupportedError',
          control: proof,
        }),
        judgeRefusal({
          what: `${header}: ${otherMinor(facts.interface?.version ?? '1.0')}`,
          answer: seen.minor,
          expected: 'VersionNotSupportedError',
          control: proof,
          accepted: () => ambiguous('a minor version that there is not was served', minorReadings, seen.minor.exchange),
        }),
      ]),
      'errors/version-empty': judgeAs03(`an empty ${header}`, seen.empty, proof, facts, undefined),
      'errors/version-absent': judgeAs03(`no ${header}`, seen.absent, proof, facts, [
        '§3.6.1: clients of 0.3 send no header, so that none means 0.3, which this interface does not serve',
        '§3.6.2 speaks of an empty value only',
      ]),
      'errors/version-patch': judgePatch(seen.patch, proof),
      'errors/version-parameter': judgeParameter(seen, proof),
    };
  },
});

function judgeServed(own: CallResult): Judgement {
  const { reply, exchange } = own;
  if (reply.kind === 'error' && reply.error.name === 'VersionNotSupportedError') {
    return violated(
      {
        reason: 'the interface refuses the version that the card declares for it',
        expected: 'the request is processed',
        actual: describeReply(reply),
      },
      exchange,
    );
  }
  const cause = otherCause(own);
  if (cause !== undefined || reply.kind === 'malformed') {
    return untested(cause ?? describeReply(reply), 'run again; see --timeout', exchange);
  }
  return holds(`the own version is processed: ${describeReply(reply)}`, exchange);
}

/** What an interface that serves no 0.3 may say to a request of 0.3 with a method that 0.3 does not have. */
const explainedBy03: readonly ErrorName[] = ['MethodNotFoundError', 'InvalidRequestError', 'InvalidParamsError'];

function judgeAs03(
  what: string,
  answer: CallResult,
  proof: Control,
  { target, interface: ref }: JudgeFacts,
  acceptedReadings: Readings | undefined,
): Judgement {
  const all = [...target.interfaces, ...target.unmeasured.map((one) => one.interface)];
  if (all.some(({ version, url }) => version.startsWith('0.') && url === ref?.url)) {
    return skip('the card lists an interface of version 0.x at the same URL');
  }
  const { reply, exchange } = answer;
  if (proof.ok && explainedBy03.some((name) => mayStandFor(answer, name))) {
    return holds(`${what} is not served as 1.0: ${describeReply(reply)}`, exchange);
  }
  return judgeRefusal({
    what,
    answer,
    expected: 'VersionNotSupportedError',
    control: proof,
    accepted: () => (acceptedReadings ? ambiguous(`${what} was served`, acceptedReadings, exchange) : undefined),
  });
}

function judgePatch(answer: CallResult, proof: Control): Judgement {
  const { reply, exchange } = answer;
  const cause = proof.ok ? otherCause(answer) : `the control failed: ${proof.what}`;
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', exchange);
  if (reply.kind === 'result') return holds('a version with a patch number is served', exchange);
  return ambiguous(
    `a version with a patch number is refused: ${describeReply(reply)}`,
    [
      '§3.6: patch numbers MUST not be considered when client and server negotiate',
      '§14.2.1: the value MUST be Major.Minor',
    ],
    exchange,
  );
}

/** A MAY (of clients): never graded. */
function judgeParameter({ parameter, absent }: Versions, proof: Control): Judgement {
  const { reply, exchange } = parameter;
  const cause = proof.ok ? otherCause(parameter) : `the control failed: ${proof.what}`;
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', exchange);
  if (absent.reply.kind === 'result') {
    return untested(
      'the call is served without any version',
      'nothing to enable: the agent reads no version',
      exchange,
    );
  }
  return reply.kind === 'result'
    ? holds('the version is read from the request parameter', exchange)
    : violated(
        {
          reason: 'the version is not read from the request parameter',
          expected: 'a result (MAY)',
          actual: describeReply(reply),
        },
        exchange,
      );
}
