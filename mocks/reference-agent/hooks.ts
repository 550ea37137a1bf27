import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream, ServerOptions } from 'node:http2';
import type { Binding } from './bindings.ts';
import type { SignatureRecipe } from './card-signing.ts';
import type { ErrorContent, FieldViolation } from './errors.ts';
import type { Policy } from './policy.ts';
import type { ListQuery, TaskStore } from './task-store.ts';
import type {
  AgentCard,
  JsonObject,
  Message,
  OperationName,
  StreamResponse,
  Task,
  TaskState,
  TaskStatus,
  TaskUpdate,
} from './types.ts';

export type { Policy } from './policy.ts';

/**
 * The places where a mutant may break the agent, and where a variant of it may be unusual and still right. The clean agent
 * has no fault, so that no hook ever runs in it; every hook returns what is used instead of its first argument.
 *
 * Order for one call: `http` → `intercept` → `refuse` → `policy.*` decisions → `violations` → (`transition`, `status`,
 * `update`) → `task` or `message` → `result` or `error` → `payload` → `reply` → `httpResponse`. For a stream: `streamHead`,
 * then for each event `event` → `payload` → `streamEnvelope` → `streamFrame`, and `streamEnd` after the last one. For a
 * webhook: `pushRequest`.
 * On HTTP+JSON `restReply` stands where `reply` does, and `restEvent` where `streamEnvelope` does. On gRPC `grpcReply` stands in
 * place of `reply`, `httpResponse` and `streamHead`, `grpcEvent` in place of `streamEnvelope` and `streamFrame`, and `grpcCall` in
 * place of `http`. All others act on every binding, know which one it is by `binding`, and are kept to some of them by `only`.
 * For the card: `card` (before it is signed) → `signedCard`, both once at the start, and `cardResponse` for each request.
 */
