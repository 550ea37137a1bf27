import { changeHeaders, trickle } from './respond.ts';
import type { Variant } from './variant.ts';

const format = 'SSE (HTML, "Server-sent events"), which §9.4.2 builds on';

/** The JSON of a frame, indented, each line in a `data:` line of its own. */
function inSeveralLines(frame: string): string {
  const json: unknown = JSON.parse(frame.slice('data: '.length));
  const lines = JSON.stringify(json, null, 1).split('\n');
  return `${lines.map((line) => `data: ${line}`).join('\n')}\n\n`;
}

const ping = 'event: ping\ndata: {"type":"ping"}\n\n';

export const sseVariants: readonly Variant[] = [
  {
    id: 'sse/crlf',
    description: 'Lines end with CR LF',
    allowedBy: `${format}: a line ends with CR LF, LF or CR`,
    fault: { streamFrame: (frame) => frame.replaceAll('\n', '\r\n') },
  },
  {
    id: 'sse/cr',
    description: 'Lines end with CR alone',
    allowedBy: `${format}: a line ends with CR LF, LF or CR`,
    fault: { streamFrame: (frame) => frame.replaceAll('\n', '\r') },
  },
  {
    id: 'sse/no-space',
    description: 'No blank after `data:`',
    allowedBy: `${format}: one blank after the colon is taken away, if it is there`,
    fault: { streamFrame: (frame) => frame.replace('data: ', 'data:') },
  },
  {
    id: 'sse/ids-and-comments',
    description: 'Every event has an id, a retry time, a comment and the name `message`',
    allowedBy: format,
    fault: {
      streamFrame: (frame, { index }) =>
        `: event ${index}\nid: ${index}\nretry: 3000\nevent: message\n${frame.trimEnd()}\nunknown: field\n\n`,
    },
  },
  {
    id: 'sse/several-data-lines',
    description: 'The JSON of an event is spread over several `data:` lines',
    allowedBy: `${format}: the lines are joined with line feeds, which JSON lets stand between tokens`,
    fault: { streamFrame: inSeveralLines },
  },
  {
    id: 'sse/byte-order-mark',
    description: 'The stream begins with a byte order mark',
    allowedBy: `${format}: one leading byte order mark is taken away`,
    fault: { streamFrame: (frame, { index }) => (index === 0 ? `\uFEFF${frame}` : frame) },
  },
  {
    id: 'sse/cut-anywhere',
    description: 'Pieces of one to three bytes, with text outside ASCII in every event',
    allowedBy: 'TCP and RFC 9112 §7.1: borders of pieces mean nothing',
    fault: {
      http: (request, response, next) => {
        if (request.method === 'POST') trickle(response, [1, 1, 2, 3]);
        next();
      },
      status: (status) => ({
        ...status,
        ...(status.message
          ? { message: { ...status.message, parts: [{ text: 'Grüße aus 日本 🌍' }, ...status.message.parts] } }
          : {}),
      }),
    },
  },
  {
    id: 'sse/chatty-keep-alive',
    description: 'Comment lines every five milliseconds, before the first event too',
    allowedBy: `${format}: comments keep connections alive`,
    options: { keepAliveMs: 5 },
  },
  {
    id: 'sse/empty-events',
    description: 'Blank lines, and events without data, stand between the others',
    allowedBy: `${format}: an event without data is not dispatched`,
    fault: { streamFrame: (frame) => `\n\nevent: ping\n\n${frame}id: 7\n\nevent: ping\ndata:\n\n` },
  },
  {
    id: 'sse/named-pings',
    description: 'Events named `ping` with a small JSON object stand between the others',
    allowedBy: `${format}: an event of another name is no message of the stream`,
    warns: ['envelope/stream-events'],
    fault: { streamFrame: (frame) => `${ping}${frame}${ping}` },
  },
  {
    id: 'sse/comment-after-the-end',
    description: 'The last event is followed by a comment and half an event, which nobody has to read',
    allowedBy: `${format}: an incomplete event at the end is dropped`,
    fault: {
      http: (_, response, next) => {
        let isStream = false;
        changeHeaders(response, (headers) => {
          isStream = headers['Content-Type'] === 'text/event-stream';
          return headers;
        });
        const end = response.end.bind(response) as (chunk?: unknown) => typeof response;
        response.end = ((chunk?: unknown) => end(isStream ? ': bye\nid: 99\ndata: ' : chunk)) as typeof response.end;
        next();
      },
    },
  },
  {
    id: 'sse/large-events',
    description: 'Every update carries 300 KB of metadata',
    allowedBy: `${format}: no limit is set; a2a.proto TaskStatusUpdateEvent.metadata`,
    fault: {
      update: (update) =>
        'statusUpdate' in update
          ? { statusUpdate: { ...update.statusUpdate, metadata: { padding: 'ä'.repeat(150_000) } } }
          : update,
    },
  },
  {
    id: 'sse/errors-as-events',
    description: 'A refused stream is a stream whose only event is the error',
    allowedBy: '§9.4.2, §9.5: the form of an error before a stream is not said',
    fault: { policy: { errorsAsStreamEvents: true } },
  },
];
