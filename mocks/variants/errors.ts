import { bindings } from '../reference-agent/bindings.ts';
import { invalidParams, type ErrorContent } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { JsonObject } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

const german: Readonly<Record<number, string>> = {
  [-32001]: 'Diesen Auftrag gibt es nicht',
  [-32002]: 'Der Auftrag lässt sich nicht mehr abbrechen',
  [-32004]: 'Das wird nicht unterstützt',
  [-32005]: 'Mit diesem Medientyp kann ich nichts anfangen',
  [-32009]: 'Diese Version spreche ich nicht',
  [-32600]: 'Das ist keine gültige Anfrage',
  [-32601]: 'Unbekannte Methode',
  [-32602]: 'Ungültige Angaben',
  [-32700]: 'Das ist kein JSON',
};

const furtherDetails: readonly JsonObject[] = [
  { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'de', message: 'Das geht so nicht' },
  { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'Docs', url: 'https://example.com' }] },
  { '@type': 'https://example.com/types/Trace', traceId: 'abc', span_id: 7, nested: { parts: [null] } },
];

/** All errors, also those of the envelope, on their way out. */
const inErrors = (change: (error: Record<string, unknown>) => object): Fault => ({
  reply: (envelope) =>
    envelope.error === undefined ? envelope : { ...envelope, error: change({ ...envelope.error }) },
});

const withCode = (from: number, to: number): Fault => ({
  error: (content): ErrorContent => (content.code === from ? { ...content, code: to } : content),
});

