import { defineCheck } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { parseJson } from '../../../core/invariants/json.ts';
import { readErrorBody } from '../../../core/wire/http-json/error-body.ts';
import { mediaType } from '../../../core/wire/http/event-stream.ts';
import { httpStatusesOf } from '../../../protocol/errors.ts';
import { askForErrors, judgeErrorInfo, type ErrorReading } from '../shared/error-info.ts';

const errorIn = (exchange: Exchange) =>
  exchange.response && readErrorBody(parseJson(exchange.response.body.replace(/^\uFEFF/, '')), mediaType(exchange));

const reading: ErrorReading = {
  detailsOf({ expected, answer: { exchange } }) {
    const error = errorIn(exchange);
    const isExpected = httpStatusesOf(expected).includes(exchange.response?.status ?? 0);
    return error && isExpected ? { details: error.details } : undefined;
  },
  excuse: ({ what, answer: { exchange } }, evidence) =>
    errorIn(exchange)?.form === 'problem'
      ? ambiguous(
          `${what}: the error is written as problem+json, without ErrorInfo`,
          [
            '§11.6: A2A errors MUST carry google.rpc.ErrorInfo',
            '§6.4 and §6.5 show errors as application/problem+json',
          ],
          ...evidence,
        )
      : undefined,
};

/** §11.6: a status is shared by errors of several types, so that each names itself. */
export const errorInfo = defineCheck({
  id: 'http-json/error-info',
  title: 'Errors of A2A name themselves by google.rpc.ErrorInfo',
  requirements: ['http-json/error-info'],
  bindings: ['HTTP+JSON'],
  needs: [needsStimulus('completes')],
  probe: askForErrors,
  judge: (observation) => ({ 'http-json/error-info': judgeErrorInfo(observation, reading) }),
});
