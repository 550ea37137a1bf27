import { defineCheck, type Need, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import {
  credentialPlaces,
  demandsCredentials,
  demandsMoreThanCertificate,
} from '../../../core/target/card-credentials.ts';
import type { CallOptions, CallResult } from '../../../core/wire/binding-client.ts';
import { tasksIn } from '../list/page.ts';
import { worst } from '../shared/refusal.ts';
import { historyIds } from '../shared/task-parts.ts';
import {
  authorizationSchemes,
  bearerIn,
  forgedTokens,
  invalidCredentials,
  otherScheme,
  userFields,
  withoutCredentials,
} from './credentials.ts';
import { everyOperation, type Attempt } from './every-operation.ts';
import { judgeChallenge, judgeCode, judgeStranger, unrelated, wasServed, type Stranger } from './rejection-judges.ts';

interface Observation {
  readonly missing: readonly Stranger[];
  /** Null where a certificate is all that there is: the harness has no other one to show. */
  readonly invalid: readonly Stranger[] | null;
  /** Null where no scheme of the card is one of tokens. */
  readonly forged: readonly Stranger[] | null;
  readonly otherScheme: readonly Stranger[];
  /** As the user of the run: before everything, before the first wrong credentials, after the last. */
  readonly known: readonly [CallResult, CallResult, CallResult];
  /** Why no more wrong credentials were sent; undefined where all were. */
  readonly stopped: string | undefined;
  /** Of messages that were rejected. */
  readonly rejectedIds: readonly string[];
  /** ListTasks as the user of the run, at the end. */
  readonly listed: CallResult;
  readonly ownId: string;
}

const needsCredentials: Need = {
  description: 'card demands credentials, and the agent serves those of the run',
  decide: ({ target, behaviours }) => {
    if (!demandsCredentials(target)) return { verdict: 'skip', reason: 'the card demands no authentication' };
    if (credentialPlaces(target) === undefined) {
      return {
        verdict: 'untested',
        reason: 'a scheme of the card does not say where credentials are sent',
        hint: 'a request cannot be stripped of what is not known: see agent-card/data-model',
      };
    }
    return behaviours?.elicited.completes
      ? null
      : {
          verdict: 'untested',
          reason: `the agent serves no message: ${behaviours?.missing.completes ?? 'none was found that it completes'}`,
          hint: 'give credentials that it accepts (--bearer, --basic, --api-key, --header), and a message: --stimuli <file>',
        };
  },
};

/**
 * §3.3.2, §7.4, §13.1: whoever is not known is served nothing, whatever the operation. Runs alone: an agent may lock out whoever
 * sends wrong credentials (§13.4), so that few are sent (one an operation, three more of other kinds), and none after a sign of it.
 */
export const authentication = defineCheck({
  id: 'security/authentication',
  title: 'Every operation without credentials, and with wrong ones',
  requirements: [
    'errors/authentication-missing',
    'errors/authentication-invalid',
    'errors/authentication-challenge',
    'security/forged-token',
    'security/other-scheme',
    'security/rejection-code',
    'security/rejected-not-processed',
  ],
  needs: [needsCredentials],
  exclusive: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { target, client } = context;
    const places = credentialPlaces(target) ?? { headers: [], query: [], certificate: false };
    const attempts = await everyOperation(context);
    const basis = attempts.all.find(({ operation }) => operation === 'GetTask') ?? attempts.all[0]!;
    const asUser = (): Promise<CallResult> => basis.call({});
    let stopped: string | undefined;

    const ask = async (attempt: Attempt, kind: string, options: CallOptions): Promise<Stranger | undefined> => {
      if (stopped !== undefined) return undefined;
      const answer = await attempt.call({ ...options, once: true });
      const cause = unrelated(answer);
      if (cause !== undefined && answer.reply.kind !== 'none') stopped = cause;
      const changed = new Set(Object.keys(options.headers ?? {}).map((name) => name.toLowerCase()));
      const fields = userFields(answer.exchange).flatMap(([name]) => (changed.has(name.toLowerCase()) ? [] : [name]));
      const none = Object.fromEntries(fields.map((name) => [name, null]));
      // One that no scheme of the card speaks of, and by which its caller may be known all the same.
      const certificate = target.showsCertificate === true && options.withoutCertificate !== true;
      const others = [...fields, ...(certificate ? ['a client certificate'] : [])];
      const bare =
        wasServed(answer) && others.length > 0
          ? await attempt.call({
              ...options,
              headers: { ...options.headers, ...none },
              withoutCertificate: true,
              once: true,
            })
          : null;
      return { what: `${attempt.operation} ${kind}`, answer, control: attempt.control, others, bare };
    };
    const askAll = async (asked: readonly (() => Promise<Stranger | undefined>)[]): Promise<readonly Stranger[]> => {
      const strangers: Stranger[] = [];
      for (const one of asked) {
        const stranger = await one();
        if (stranger !== undefined) strangers.push(stranger);
      }
      return strangers;
    };

    const first = await asUser();
    const missing = await askAll(
      attempts.all.map((one) => () => ask(one, 'without credentials', withoutCredentials(places))),
    );
    const second = await asUser();
    if (!wasServed(second)) stopped ??= 'the user of the run is not served any more';
    const beside = { ...places, certificate: places.certificate && !demandsMoreThanCertificate(target) };
    const wrong = invalidCredentials(target, beside);
    const invalid =
      wrong === undefined
        ? null
        : await askAll(attempts.all.map((one) => () => ask(one, 'with invalid credentials', wrong)));
    const token = bearerIn(basis.control.exchange);
    const forged = authorizationSchemes(target).includes('bearer')
      ? await askAll(
          forgedTokens(token, Date.now()).map((one) => () => {
            const none = withoutCredentials(beside);
            const headers = { ...none.headers, Authorization: `Bearer ${one.token}` };
            return ask(basis, `with ${one.what}`, { ...none, headers });
          }),
        )
      : null;
    const other = await askAll([() => ask(basis, 'with another scheme', otherScheme(target, beside))]);
    const third = await asUser();

    const message = context.message('completes');
    const own = await client.call('SendMessage', { message });
    const listed = await client.call('ListTasks', { pageSize: 100, historyLength: 100 });
    await attempts.end();
    const served = [...missing, ...(invalid ?? [])].some(({ what, answer }) => /^Send/.test(what) && wasServed(answer));
    return {
      missing,
      invalid,
      forged,
      otherScheme: other,
      known: [first, second, third],
      stopped,
      // What was served is judged as such.
      rejectedIds: served ? [] : attempts.messageIds,
      listed,
      ownId: own.reply.kind === 'result' ? String(message['messageId']) : '',
    };
  },

  judge({ missing, invalid, forged, otherScheme: other, known, stopped, rejectedIds, listed, ownId }) {
    const [first, second, third] = known.map(wasServed);
    const before = first === true && second === true;
    const after = second === true && third === true;
    const all = (strangers: readonly Stranger[], proven: boolean): Judgement =>
      strangers.length === 0
        ? untested(
            `not sent: ${stopped ?? 'there is no operation to send'}`,
            'allow more attempts of this client for the time of a check, or run it again later',
          )
        : summed(strangers.map((stranger) => judgeStranger(stranger, proven, strangers !== missing)));
    const asked = before ? missing : [];
    const everybody = [...asked, ...(after ? [...(invalid ?? []), ...(forged ?? []), ...other] : [])];
    // What was done for a stranger changes what the next one is told.
    const open = everybody.find(({ answer }) => wasServed(answer));
    const how = (strangers: readonly Stranger[], judge: (stranger: Stranger) => Judgement): Judgement =>
      strangers.length === 0
        ? untested('the control failed: the user of the run was not served beside', controlHint)
        : worst(strangers.map(judge));
    return {
      'errors/authentication-missing': all(missing, before),
      'errors/authentication-invalid':
        invalid === null
          ? untested(
              'a client certificate is all that the card wants, and there is no other one to show',
              'run again with another certificate: --cert <file> --key <file>',
            )
          : all(invalid, after),
      'errors/authentication-challenge': how(asked, judgeChallenge),
      'security/forged-token':
        forged === null ? skip('no scheme of the card is one of bearer tokens') : all(forged, after),
      'security/other-scheme': all(other, after),
      'security/rejection-code': how(open === undefined ? everybody : [open], judgeCode),
      'security/rejected-not-processed': judgeNotProcessed(listed, rejectedIds, ownId),
    };
  },
});