export interface Fault {
  /**
   * The bindings that are broken; default all. What is shared by them acts in any case: `http`, `intercept`, the hooks of the
   * card, of the store, of the work on tasks (`ready`, `work`, `transition`, `status`, `update`, `taskId`) and of webhooks,
   * with the policies for the state of tasks.
   */
  readonly only?: readonly Binding[];
  /** Stands before the HTTP server: answers a request itself, or passes it on, at once or later, with changes to the response. */
  readonly http?: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  /** The store as it is used, put around the one that keeps the tasks. */
  readonly store?: (kept: TaskStore) => TaskStore;
  /** The bytes of a request body from the chunks in which they came. */
  readonly requestBody?: (chunks: readonly Buffer[]) => Buffer;
  /** Called once, before the first request: for what acts without being asked. */
  readonly ready?: (control: AgentControl) => void;
  /** Refuses an operation before anything of it is done; may take its time. Undefined lets it pass. */
  readonly refuse?: (ctx: RefusalContext) => ErrorContent | undefined | Promise<ErrorContent | undefined>;
  /** Name of the behaviour that answers a first message. */
  readonly behaviour?: (name: string, ctx: { readonly message: Message }) => string;
  /** Surrounds one turn of work on a task: may put it off. */
  readonly work?: (run: () => Promise<void>, ctx: { readonly taskId: string }) => Promise<void>;
  /** The card before it is signed: a change here leaves the signature valid. */
  readonly card?: (card: AgentCard, ctx: CardContext) => object;
  /** The card after signing: a change here breaks the signature. */
  readonly signedCard?: (card: AgentCard, ctx: CardContext) => object;
  /** How the card is signed, one recipe for each signature. */
  readonly signatures?: readonly SignatureRecipe[];
  /** The key set behind the `jku` of the signatures. */
  readonly jwks?: (keySet: JsonObject) => object;
  /** HTTP answer of the well-known card route (200 and 304). */
  readonly cardResponse?: (response: HttpAnswer, ctx: { readonly request: HttpQuestion }) => HttpAnswer;
  /** Answers a request before routing; undefined lets it pass. */
  readonly intercept?: (request: HttpQuestion) => HttpAnswer | 'hang' | 'reset' | undefined;
  /** HTTP answer of any call that is not a stream; `body` is '' for a notification. */
  readonly httpResponse?: (response: HttpAnswer, ctx: ReplyContext) => HttpAnswer;
  /** Status and headers with which an event stream begins. */
  readonly streamHead?: (head: Omit<HttpAnswer, 'body'>, ctx: ReplyContext) => Omit<HttpAnswer, 'body'>;
  /**
   * The JSON-RPC envelope of an answer that is not a stream. A string is sent as the raw body; 'hang' never answers;
   * 'reset' cuts the connection.
   */
  readonly reply?: (envelope: Envelope, ctx: ReplyContext) => object | string | 'hang' | 'reset';
  /** The body of an HTTP+JSON answer that is not a stream, errors included; the rest is as with `reply`. */
  readonly restReply?: (body: object, ctx: ReplyContext) => object | string | 'hang' | 'reset';
  /** The payload of every success: the result of a call, or one event of a stream. */
  readonly payload?: (payload: object, ctx: ReplyContext & { readonly stream: boolean }) => object | null;
  /** The JSON-RPC envelope of one stream event. */
  readonly streamEnvelope?: (envelope: Envelope, ctx: ReplyContext & { readonly index: number }) => object | string;
  /** The data of one event of an HTTP+JSON stream; a string is sent as it is. */
  readonly restEvent?: (data: object, ctx: ReplyContext & { readonly index: number }) => object | string;
  /**
   * What answers a gRPC call, errors included, and how a stream ends (where its headers are out already). 'hang' never answers;
   * 'reset' resets the HTTP/2 stream.
   */
  readonly grpcReply?: (
    reply: GrpcReply,
    ctx: ReplyContext & { readonly stream: boolean },
  ) => GrpcReply | 'hang' | 'reset';
  /**
   * Stands before the gRPC server: answers a call itself, or passes it on, at once or later, with changes to its stream and with other
   * headers.
   */
  readonly grpcCall?: (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    next: (headers?: IncomingHttpHeaders) => void,
  ) => void;
  /** Of the HTTP/2 server of gRPC: settings, padding. */
  readonly grpcServer?: ServerOptions;
  /** The message of one event of a gRPC stream, without its frame. */
  readonly grpcEvent?: (message: Uint8Array, ctx: ReplyContext & { readonly index: number }) => Uint8Array;
  /** One event on one stream: another event, none (null) or several in its place. */
  readonly event?: (event: StreamResponse, ctx: EventContext) => object | null | readonly object[];
  /** The bytes of one server-sent event, `data: …\n\n` included. */
  readonly streamFrame?: (
    frame: string,
    ctx: { readonly binding: Binding; readonly index: number },
  ) => string | Uint8Array;
  /** How a stream ends once its last event is out. */
  readonly streamEnd?: (ctx: StreamContext) => 'close' | 'keep-open' | 'reset';
  /** A task on its way out, in whatever answer or stream event. */
  readonly task?: (task: Task, ctx: TaskContext) => object;
  /** A direct Message answer. */
  readonly message?: (
    message: Message,
    ctx: { readonly operation: OperationName; readonly binding: Binding },
  ) => object;
  /** Result of a unary operation, as `{task}`, `{message}`, Task, ListTasksResponse, config, card or `{}`. */
  readonly result?: (result: object, ctx: OperationContext) => object | null;
  /** An error of an operation: another error, or `{ result }` to answer success. */
  readonly error?: (error: ErrorContent, ctx: OperationContext) => ErrorContent | { readonly result: object | null };
  /** The violations found in the params; an empty list lets the request pass. */
  readonly violations?: (found: readonly FieldViolation[], ctx: OperationContext) => readonly FieldViolation[];
  /**
   * A change of state before it is stored: 'allow' even where the state machine forbids it, 'ignore' it, another state,
   * or undefined for the normal decision.
   */
  readonly transition?: (from: TaskState, to: TaskState) => 'allow' | 'ignore' | TaskState | undefined;
  /** A status about to be stored and sent. */
  readonly status?: (status: TaskStatus, ctx: { readonly taskId: string; readonly from?: TaskState }) => TaskStatus;
  /** An update at its source, before store and streams: another one, or null to drop it everywhere. */
  readonly update?: (update: TaskUpdate, ctx: { readonly task: Task }) => TaskUpdate | null;
  /** The filter and page of a ListTasks call before it reaches the store. */
  readonly listQuery?: (query: ListQuery) => ListQuery;
  /** A webhook request about to be sent: another one, several one after the other, or none (null); may take its time. */
  readonly pushRequest?: (request: PushRequest) => PushRequests | Promise<PushRequests>;
  /** Id of a new task. */
  readonly taskId?: (generated: string, ctx: { readonly message: Message }) => string;
  /** Id of a new context (also of one that the client chose: `ctx.message.contextId`). */
  readonly contextId?: (chosen: string, ctx: { readonly message: Message }) => string;
  /** A registry that has removed the agent is not registered with again. */
  readonly removalIgnored?: boolean;
  readonly policy?: Policy;
}

