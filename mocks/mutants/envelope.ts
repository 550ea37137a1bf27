import type { Envelope, Fault } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';
import { rewriteObjects, rewriteStrings } from './rewrite.ts';

const envelopeInvariant = 'invariants/json-rpc-envelope';
const errorsInvariant = 'invariants/json-rpc-errors';
const transportInvariant = 'invariants/json-rpc-transport';
const representationInvariant = 'invariants/representation';

/** The same change to plain answers and to the events of streams. */
const everyEnvelope = (change: (envelope: Envelope) => object): Fault => ({
  reply: change,
  streamEnvelope: change,
});

const everyError = (change: (error: NonNullable<Envelope['error']>) => unknown): Fault =>
  everyEnvelope((envelope) => (envelope.error ? { ...envelope, error: change(envelope.error) } : envelope));

const isA2aCode = (code: number): boolean => code <= -32001 && code >= -32099;

const typeOf = (detail: unknown): unknown => (detail as { '@type'?: unknown })['@type'];

/** Changes the details of one type. */
const everyDetail = (type: string, change: (detail: object) => object): Fault =>
  everyError((error) => ({
    ...error,
    ...(Array.isArray(error.data)
      ? {
          data: (error.data as object[]).map((detail) =>
            String(typeOf(detail)).endsWith(type) ? change(detail) : detail,
          ),
        }
      : {}),
  }));

