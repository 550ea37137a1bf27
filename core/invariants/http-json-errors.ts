import type { PatchRelease } from '../../protocol/errors.ts';
import { excerpt } from '../../protocol/schemas/problem.ts';
import { header, type Exchange, type History } from '../history/exchange.ts';
import { isPlainCoding, mediaType, operationOf } from '../wire/http/event-stream.ts';
import { httpJsonCodec } from '../wire/http-json/codec.ts';
import { readErrorBody, type ErrorBody } from '../wire/http-json/error-body.ts';
import { defineInvariant } from './invariant.ts';
import { isObject, parseJson } from './json.ts';
import { judgeInstances, mediaTypeReadings, unlessAllowed, type Defect, type Instance } from './tally.ts';

const hint = 'no request of the run was answered with an error over HTTP+JSON';

/** Statuses with which an operation of the table may be refused; others are of what is on the way. */
const ofOperations: ReadonlySet<number> = new Set([400, 404, 409, 422]);

interface Refused {
  readonly exchange: Exchange;
  readonly status: number;
  /** Undefined for a body that nobody means as an error of the API. */
  readonly error: ErrorBody | undefined;
}

const isOver = ({ interface: ref, intent }: Exchange): boolean =>
  ref?.binding === 'HTTP+JSON' && intent.kind !== 'fetch';

/** Plain answers that are errors, or have the status of one. */
function refusals({ exchanges }: History): readonly Refused[] {
  return exchanges.filter(isOver).flatMap((exchange): Refused[] => {
    const { response, endedBy, events } = exchange;
    if (response === null || endedBy !== 'server' || response.truncated || events.length > 0) return [];
    if (!isPlainCoding(exchange)) return [];
    const error = readErrorBody(parseJson(response.body.replace(/^\uFEFF/, '')), mediaType(exchange));
    const { status } = response;
    return status >= 300 || error?.form === 'status' ? [{ exchange, status, error }] : [];
  });
}

/** A result, or an error that no web server makes. */
function isServed(exchange: Exchange): boolean {
  if (!isOver(exchange) || exchange.response === null) return false;
  const reply = httpJsonCodec.decodeReply(exchange);
  return reply.kind === 'result' || (reply.kind === 'error' && reply.error.name !== undefined);
}

/** Operation, method and depth of the path: of two ways to write a request one may be unknown to the server. */
function routeOf(exchange: Exchange): string {
  const { method, url } = exchange.request;
  return [operationOf(exchange), method, URL.parse(url)?.pathname.split('/').length].join(' ');
}

/**
 * Errors whose body is the agent's: those that are written as §11.6 says, and other ones for well-formed operations by a route
 * that was otherwise answered in the terms of the binding. The rest was refused by a web server (an unknown path, a body too
 * large) or on the way.
 */
function ofAgent(all: readonly Refused[], history: History): readonly Refused[] {
  const spoken = new Set(history.exchanges.filter(isServed).map(routeOf));
  return all.filter(
    ({ exchange, status, error }) =>
      error?.form === 'status' ||
      (exchange.intent.kind === 'operation' && ofOperations.has(status) && spoken.has(routeOf(exchange))),
  );
}

const problemReadings: Defect['readings'] = [
  '§11.6: HTTP error responses use google.rpc.Status',
  '§6.4 and §6.5 show errors as application/problem+json',
];

function wrongBody({ exchange: { response }, status, error }: Refused): Defect | undefined {
  const expected = '{"error": {"code": …, "message": "…"}}';
  const actual = `HTTP ${status}: ${excerpt(parseJson(response!.body) ?? response!.body)}`;
  if (error === undefined || error.form === 'bare') return { expected, actual };
  if (error.form === 'problem') return { expected, actual, readings: problemReadings };
  return typeof error.code === 'number' && typeof error.message === 'string' ? undefined : { expected, actual };
}

