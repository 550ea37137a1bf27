import { responseMessages } from '../../protocol/operation-messages.ts';
import { isStreaming, type Operation } from '../../protocol/operations.ts';
import type { MessageDefinition } from '../../protocol/schemas/define.ts';
import { messages } from '../../protocol/schemas/objects.ts';
import { readProtoJson } from '../../protocol/schemas/read.ts';
import { header, type Exchange, type History, type Millis } from '../history/exchange.ts';
import { onceForEach } from '../history/once-for-each.ts';
import type { Answer } from '../wire/codec.ts';
import { codecOf } from '../wire/codecs.ts';
import { operationOf } from '../wire/http/event-stream.ts';
import { isObject, stringOf } from './json.ts';
import { faultsOfOwnRequest } from './requests.ts';

/** A message of the proto that the agent sent as (part of) the answer to a well-formed operation. */
export interface Payload {
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly definition: MessageDefinition;
  readonly value: unknown;
  readonly at: Millis;
  /** Position of the stream event; undefined for a plain answer. */
  readonly event: number | undefined;
  /** A task of a list that this history did not make: what stands in it may be what others have put there. */
  readonly foreign: boolean;
}

/** A payload as a ProtoJSON parser takes it. */
export const readPayload = onceForEach(({ definition, value }: Payload) => readProtoJson(definition, value));

const sends: ReadonlySet<Operation> = new Set<Operation>(['SendMessage', 'SendStreamingMessage']);

/** Ids of the tasks in a result, however it wraps them. */
function taskIdsIn(result: unknown): string[] {
  if (!isObject(result)) return [];
  const { task, statusUpdate, artifactUpdate } = result;
  const ids = [
    isObject(task) ? task['id'] : undefined,
    isObject(statusUpdate) ? statusUpdate['taskId'] : undefined,
    isObject(artifactUpdate) ? artifactUpdate['taskId'] : undefined,
  ];
  return ids.flatMap((id) => stringOf(id) ?? []);
}

/** Sent malformed, on purpose or by mistake of the harness. */
const isWrong = (exchange: Exchange): boolean =>
  exchange.intent.kind === 'malformed' || faultsOfOwnRequest(exchange).length > 0;

/**
 * Tasks into which the harness put a malformed message. What an agent that accepted it says of them may be the harness's
 * own defect given back (in the history, in an echo), so their contents are not judged.
 */
function taintedTasks(wrong: ReadonlySet<Exchange>, answers: readonly Answer[]): ReadonlySet<string> {
  const named = [...wrong].flatMap((exchange) => {
    const asked = codecOf(exchange)?.askedFor(exchange);
    const params = asked !== undefined && sends.has(asked.operation) ? asked.params : undefined;
    const message = isObject(params) ? params['message'] : undefined;
    return isObject(message) ? (stringOf(message['taskId']) ?? []) : [];
  });
  const created = answers
    .filter(({ exchange }) => wrong.has(exchange))
    .flatMap(({ said }) => (said.kind === 'result' ? taskIdsIn(said.value) : []));
  return new Set([...named, ...created]);
}

/** Tasks that were made, or gone on with, by messages of this history. */
const ownTasks = (answers: readonly Answer[]): ReadonlySet<string> =>
  new Set(
    answers.flatMap(({ exchange, said }) => {
      const operation = operationOf(exchange);
      return operation !== undefined && sends.has(operation) && said.kind === 'result' ? taskIdsIn(said.value) : [];
    }),
  );

/** The task that a payload is about; undefined for none. */
function taskOf(definition: MessageDefinition, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  if (definition.name === 'Task') return stringOf(value['id']);
  return taskIdsIn(value)[0];
}

/**
 * Whether the request asked for 1.0 (§3.6.2: an agent may answer other versions, also none, which means 0.3, with their
 * semantics). A patch number is not considered (§3.6).
 */
function asksForThisVersion({ request }: Exchange): boolean {
  const query = URL.canParse(request.url) ? new URL(request.url).searchParams.get('A2A-Version') : null;
  return /^1\.0(?:\.\d+)?$/.test((header(request.headers, 'A2A-Version') ?? query ?? '').trim());
}

/** The result of a well-formed operation, or one event of its stream. */
export interface OperationResult {
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly value: unknown;
  readonly at: Millis;
  /** Position of the stream event; undefined for a plain answer. */
  readonly event: number | undefined;
}

const answersOf = onceForEach((history: History): readonly Answer[] =>
  history.exchanges.flatMap((exchange) => codecOf(exchange)?.answers(exchange) ?? []),
);

const wrongIn = onceForEach((history: History): ReadonlySet<Exchange> => new Set(history.exchanges.filter(isWrong)));

/** Every result that has to obey the protocol, in the order of exchanges and events. */
function operationResults(answers: readonly Answer[], wrong: ReadonlySet<Exchange>): readonly OperationResult[] {
  return answers.flatMap((answer): OperationResult[] => {
    const { exchange, at, source, index, said } = answer;
    const operation = operationOf(exchange);
    if (said.kind !== 'result' || operation === undefined || wrong.has(exchange)) return [];
    if (isStreaming(operation) !== (source === 'event') || !asksForThisVersion(exchange)) return [];
    const event = source === 'event' ? index : undefined;
    return [{ exchange, operation, value: said.value, at, event }];
  });
}

/** Every answer of one operation that is a result, whole. */
export const resultsOf = (history: History, operation: Operation): readonly OperationResult[] =>
  operationResults(answersOf(history), wrongIn(history)).filter((result) => result.operation === operation);

/** Every payload that has to obey the data model, in the order of exchanges and events. */
export const payloads = onceForEach((history: History): readonly Payload[] => {
  const answers = answersOf(history);
  const wrong = wrongIn(history);
  const tainted = taintedTasks(wrong, answers);
  const own = ownTasks(answers);
  return operationResults(answers, wrong).flatMap(({ value: result, ...answer }): Payload[] => {
    const name = responseMessages[answer.operation];
    if (name === null) return [];
    const payload = (message: string, value: unknown): Payload[] => {
      const definition = messages.get(message)!;
      const task = taskOf(definition, value);
      const foreign = task !== undefined && answer.operation === 'ListTasks' && !own.has(task);
      return task !== undefined && tainted.has(task) ? [] : [{ ...answer, definition, value, foreign }];
    };
    const tasks = isObject(result) && name === 'ListTasksResponse' ? result['tasks'] : undefined;
    if (!isObject(result) || !Array.isArray(tasks)) return payload(name, result);
    // The tasks of a page one by one, since one of them may be tainted.
    return [...payload(name, { ...result, tasks: [] }), ...tasks.flatMap((task) => payload('Task', task))];
  });
});
