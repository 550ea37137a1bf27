import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { ambiguous, untested, type Judgement } from '../../../core/findings/judgement.ts';
import { allExpressible } from '../shared/expressible.ts';
import { control, judgeRefusal, worst, type Control, type Readings } from '../shared/refusal.ts';
import { makeEnded } from './own-tasks.ts';
import { list, pageIn, tasksIn } from './page.ts';

/** A list that is asked for with one wrong value, and the same without it. */
export interface Case {
  readonly violation: string;
  readonly answer: CallResult;
  /** Why it may be served after all. */
  readonly servedBy?: Readings;
}

interface Observation {
  /** The lists with good values: by page size and state, and from a time on. */
  readonly served: readonly CallResult[];
  readonly pageSizes: readonly Case[];
  readonly tokens: readonly Case[];
  readonly filters: readonly Case[];
  readonly historyLength: Case;
}

/**
 * What many agents make their tokens of: base64 of some values with a bar between them. Always the same, as the other one: by a drawn
 * token it would be chance whether it decodes.
 */
const encodedToken = Buffer.from('no-such-time|no-such-task').toString('base64url');

/** §3.3.2: what is asked is validated first. */
export const validation = defineCheck({
  id: 'list/validation',
  title: 'ListTasks with values that are out of range, or no values of their field',
  requirements: [
    'list/page-size-validated',
    'list/page-token-validated',
    'list/filters-validated',
    'list/history-length-validated',
  ],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const made = await makeEnded(context, undefined);
    const contextId = made?.task.contextId;
    const scope: Params = contextId ? { contextId, pageSize: 10 } : { pageSize: 1, historyLength: 0 };
    const ask = async (violation: string, wrong: Params): Promise<Case> => ({
      violation,
      answer: await client.callMalformed('ListTasks', { ...scope, ...wrong }, violation),
    });
    const first = await list(context, scope);
    return {
      pageSizes: [
        await ask('pageSize is 0', { pageSize: 0 }),
        await ask('pageSize is -1', { pageSize: -1 }),
        await ask('pageSize is 101', { pageSize: 101 }),
        await ask('pageSize is 100000', { pageSize: 100_000 }),
      ],
      tokens: [
        await ask('pageToken is invented', { pageToken: 'no-such-page' }),
        {
          ...(await ask('pageToken decodes to what is no place in a list', { pageToken: encodedToken })),
          servedBy: unknownToken,
        },
      ],
      filters: await allExpressible<Case>([
        async () => ({
          ...(await ask('status is TASK_STATE_GAUNTLET', { status: 'TASK_STATE_GAUNTLET' })),
          ...(context.interface.binding === 'GRPC' ? { servedBy: openEnum } : {}),
        }),
        () => ask('statusTimestampAfter is "yesterday"', { statusTimestampAfter: 'yesterday' }),
      ]),
      historyLength: await ask('historyLength is -1', { historyLength: -1 }),
      served: [
        first,
        await list(context, { ...scope, pageSize: 100, historyLength: 1, status: 'TASK_STATE_COMPLETED' }),
        await list(context, { ...scope, statusTimestampAfter: '2020-01-01T00:00:00.000Z' }),
      ],
    };
  },

  judge({ served, pageSizes, tokens, filters, historyLength }) {
    const proof = control('the same lists with good values', ...served);
    const first = served[0]!;
    return {
      'list/page-size-validated': worst(pageSizes.map((one) => judgeServed(one, proof, clamped))),
      'list/page-token-validated': worst(tokens.map((one) => judgeIgnored(one, first, proof, unknownToken))),
      'list/filters-validated': worst(filters.map((one) => judgeIgnored(one, first, proof, noValue))),
      'list/history-length-validated': judgeServed(historyLength, proof, negative),
    };
  },
});

export const clamped: Readings = [
  '§3.3.2, §6.5: the page size is from 1 to 100, any other value fails validation',
  'a2a.proto: fewer may be returned than asked for: a larger value counts as 100, and 0 as unset',
];

export const negative: Readings = [
  '§3.3.2, §6.5: must be a non-negative integer',
  '§3.2.4 does not say what a negative number means: the agent may take it for 0',
];

export const unknownToken: Readings = [
  '§3.3.2: this is no token of a previous call, and fails validation',
  'a cursor is whatever decodes as one: it names a place between the tasks, and one that nothing is found by ends the list',
];

/** A binary message has the number of an enum value, never its name. */
export const openEnum: Readings = [
  '§3.3.2, §6.5: this is no value of the field, and fails validation',
  'proto3: enums are open; a number that the server does not know may count as unspecified, which filters nothing',
];

export const noValue: Readings = [
  '§3.3.2, §6.5: this is no value of the field, and fails validation',
  'no task has such a value, so the list is empty',
];

const wrongCode = [
  {
    errors: ['InvalidRequestError'],
    readings: [
      '§9.5: the method parameters are invalid: InvalidParamsError (-32602)',
      '§9.5: "Request payload validation error" is the message of InvalidRequestError (-32600)',
    ],
  },
] as const;

/** A value that has a meaning to whoever serves it. */
export function judgeServed({ violation, answer }: Case, proof: Control, readings: Readings): Judgement {
  return judgeRefusal({
    what: violation,
    answer,
    expected: 'InvalidParamsError',
    control: proof,
    tolerated: wrongCode,
    accepted: () => ambiguous(`${violation}: accepted`, readings, answer.exchange),
  });
}

/** A value that has none: to list tasks all the same is to have ignored it. */
export function judgeIgnored(
  { violation, answer, servedBy }: Case,
  first: CallResult,
  proof: Control,
  readings: Readings,
): Judgement {
  const accepted = (): Judgement | undefined => {
    const evidence = [answer.exchange, first.exchange];
    if (pageIn(answer) === undefined) return undefined;
    if (tasksIn(first).length === 0) {
      return untested(`${violation}: there is no task to list`, 'see list/returns-tasks', ...evidence);
    }
    if (servedBy !== undefined) return ambiguous(`${violation}: accepted`, servedBy, ...evidence);
    return tasksIn(answer).length === 0
      ? ambiguous(`${violation}: accepted, with an empty page`, readings, ...evidence)
      : undefined;
  };
  return judgeRefusal({
    what: violation,
    answer,
    expected: 'InvalidParamsError',
    control: proof,
    tolerated: wrongCode,
    accepted,
  });
}