/** Every `period`-th call fails inside, for a reason that has gone with the next. */
/** What was asked for is done, and nobody hears of it. */
const losesEvery = (period: number) => (): Fault => {
  let calls = 0;
  const isLost = (): boolean => (calls += 1) % period === 0;
  return {
    httpResponse: (answer) =>
      isLost() ? { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>502 Bad Gateway</h1>' } : answer,
    grpcReply: (reply, { stream }) =>
      !stream && isLost()
        ? {
            ...reply,
            messages: [],
            status: { code: 14, message: 'The connection to the upstream was lost', details: [] },
          }
        : reply,
  };
};

const failsEvery = (period: number, error: ErrorContent) => (): Fault => {
  let calls = 0;
  return { refuse: () => ((calls += 1) % period === 0 ? error : undefined) };
};

const isRequired = ({ description }: { readonly description: string }): boolean =>
  description === 'Required' || description.startsWith('At least one element');

export const errorVariants: readonly Variant[] = [
  {
    id: 'errors/in-german',
    description: 'Messages of errors are German',
    allowedBy: '§3.3.2: a human-readable description; §9.5: "Standard Message" is no keyword',
    fault: inErrors((error) => ({ ...error, message: german[error['code'] as number] ?? 'Fehler' })),
  },
  {
    id: 'errors/minor-versions-served',
    description: 'Every minor version of 1 is served',
    allowedBy: '§3.6.2: which versions an interface supports is the agent’s to say',
    warns: ['errors/version-unsupported'],
    fault: {
      http: (request, _response, next) => {
        if (/^1\.\d+$/.test(String(request.headers['a2a-version']))) request.headers['a2a-version'] = '1.0';
        next();
      },
    },
  },
  {
    id: 'errors/without-details',
    description: 'Errors have a code and a message, no data',
    allowedBy: '§3.3.2: details are optional; §9.5: well-known types SHOULD be used',
    warns: ['envelope/error-info', 'errors/validation-details'],
    fault: inErrors(({ data: _, ...error }) => error),
  },
  {
    id: 'errors/null-details',
    description: 'Errors have data null',
    allowedBy: 'JSON-RPC 2.0 §5.1: a primitive or structured value, which may be omitted',
    warns: ['envelope/error-info', 'errors/validation-details'],
    fault: inErrors((error) => ({ ...error, data: null })),
  },
  {
    id: 'errors/further-details',
    description: 'Errors carry details of other types beside, and members of their own',
    allowedBy: '§9.5: additional error context MAY be included as further objects',
    fault: inErrors((error) => ({
      ...error,
      trace: 'abc',
      data: [...furtherDetails, ...((error['data'] ?? []) as readonly JsonObject[])],
    })),
  },
  {
    id: 'errors/params-as-invalid-request',
    description: 'Wrong parameters are InvalidRequestError (-32600)',
    allowedBy: '§9.5: "Request payload validation error" is its standard message',
    warns: [
      'errors/invalid-params',
      'list/page-size-validated',
      'list/page-token-validated',
      'list/filters-validated',
      'list/history-length-validated',
    ],
    fault: withCode(-32602, -32600),
  },
  {
    id: 'errors/media-type-as-invalid-params',
    description: 'An unsupported media type is InvalidParamsError (-32602)',
    allowedBy: '§3.3.2: an unsupported content type is an example of a validation error',
    warns: ['errors/content-type'],
    fault: {
      error: (content): ErrorContent =>
        content.code === -32005
          ? invalidParams([{ field: 'message.parts[1].mediaType', description: content.message }]).content
          : content,
    },
  },
  {
    id: 'errors/missing-fields-accepted',
    description: 'Messages without required fields are accepted',
    allowedBy: '§5.7: implementations SHOULD reject messages with missing required fields',
    warns: ['errors/missing-required-field'],
    fault: { violations: (found) => found.filter((violation) => !isRequired(violation)) },
  },
  {
    id: 'errors/old-requests-served',
    description: 'The jsonrpc member of a request is not looked at',
    allowedBy: 'JSON-RPC 2.0 §3: servers should consider to handle requests of JSON-RPC 1.0',
    warns: ['errors/invalid-request'],
    fault: { policy: { envelopeVersionIgnored: true } },
  },
  {
    id: 'errors/unknown-fields-refused',
    description: 'A request with fields that the agent does not know is refused',
    allowedBy: '§5.7: implementations SHOULD ignore unrecognized fields',
    warns: ['envelope/unknown-fields'],
    fault: { policy: { unknownFieldsRefused: true } },
  },
  {
    id: 'errors/any-media-type',
    description: 'Parts of any media type are taken',
    allowedBy: '§3.1.1: an error is for what is not supported',
    fault: { policy: { contentTypeIgnored: true } },
  },
  {
    id: 'errors/quoted-booleans-read',
    description: 'The strings "true" and "false" are read as booleans',
    allowedBy: 'parsers of ProtoJSON may be lenient; §3.3.2 only wants that parameters are validated',
    fault: {
      violations: (found, { params }) => {
        const given = (params as { readonly configuration?: { readonly returnImmediately?: unknown } } | null)
          ?.configuration?.returnImmediately;
        const isQuoted = given === 'true' || given === 'false';
        return isQuoted ? found.filter(({ field }) => field !== 'configuration.returnImmediately') : found;
      },
    },
  },
  {
    id: 'errors/strings-read-as-empty-objects',
    description: 'A configuration that is a string is read as one that sets nothing, as protobuf for Python reads it',
    allowedBy: '§5.7: implementations SHOULD ignore what they do not recognize',
    warns: ['errors/invalid-params'],
    fault: { violations: (found) => found.filter(({ field }) => field !== 'configuration') },
  },
  {
    id: 'errors/batches-and-notifications-answered',
    description: 'A batch is answered with an array, a notification with a response of id null',
    allowedBy: 'JSON-RPC 2.0 §6; A2A has no notifications, so one may be taken for a request',
    fault: { policy: { batchAnswered: true, notificationsAnswered: true } },
  },
  {
    id: 'errors/internal-now-and-then',
    description:
      'Every 13th call fails inside (-32603, HTTP 500, INTERNAL), whichever binding it came by, and works when it is made again',
    allowedBy: '§3.3.2: system errors, e.g. a downstream timeout: JSON-RPC -32603',
    options: { bindings },
    fault: failsEvery(13, { code: -32603, message: 'Internal error' }),
  },
  {
    id: 'errors/answers-lost-now-and-then',
    description: 'Every 13th call is done, and its answer lost by a gateway (HTTP 502, UNAVAILABLE)',
    allowedBy: '§3.3.2: system errors; a gateway is none of the agent’s affairs',
    options: { bindings },
    fault: losesEvery(13),
  },
  {
    id: 'errors/busy-now-and-then',
    description: 'Every 13th call is refused by an error of the agent’s own (-32050, HTTP 200)',
    allowedBy: '§9.5: codes from -32001 to -32099; §13.4: an appropriate error where a rate limit is exceeded',
    fault: failsEvery(13, {
      code: -32050,
      message: 'Too many requests, try again',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }],
    }),
  },
  {
    id: 'errors/ids-of-31-bits',
    description: 'A number id that is negative or beyond 31 bits is refused',
    allowedBy: 'RFC 8259 §6: implementations may set limits on the range of numbers',
    warns: ['envelope/string-and-number-ids'],
    fault: {
      reply: (envelope) =>
        typeof envelope.id === 'number' && (envelope.id < 0 || envelope.id >= 2 ** 31)
          ? { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'The id is out of range' } }
          : envelope,
    },
  },
  {
    id: 'versions/patch-refused',
    description: 'A version with a patch number is refused',
    allowedBy: '§14.2.1: the value MUST be in the format Major.Minor',
    warns: ['errors/version-patch'],
    fault: { policy: { patchVersionRefused: true } },
  },
  {
    id: 'versions/headers-only',
    description: 'The version is read from the header field only',
    allowedBy: '§9.2: service parameters MUST be transmitted as HTTP header fields',
    fault: { policy: { versionQueryIgnored: true } },
  },
  {
    id: 'versions/none-is-current',
    description: 'A request without A2A-Version is served as 1.0; one with an empty value is not',
    allowedBy: '§3.6.2 speaks of an empty value only',
    warns: ['errors/version-absent'],
    fault: { policy: { absentVersionAccepted: true } },
  },
  {
    id: 'versions/speaks-0.3-too',
    description: '0.3 is spoken at the same URL, and declared: its methods are others',
    allowedBy: '§3.6.2: several interfaces with different versions under the same URL',
    fault: {
      card: (card) => ({
        ...card,
        supportedInterfaces: card.supportedInterfaces.flatMap((one) => [{ ...one, protocolVersion: '0.3' }, one]),
      }),
      ...methodsOf03(),
    },
  },
  {
    id: 'versions/speaks-0.3-undeclared',
    description: 'Without a version the methods of 0.3 are known, and those of 1.0 are not',
    allowedBy: '§3.6.2: an empty value is 0.3, whose SendMessage is named message/send',
    fault: methodsOf03(),
  },
];

/** What asks for 0.3 is told that there is no such method. */
function methodsOf03(): Fault {
  return {
    reply: (envelope, { request }) => {
      const version = request.headers['a2a-version']?.trim() ?? request.query.get('A2A-Version') ?? '';
      const is03 = version === '' || version.startsWith('0.3');
      return envelope.error?.code === -32009 && is03
        ? { ...envelope, error: { code: -32601, message: 'Method not found' } }
        : envelope;
    },
  };
}