const controlHint = 'give credentials that the agent accepts: --bearer, --basic, --api-key, --header';

/** The worst; where all hold, how many there were. */
function summed(judgements: readonly Judgement[]): Judgement {
  const found = worst(judgements);
  const same = judgements.filter(({ kind }) => kind === 'holds');
  return found.kind === 'holds' && same.length > 1
    ? { ...found, reason: `${found.reason}; and ${same.length - 1} others` }
    : found;
}

/** A task whose history has a message that was rejected shows that it was processed all the same. */
function judgeNotProcessed(listed: CallResult, rejectedIds: readonly string[], ownId: string): Judgement {
  const { exchange } = listed;
  const seen = new Set(tasksIn(listed).flatMap((task) => historyIds(task) ?? []));
  const processed = rejectedIds.filter((id) => seen.has(id));
  if (processed.length > 0) {
    return violated(
      {
        reason: 'a message was rejected for its credentials, and processed all the same',
        expected: 'no task with the message in its history',
        actual: `ListTasks shows one with the message ${processed[0]}`,
      },
      exchange,
    );
  }
  if (rejectedIds.length === 0)
    return untested('no message was rejected', 'see errors/authentication-missing', exchange);
  return seen.has(ownId)
    ? holds('of the rejected messages there is no task', exchange)
    : untested(
        'ListTasks does not show the messages of tasks, so that none can be missed',
        'an agent that keeps messages in the history of its tasks shows it',
        exchange,
      );
}