const codeReadings: Defect['readings'] = [
  '§11.6: the error code is mapped to the HTTP status and to error.code',
  'google.rpc.Status.code is a value of google.rpc.Code',
];

/** OK to UNAUTHENTICATED. */
const isRpcCode = (code: unknown): boolean =>
  typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 16;

function otherCode({ status, error }: Refused): Defect | undefined {
  const { code } = error!;
  if (code === status) return undefined;
  const defect = { expected: `error.code ${status}`, actual: `error.code ${excerpt(code)} under HTTP ${status}` };
  return isRpcCode(code) ? { ...defect, readings: codeReadings } : defect;
}

function malformedDetails({ error }: Refused): Defect | undefined {
  const { details } = error!;
  const expected = 'an array of objects that each carry @type';
  if (!Array.isArray(details)) return { expected, actual: `details ${excerpt(details)}` };
  const wrong = details.findIndex((detail) => !isObject(detail) || typeof detail['@type'] !== 'string');
  return wrong === -1 ? undefined : { expected, actual: `details[${wrong}] ${excerpt(details[wrong])}` };
}

/** Requests of the type of v1.0.1, with whether they were refused for it. */
function a2aJsonRequests({ exchanges }: History, patch: PatchRelease | undefined): readonly Instance[] {
  const posted = exchanges.filter(
    (exchange) =>
      isOver(exchange) &&
      exchange.intent.kind === 'operation' &&
      exchange.response !== null &&
      header(exchange.request.headers, 'content-type') === 'application/a2a+json',
  );
  return posted.map((exchange): Instance => {
    const reply = httpJsonCodec.decodeReply(exchange);
    const named = reply.kind === 'error' && reply.error.name !== undefined;
    if (exchange.response!.status !== 415 || named) return { exchanges: [exchange] };
    const defect = { expected: 'the request is served', actual: 'HTTP 415', readings: mediaTypeReadings };
    return { exchanges: [exchange], defect: unlessAllowed('1.0.0', patch, defect) };
  });
}

/** §11.6: how errors are written. */
export const httpJsonErrors = defineInvariant({
  id: 'invariants/http-json-errors',
  title: 'Errors over HTTP+JSON are google.rpc.Status, with the HTTP status as code and typed details',
  provenance: { kind: 'spec' },
  requirements: [
    'http-json/error-body',
    'http-json/error-code',
    'http-json/error-details',
    'http-json/request-content-type',
  ],
  judge(history, { specPatch }) {
    const all = ofAgent(refusals(history), history);
    const instances = (of: readonly Refused[], defectOf: (refused: Refused) => Defect | undefined): Instance[] =>
      of.map((refused) => ({ exchanges: [refused.exchange], defect: defectOf(refused) }));
    const written = all.filter(({ error }) => error?.form === 'status');
    return {
      'http-json/error-body': judgeInstances(instances(all, wrongBody), {
        counted: 'errors',
        wrong: 'are no google.rpc.Status',
        right: 'a google.rpc.Status',
        hint,
      }),
      'http-json/error-code': judgeInstances(
        // A code of another type is a defect of the body.
        instances(
          written.filter(({ error }) => typeof error!.code === 'number'),
          otherCode,
        ),
        { counted: 'errors', wrong: 'have another error.code than their HTTP status', hint },
      ),
      'http-json/error-details': judgeInstances(
        instances(
          written.filter(({ error }) => error!.details !== undefined && error!.details !== null),
          malformedDetails,
        ),
        {
          counted: 'errors with details',
          wrong: 'have details that are no array of typed objects',
          right: 'with an array of typed objects',
          hint: 'no error of the run carried details: see http-json/error-info',
        },
      ),
      'http-json/request-content-type': judgeInstances(a2aJsonRequests(history, specPatch), {
        counted: 'requests of type application/a2a+json',
        wrong: 'were refused for their type',
        hint: 'no request with a body was answered',
      }),
    };
  },
});
