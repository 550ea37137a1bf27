import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import type { Operation } from '../../../protocol/operations.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { allExpressible } from '../shared/expressible.ts';
import {
  control,
  errorLabel,
  judgeRefusal,
  otherCause,
  worst,
  type Control,
  type Readings,
} from '../shared/refusal.ts';

/** A request with params that are wrong in one way. */
export interface WrongParams {
  readonly violation: string;
  readonly answer: CallResult;
  /** Why it may be served after all. */
  readonly servedBy?: Readings;
}

interface Case extends WrongParams {
  /** The JSON name of the field that is wrong. */
  readonly field: string;
}

interface Observation {
  /** The same operations with good params. */
  readonly served: readonly CallResult[];
  readonly wrongType: readonly Case[];
  readonly missing: readonly Case[];
}

/** ProtoJSON: null is the default value of a field; of an element of a list it is a matter of the parser. */
const nullPart: Readings = [
  '§3.3.2: null is no Part, and fails validation',
  'ProtoJSON: null stands for a value that is not set, here a Part without a content',
];

export const oneContent: Readings = [
  '§3.3.2, a2a.proto Part.content: a oneof has one member, and more fail validation',
  'a parser may let the last member of a oneof win',
];

/** protobuf's own parser for Python does so where it is told to ignore unknown fields, which §5.7 recommends. */
export const emptyMessage: Readings = [
  '§3.3.2, §13.4, a2a.proto: the field is an object, and a string fails validation',
  '§5.7: what is not recognized is ignored: read so, a string is an object without any known field',
];

/** §3.3.2, §5.7, §9.5, §13.4: what is asked is validated first. */
export const params = defineCheck({
  id: 'errors/params',
  title: 'Parameters of a wrong type, and without a required field',
  requirements: ['errors/invalid-params', 'errors/missing-required-field', 'errors/validation-details'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const sent = await context.send('completes');
    const task = context.taskOf(sent);
    const ask = async (operation: Operation, violation: string, field: string, wrong: unknown): Promise<Case> => {
      const answer = await client.callMalformed(operation, wrong, violation);
      if (operation === 'SendMessage') await cancelTaskIn(context, answer);
      return { violation, field, answer };
    };
    const message = (changed: Params) => ({ message: { ...context.message('completes'), ...changed } });
    const without = (field: string) => {
      const { [field]: _, ...rest } = context.message('completes');
      return { message: rest };
    };
    const [part] = context.message('completes')['parts'] as readonly Params[];
    // What stands in a path is text, whatever it says, and without it the path is another one.
    const idInPath = context.interface.binding === 'HTTP+JSON';
    const twice = { text: 'gauntlet', url: 'https://example.com/gauntlet' };
    return {
      // Of a binary binding types are part of the encoding: it has no way to say a wrong one.
      wrongType: await allExpressible<Case>([
        ...(idInPath ? [] : [() => ask('GetTask', 'id is an object', 'id', { id: { id: task.id } })]),
        () => ask('GetTask', 'historyLength is a word', 'historyLength', { id: task.id, historyLength: 'many' }),
        async () => ({
          ...(await ask('SendMessage', 'message is a string', 'message', { message: 'hello' })),
          servedBy: emptyMessage,
        }),
        () => ask('SendMessage', 'parts is a string', 'parts', message({ parts: 'hello' })),
        () =>
          ask('SendMessage', 'text of a part is an object', 'text', message({ parts: [{ ...part, text: { a: 1 } }] })),
        async () => ({
          ...(await ask('SendMessage', 'a part is null', 'parts', message({ parts: [null] }))),
          servedBy: nullPart,
        }),
        async () => ({
          ...(await ask('SendMessage', 'a part has two contents', 'parts', message({ parts: [twice] }))),
          servedBy: oneContent,
        }),
        async () => ({
          ...(await ask('SendMessage', 'configuration is a string', 'configuration', {
            ...message({}),
            configuration: 'fast',
          })),
          servedBy: emptyMessage,
        }),
        () =>
          ask('SendMessage', 'returnImmediately is a word', 'returnImmediately', {
            ...message({}),
            configuration: { returnImmediately: 'sometimes' },
          }),
      ]),
      missing: [
        ...(idInPath ? [] : [await ask('GetTask', 'no id', 'id', {})]),
        await ask('SendMessage', 'no message', 'message', {}),
        await ask('SendMessage', 'no messageId', 'messageId', without('messageId')),
        await ask('SendMessage', 'no role', 'role', without('role')),
        // Read by ProtoJSON an unknown name is an error, or as good as no role.
        await ask('SendMessage', 'a role that does not exist', 'role', message({ role: 'ROLE_GAUNTLET' })),
        await ask('SendMessage', 'no parts', 'parts', without('parts')),
        await ask('SendMessage', 'parts is empty', 'parts', message({ parts: [] })),
      ],
      served: [sent, await client.call('GetTask', { id: task.id })],
    };
  },

  judge({ served, wrongType, missing }) {
    const proof = control('the same operations with good params', ...served);
    return {
      'errors/invalid-params': worst(wrongType.map((one) => judgeWrongType(one, proof))),
      'errors/missing-required-field': worst(missing.map((one) => judgeMissing(one, proof))),
      'errors/validation-details': worst([...wrongType, ...missing].map(judgeDetails)),
    };
  },
});