export const envelopeMutants: readonly Mutant[] = [
  {
    id: 'envelope/version-left-out',
    description: 'Plain answers have no jsonrpc member',
    breaks: ['envelope/version'],
    killedBy: [envelopeInvariant],
    fault: { reply: ({ jsonrpc: _, ...envelope }) => envelope },
  },
  {
    id: 'envelope/version-as-number',
    description: 'jsonrpc is the number 2 in stream events',
    breaks: ['envelope/version'],
    killedBy: [envelopeInvariant],
    fault: { streamEnvelope: (envelope) => ({ ...envelope, jsonrpc: 2 }) },
  },
  {
    id: 'envelope/id-as-text',
    description: 'Number ids come back as strings',
    breaks: ['envelope/id-echoed'],
    killedBy: [envelopeInvariant],
    fault: everyEnvelope((envelope) => ({ ...envelope, id: envelope.id === null ? null : String(envelope.id) })),
  },
  {
    id: 'envelope/parameter-names-with-case',
    description: 'A2A-Version is read under that spelling alone',
    breaks: ['envelope/parameter-case'],
    killedBy: ['envelope/parameter-case'],
    fault: {
      http: (request, _, next) => {
        if (!request.rawHeaders.includes('A2A-Version')) delete request.headers['a2a-version'];
        next();
      },
    },
  },
  {
    id: 'envelope/params-demanded',
    description: 'A request without params is answered as if it could not be parsed',
    breaks: ['envelope/params-omitted'],
    killedBy: ['envelope/params-omitted'],
    // Without such a card the answer comes before authentication.
    profile: 'minimal',
    fault: {
      reply: (envelope, { method, params }) =>
        method === 'GetExtendedAgentCard' && params === undefined
          ? { jsonrpc: '2.0', id: envelope.id, error: { code: -32700, message: 'unexpected end of JSON input' } }
          : envelope,
    },
  },
  {
    id: 'envelope/falsy-id-lost',
    description: 'The ids 0 and "" come back as null',
    breaks: ['envelope/id-echoed'],
    killedBy: [envelopeInvariant],
    fault: everyEnvelope((envelope) => ({ ...envelope, id: envelope.id || null })),
  },
  {
    id: 'envelope/id-lost-in-streams',
    description: 'Stream events have no id',
    breaks: ['envelope/id-echoed'],
    killedBy: [envelopeInvariant],
    fault: { streamEnvelope: ({ id: _, ...envelope }) => envelope },
  },
  {
    id: 'envelope/unreadable-id-zero',
    description: 'Where the id cannot be read it is answered as 0',
    breaks: ['envelope/id-null'],
    killedBy: [envelopeInvariant, 'envelope/ids'],
    fault: { reply: (envelope, { errorCode }) => (errorCode === -32700 ? { ...envelope, id: 0 } : envelope) },
  },
  {
    id: 'envelope/unreadable-id-left-out',
    description: 'Where the id cannot be read the answer has none',
    breaks: ['envelope/id-null'],
    killedBy: [envelopeInvariant, 'envelope/ids'],
    fault: {
      reply: (envelope, { errorCode }) => {
        const { id: _, ...withoutId } = envelope;
        return errorCode === -32700 ? withoutId : envelope;
      },
    },
  },
  {
    id: 'envelope/falsy-id-refused',
    description: 'The ids 0 and "" count as missing: invalid request',
    breaks: ['envelope/string-and-number-ids'],
    killedBy: ['envelope/ids'],
    fault: {
      reply: (envelope) =>
        envelope.id === 0 || envelope.id === ''
          ? { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'id is required' } }
          : envelope,
    },
  },
  {
    id: 'envelope/null-id-is-notification',
    description: 'A request with id null is not answered',
    breaks: ['envelope/null-id-answered'],
    killedBy: ['envelope/ids'],
    fault: { policy: { nullIdIsNotification: true } },
  },
  {
    id: 'envelope/result-with-null-error',
    description: 'Results have an error member beside, null',
    breaks: ['envelope/result-or-error'],
    killedBy: [envelopeInvariant],
    fault: everyEnvelope((envelope) => (envelope.error ? envelope : { ...envelope, error: null })),
  },
  {
    id: 'envelope/error-with-null-result',
    description: 'Errors have a result member beside, null',
    breaks: ['envelope/result-or-error'],
    killedBy: [envelopeInvariant],
    fault: everyEnvelope((envelope) => (envelope.error ? { ...envelope, result: null } : envelope)),
  },
  {
    id: 'envelope/bare-error',
    description: 'Requests with id null are answered by an error object without its envelope',
    breaks: ['envelope/response-object'],
    killedBy: [envelopeInvariant],
    fault: {
      reply: (envelope, { method }) =>
        envelope.id === null && envelope.error && method !== undefined ? envelope.error : envelope,
    },
  },
  {
    id: 'envelope/error-without-message',
    description: 'Errors have no message',
    breaks: ['envelope/error-object'],
    killedBy: [errorsInvariant],
    fault: everyError(({ message: _, ...error }) => error),
  },
  {
    id: 'envelope/own-detail-type',
    description: 'Details of validation errors are of a type of its own',
    breaks: ['envelope/validation-details'],
    killedBy: [errorsInvariant],
    fault: everyError((error) =>
      error.code === -32602 && Array.isArray(error.data)
        ? {
            ...error,
            data: (error.data as object[]).map((detail) => ({ ...detail, '@type': 'example.com/Violation' })),
          }
        : error,
    ),
  },
  {
    id: 'envelope/untyped-details',
    description: 'Details of validation errors have no @type',
    breaks: ['envelope/error-data'],
    killedBy: [errorsInvariant],
    fault: everyDetail('BadRequest', (detail) => {
      const { '@type': _, ...untyped } = detail as { '@type': unknown };
      return untyped;
    }),
  },
  {
    id: 'envelope/details-as-object',
    description: 'error.data of A2A errors is one object instead of an array',
    breaks: ['envelope/error-data', 'envelope/error-info'],
    killedBy: [errorsInvariant],
    fault: everyError((error) =>
      isA2aCode(error.code) && Array.isArray(error.data) ? { ...error, data: error.data[0] as unknown } : error,
    ),
  },
  {
    id: 'envelope/no-error-info',
    description: 'A2A errors carry no details',
    breaks: ['envelope/error-info'],
    killedBy: [errorsInvariant],
    fault: everyError(({ data, ...error }) => (isA2aCode(error.code) ? error : { ...error, data })),
  },
  {
    id: 'envelope/reason-in-camel-case',
    description: 'The reason of ErrorInfo is written in camelCase',
    breaks: ['envelope/error-info'],
    killedBy: [errorsInvariant],
    fault: everyDetail('ErrorInfo', (detail) => {
      const { reason } = detail as { reason: string };
      const camel = reason.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      return { ...detail, reason: camel };
    }),
  },
  {
    id: 'envelope/text-plain',
    description: 'Plain answers come as text/plain',
    breaks: ['envelope/content-type'],
    killedBy: [transportInvariant],
    fault: {
      httpResponse: (response) => ({
        ...response,
        headers: { ...response.headers, 'Content-Type': 'text/plain; charset=utf-8' },
      }),
    },
  },
  {
    id: 'envelope/stream-created',
    description: 'Streams begin with HTTP 201',
    breaks: ['envelope/stream-content-type'],
    killedBy: [transportInvariant],
    fault: { streamHead: (head) => ({ ...head, status: 201 }) },
  },
  {
    id: 'envelope/heartbeat-events',
    description: 'A heartbeat without an envelope follows the first event of a task’s stream',
    breaks: ['envelope/stream-events'],
    killedBy: [transportInvariant],
    fault: {
      streamFrame: (frame, { index }) =>
        index === 0 && frame.includes('"task"') ? `${frame}data: {"heartbeat":true}\n\n` : frame,
    },
  },
  {
    id: 'envelope/byte-order-mark',
    description: 'Plain answers begin with a byte order mark',
    breaks: ['envelope/utf-8'],
    killedBy: ['invariants/text'],
    fault: { reply: (envelope) => `\uFEFF${JSON.stringify(envelope)}` },
  },
  {
    id: 'envelope/streams-in-latin-1',
    description: 'Streams are written in Latin-1',
    breaks: ['envelope/utf-8'],
    killedBy: ['invariants/text'],
    fault: { streamFrame: (frame) => Buffer.from(frame.replaceAll(/[^\n -~]/gu, 'é'), 'latin1') },
  },
  {
    id: 'envelope/requests-read-as-latin-1',
    description: 'Text of requests is read as Latin-1',
    breaks: ['envelope/utf-8-read', 'envelope/text-kept'],
    killedBy: ['envelope/utf-8', 'envelope/text-kept'],
    fault: {
      task: (task) => rewriteStrings(task, (text) => Buffer.from(text, 'utf8').toString('latin1')),
    },
  },
  {
    id: 'envelope/text-normalised',
    description: 'Text of requests is brought into one form of normalisation',
    breaks: ['envelope/text-kept'],
    killedBy: ['envelope/text-kept'],
    fault: { task: (task) => rewriteStrings(task, (text) => text.normalize('NFC')) },
  },
  {
    id: 'envelope/text-of-one-plane',
    description: 'A store of 16-bit characters loses all beyond them',
    breaks: ['envelope/text-kept'],
    killedBy: ['envelope/text-kept'],
    fault: {
      task: (task) => rewriteStrings(task, (text) => text.replaceAll(/[\u{10000}-\u{10FFFF}]/gu, '')),
    },
  },
  {
    id: 'envelope/nul-dropped',
    description: 'NUL is left out of texts',
    breaks: ['envelope/text-kept'],
    killedBy: ['envelope/text-kept'],
    fault: { task: (task) => rewriteStrings(task, (text) => text.replaceAll('\0', '')) },
  },
  {
    id: 'envelope/snake-case',
    description: 'Parts have media_type instead of mediaType',
    breaks: ['envelope/field-names'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(payload, ({ mediaType, ...object }) =>
          mediaType === undefined ? object : { ...object, media_type: mediaType },
        ),
    },
  },
  {
    id: 'envelope/roles-of-old',
    description: 'Roles are written as in 0.3: agent and user',
    breaks: ['envelope/enum-names'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(payload, (object) =>
          typeof object['role'] === 'string'
            ? { ...object, role: object['role'].replace('ROLE_', '').toLowerCase() }
            : object,
        ),
    },
  },
  {
    id: 'envelope/roles-as-numbers',
    description: 'Roles are written as the numbers of the proto',
    breaks: ['envelope/enum-names'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(payload, (object) =>
          typeof object['role'] === 'string' ? { ...object, role: object['role'] === 'ROLE_AGENT' ? 2 : 1 } : object,
        ),
    },
  },
  {
    id: 'envelope/timestamps-with-offset',
    description: 'Timestamps end in +00:00',
    breaks: ['envelope/timestamps'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(
          payload,
          withTimestamp((text) => text.replace(/Z$/, '+00:00')),
        ),
    },
  },
  {
    id: 'envelope/timestamps-as-numbers',
    description: 'Timestamps are milliseconds since 1970',
    breaks: ['envelope/timestamps'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(
          payload,
          withTimestamp((text) => Date.parse(text)),
        ),
    },
  },
  {
    id: 'envelope/timestamps-in-seconds',
    description: 'Timestamps have no fraction of a second',
    breaks: ['envelope/timestamp-precision'],
    killedBy: [representationInvariant],
    fault: {
      payload: (payload) =>
        rewriteObjects(
          payload,
          withTimestamp((text) => text.replace(/\.\d+Z$/, 'Z')),
        ),
    },
  },
  {
    id: 'envelope/unknown-fields-refused',
    description: 'Requests with fields that the agent does not know are refused',
    breaks: ['envelope/unknown-fields'],
    killedBy: ['envelope/unknown-fields'],
    fault: { policy: { unknownFieldsRefused: true } },
  },
];

function withTimestamp(change: (text: string) => unknown) {
  return (object: Record<string, unknown>): object =>
    typeof object['timestamp'] === 'string' ? { ...object, timestamp: change(object['timestamp']) } : object;
}
