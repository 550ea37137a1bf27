import { a2aErrors, type A2AErrorName, type ErrorName } from '../../../protocol/errors.ts';
import { isObject } from '../../invariants/json.ts';
import { hasForeignReason, namedByReason } from '../error-reason.ts';
import type { ProtocolError } from '../reply.ts';

/**
 * How the body of an error is written: `status` is the one of §11.6; the examples of §6.4 and §6.5 show `problem` (RFC 9457);
 * `bare` is `google.rpc.Status` without the member `error` around it.
 */
export type ErrorForm = 'status' | 'problem' | 'bare';

/** The members of an error as received. */
export interface ErrorBody {
  readonly form: ErrorForm;
  readonly code: unknown;
  readonly message: unknown;
  readonly details: unknown;
  /** Of a problem: the URI that names it. */
  readonly type: unknown;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** Reads a JSON value as an error; undefined where it is none that anybody means as an error of this binding. */
export function readErrorBody(value: unknown, mediaType: string | undefined): ErrorBody | undefined {
  if (!isObject(value) || 'jsonrpc' in value) return undefined;
  if (isObject(value['error'])) {
    const { code, message, details } = value['error'];
    return { form: 'status', code, message, details, type: undefined };
  }
  const { type, title, status, detail, code, message, details } = value;
  const isProblem =
    mediaType === 'application/problem+json' || (typeof status === 'number' && [type, title, detail].some(isText));
  // §6.5 shows the faults of a validation as `errors`.
  if (isProblem) return { form: 'problem', code: status, message: detail ?? title, details: value['errors'], type };
  if (typeof code === 'number' && isText(message)) return { form: 'bare', code, message, details, type: undefined };
  return undefined;
}

const definitions = Object.values(a2aErrors);

/** `https://a2a-protocol.org/errors/version-not-supported`, as in the example of §6.4. */
function namedByType(type: unknown): A2AErrorName | undefined {
  const last = typeof type === 'string' ? type.split('/').at(-1)!.toUpperCase().replaceAll('-', '_') : undefined;
  return definitions.find(({ reason }) => reason === last)?.name;
}

/** Validation has no error of A2A's own: 400, without an ErrorInfo of A2A (§3.3.2). */
const validation: readonly ErrorName[] = ['InvalidParamsError', 'InvalidRequestError', 'JSONParseError'];

/**
 * What an error may be that does not name itself. A status is shared by several errors of the table (§11.6), and a web server
 * has 404 for paths that it does not know: so a status alone names no A2A error, only what is none.
 */
function byStatus(status: number, otherReason: boolean): Pick<ProtocolError, 'name' | 'possible'> {
  if (status === 422) return { name: 'InvalidParamsError' };
  if (status >= 500 && status !== 501) return { name: 'InternalError' };
  const inTable = definitions.filter(({ http }) => Object.values(http).includes(status)).map(({ name }) => name);
  const possible = [...(otherReason ? [] : inTable), ...(status === 400 ? validation : [])];
  return { name: undefined, ...(possible.length === 0 ? {} : { possible }) };
}

/** The error that a body says, under an HTTP status; of an event, that stands under none, its own code counts. */
export function errorOf({ code, message, details, type }: ErrorBody, status: number | undefined): ProtocolError {
  const own = typeof code === 'number' || typeof code === 'string' ? code : 'no code';
  const shown = status !== undefined && status >= 300 ? status : own;
  const name = namedByReason(details) ?? namedByType(type);
  return {
    ...(name === undefined ? byStatus(typeof shown === 'number' ? shown : 0, hasForeignReason(details)) : { name }),
    code: shown,
    message: typeof message === 'string' ? message : '',
    details,
  };
}