export function judgeWrongType({ violation, answer, servedBy }: WrongParams, proof: Control): Judgement {
  return judgeRefusal({
    what: violation,
    answer,
    expected: 'InvalidParamsError',
    control: proof,
    accepted: () => servedBy && ambiguous(`${violation}: accepted`, servedBy, answer.exchange),
    tolerated: [
      {
        errors: ['InvalidRequestError'],
        readings: [
          '§3.3.2, §9.5: the parameters are invalid: a validation error (JSON-RPC: -32602)',
          '§9.5: "Request payload validation error" is the message of InvalidRequestError (-32600)',
        ],
      },
      {
        errors: ['TaskNotFoundError'],
        readings: [
          '§3.3.2: a value of a wrong type fails validation',
          'the value was read as the id of a task, and there is no such task',
        ],
      },
    ],
  });
}

/** Any rejection will do, but a crash (InternalError) is none. */
export function judgeMissing({ violation, answer }: WrongParams, proof: Control): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...proof.results.map((result) => result.exchange)];
  if (!proof.ok) return untested(`the control failed: ${proof.what}`, 'see the exchange of the control', ...evidence);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(`${violation}: ${cause}`, 'run again; see --timeout', ...evidence);
  if (reply.kind === 'error' && reply.error.name !== 'InternalError') {
    return holds(`${violation} is rejected: ${describeReply(reply)}`, exchange);
  }
  if (reply.kind === 'result') {
    return ambiguous(
      `${violation}: the message was accepted`,
      [
        '§3.3.2, §13.4: all input parameters MUST be validated',
        '§5.7: messages with missing required fields SHOULD be rejected',
      ],
      ...evidence,
    );
  }
  return violated(
    {
      reason: `${violation} is not rejected in order`,
      expected: errorLabel('InvalidParamsError', exchange),
      actual: describeReply(reply),
    },
    ...evidence,
  );
}

function judgeDetails({ violation, field, answer: { reply, exchange } }: Case): Judgement {
  if (reply.kind !== 'error' || !mayBe(reply.error, 'InvalidParamsError')) {
    return untested(`${violation}: no validation error to read`, 'see errors/invalid-params', exchange);
  }
  const said = `${reply.error.message} ${JSON.stringify(reply.error.details) ?? ''}`;
  if (mentions(said, field)) return holds(`${violation}: the error names "${field}"`, exchange);
  return violated(
    {
      reason: `${violation}: the error does not say which parameter`,
      expected: `"${field}" in the message or the details`,
      actual: describeReply(reply),
    },
    exchange,
  );
}

/** `messageId`, `message_id`, `message id`; `id` as a word of its own, or at the end of one (`taskId`, `task_id`). */
export function mentions(said: string, field: string): boolean {
  if (field === 'id') return /(?:\b|_)id\b|[a-z]Id\b|ID\b/.test(said);
  return new RegExp(
    field.replace(/[A-Z]/g, (letter) => `[ _-]?${letter}`),
    'i',
  ).test(said);
}
