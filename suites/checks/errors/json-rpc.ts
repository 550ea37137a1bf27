import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { unknownTaskParams } from '../shared/raw-params.ts';
import { errorLabel, judgeRefusal, worst, type Control } from '../shared/refusal.ts';
import { isServed, isUnderstood, wellFormedCalls } from '../shared/served.ts';

/** One request that is no Request object, wrong in one way. */
interface Case {
  readonly violation: string;
  readonly answer: CallResult;
  /** Another error whose description in the table fits the fault too. */
  readonly arguable?: ErrorName;
}

interface Observation {
  /** Well-formed requests until one was served. */
  readonly wellFormed: readonly CallResult[];
  readonly notJson: readonly Case[];
  /** No JSON, but what a lenient parser reads (RFC 8259 §9 lets it). */
  readonly nearlyJson: readonly Case[];
  readonly notRequest: readonly Case[];
  /** Wrong in the jsonrpc member alone: their meaning is clear, and another reading serves them. */
  readonly otherVersion: readonly Case[];
  readonly unknownMethod: readonly Case[];
}

const unknownMethod = 'GauntletNoSuchMethod';

/** §9.5: the standard errors of JSON-RPC 2.0 below the level of parameters. */
export const jsonRpc = defineCheck({
  id: 'errors/json-rpc',
  title: 'Requests that are no JSON, no Request object, or name no method',
  requirements: ['errors/parse-error', 'errors/invalid-request', 'errors/method-not-found'],
  bindings: ['JSONRPC'],
  needs: [],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const params = unknownTaskParams(context);
    const ask = async (violation: string, body: string, arguable?: ErrorName): Promise<Case> => ({
      violation,
      answer: await client.raw({ body, violation }),
      ...(arguable === undefined ? {} : { arguable }),
    });
    const request = (members: Readonly<Record<string, unknown>>): string =>
      JSON.stringify({ jsonrpc: '2.0', id: context.id('rpc'), method: 'GetTask', params, ...members });
    const wellFormed = await wellFormedCalls(context);
    return {
      wellFormed,
      notJson: [await ask('JSON cut off before its end', request({}).slice(0, -1))],
      nearlyJson: [await ask('member names without quotes', '{jsonrpc: "2.0", id: 1, method: "GetTask"}')],
      notRequest: [
        await ask('no method', request({ method: undefined }), 'MethodNotFoundError'),
        await ask('method is a number', request({ method: 42 }), 'MethodNotFoundError'),
        await ask('params is a string', request({ params: 'id' }), 'InvalidParamsError'),
        // RFC 4627, which JSON-RPC 2.0 names, has objects and arrays only as texts.
        await ask('a number as the whole body', '42', 'JSONParseError'),
      ],
      otherVersion: [
        await ask('no jsonrpc member', request({ jsonrpc: undefined })),
        await ask('jsonrpc is "1.0"', request({ jsonrpc: '1.0' })),
      ],
      unknownMethod: [
        await ask('an unknown method', request({ method: unknownMethod }), 'UnsupportedOperationError'),
        // JSON-RPC 2.0 §4: params may be omitted, and of an unknown method nobody knows that it needs some.
        await ask(
          'an unknown method without params',
          request({ method: unknownMethod, params: undefined }),
          'UnsupportedOperationError',
        ),
      ],
    };
  },

  judge({ wellFormed, notJson, nearlyJson, notRequest, otherVersion, unknownMethod: unknown }) {
    const control: Control = {
      what: 'the same request, well-formed, is served',
      ok: wellFormed.some(isUnderstood),
      results: wellFormed,
    };
    const refused = (expected: ErrorName, { violation, answer, arguable }: Case): Judgement =>
      judgeRefusal({
        what: violation,
        answer,
        expected,
        control,
        tolerated: arguable
          ? [
              {
                errors: [arguable],
                readings: [
                  `the table of §9.5 describes the fault as ${errorLabel(expected, answer.exchange)}`,
                  `the description of ${errorLabel(arguable, answer.exchange)} fits it too`,
                ],
              },
            ]
          : [],
      });
    const lenient = (one: Case): Judgement =>
      control.ok && isServed(one.answer)
        ? ambiguous(
            `${one.violation}: the request was served`,
            [
              '§9.5: what is no valid Request object is answered with InvalidRequestError (-32600)',
              'JSON-RPC 2.0 §3: servers should consider to handle requests of JSON-RPC 1.0, which have no jsonrpc member',
            ],
            one.answer.exchange,
          )
        : refused('InvalidRequestError', one);
    // Gson, which many JVM agents read JSON with, is such a parser; there are no params in it, so it may find fault with that.
    const extended = (one: Case): Judgement =>
      control.ok && isUnderstood(one.answer)
        ? ambiguous(
            `${one.violation}: understood: ${describeReply(one.answer.reply)}`,
            [
              '§9.5: invalid JSON is answered with JSONParseError (-32700)',
              'RFC 8259 §9: a parser MAY accept non-JSON forms or extensions',
            ],
            one.answer.exchange,
          )
        : refused('JSONParseError', one);
    return {
      'errors/parse-error': worst([
        ...notJson.map((one) => refused('JSONParseError', one)),
        ...nearlyJson.map(extended),
      ]),
      'errors/invalid-request': worst([
        ...notRequest.map((one) => refused('InvalidRequestError', one)),
        ...otherVersion.map(lenient),
      ]),
      'errors/method-not-found': worst(unknown.map((one) => refused('MethodNotFoundError', one))),
    };
  },
});