/** What a variant may do of its own accord. */
export interface AgentControl {
  readonly cancel: (taskId: string) => void;
  /** False where the state machine forbids it. */
  readonly setStatus: (taskId: string, state: TaskState, text?: string) => boolean;
}

export interface RefusalContext extends OperationContext {
  /** The task that the params name, if there is one. */
  readonly task: Task | undefined;
  /** Streams that are open on that task. */
  readonly openStreams: number;
}

export interface CardContext {
  readonly extended: boolean;
  readonly baseUrl: string;
}

export interface HttpQuestion {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Envelope {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** The status of a gRPC call, in its trailers. */
export interface GrpcStatus {
  /** Number of `google.rpc.Code`. */
  readonly code: number;
  readonly message: string;
  /** `Any`s in ProtoJSON for `grpc-status-details-bin`, or its bytes; undefined leaves it out. */
  readonly details: readonly object[] | Uint8Array | undefined;
}

export interface GrpcReply {
  /** Initial metadata, besides or in place of `content-type`; also `:status`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of each message, without their frames: one for a result, none for an error and at the end of a stream. */
  readonly messages: readonly Uint8Array[];
  /** Undefined: none is sent. */
  readonly status: GrpcStatus | undefined;
  /** Besides those of the status, or in place of them. */
  readonly trailers: Readonly<Record<string, string>>;
}

export interface ReplyContext {
  readonly binding: Binding;
  /**
   * The operation as the client wrote it on JSON-RPC, as the route says on HTTP+JSON and gRPC; undefined where no valid request
   * could be read.
   */
  readonly method: string | undefined;
  /** The request message as ProtoJSON: on HTTP+JSON put together from path, query and body, on gRPC decoded. */
  readonly params: unknown;
  readonly request: HttpQuestion;
  /** JSON-RPC code of the error that is answered, undefined for a result. */
  readonly errorCode: number | undefined;
}

export interface OperationContext {
  readonly binding: Binding;
  readonly operation: OperationName;
  readonly params: unknown;
}

export interface TaskContext {
  readonly binding: Binding;
  readonly operation: OperationName;
  /** True where the task is an event of a stream. */
  readonly stream: boolean;
}

export interface StreamContext {
  readonly binding: Binding;
  readonly operation: OperationName;
  /** Undefined on a stream that is a single Message. */
  readonly taskId: string | undefined;
  /** 0 for the first stream ever opened on this task, 1 for the second, … */
  readonly subscription: number;
}

export interface EventContext extends StreamContext {
  /** 0 for the first event of this stream. */
  readonly index: number;
  /** State of the task with this event. */
  readonly state: TaskState | undefined;
  /** The task as it is with this event. */
  readonly task: Task | undefined;
  /** Whether this is the event that ends the stream. */
  readonly last: boolean;
}

type PushRequests = PushRequest | null | readonly PushRequest[];

export interface PushRequest {
  /** Default POST. */
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
