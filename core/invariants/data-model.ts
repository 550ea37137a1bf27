import { excerpt, type Problem } from '../../protocol/schemas/problem.ts';
import type { Seen } from '../../protocol/schemas/read.ts';
import { inspect } from '../../protocol/schemas/validate.ts';
import type { Judgement } from '../findings/judgement.ts';
import type { History } from '../history/exchange.ts';
import { onceForEach } from '../history/once-for-each.ts';
import { defineInvariant } from './invariant.ts';
import { payloads, readPayload, type Payload } from './payloads.ts';
import { judgeInstances, judgeStreamed, type Defect, type Instance, type Words } from './tally.ts';

interface Inspected {
  readonly payload: Payload;
  readonly problems: readonly Problem[];
  readonly seen: Seen;
}

/** Strangers' tasks are left out: their history may be what a client sent malformed, over another interface too. */
export const inspectPayloads = onceForEach((history: History): readonly Inspected[] =>
  payloads(history)
    .filter(({ foreign }) => !foreign)
    .map((payload) => ({ payload, ...inspect(payload.definition, payload.value, readPayload(payload)) })),
);

const place = ({ definition, event }: Payload, path: string): string =>
  `${event === undefined ? '' : `event ${event}, `}${definition.name}${path}`;

const defectOf = (payload: Payload, { path, expected, actual, readings }: Problem): Defect => ({
  expected,
  actual: `${place(payload, path)}: ${actual}`,
  ...(readings ? { readings } : {}),
});

/** Instances of one row: as many as it speaks of, the first of which carry the problems of the row. */
export function instancesOf(
  inspected: readonly Inspected[],
  row: string,
  count: (seen: Seen) => number,
): readonly Instance[] {
  return inspected.flatMap(({ payload, problems, seen }) => {
    const defects = problems.filter((problem) => problem.row === row).map((problem) => defectOf(payload, problem));
    const size = Math.max(count(seen), defects.length);
    return Array.from({ length: size }, (_, index): Instance => ({
      exchanges: [payload.exchange],
      defect: defects[index],
    }));
  });
}

const objects =
  (name: string) =>
  (seen: Seen): number =>
    seen.objects.get(name)?.length ?? 0;

/** Objects that v0.3 told apart by `kind`, and its values; another one is a field of the agent's own (§5.7). */
const oncePolymorphic = ['Task', 'Message', 'Part', 'TaskStatusUpdateEvent', 'TaskArtifactUpdateEvent'];
const oldKinds: readonly unknown[] = ['task', 'message', 'text', 'file', 'data', 'status-update', 'artifact-update'];

/** Those of a payload; a message of the user is as the user sent it. */
function kinds({ payload, seen }: Inspected): readonly Instance[] {
  const sent = (seen.objects.get('Message') ?? []).filter(({ value }) => value['role'] === 'ROLE_USER');
  return oncePolymorphic
    .flatMap((name) => seen.objects.get(name) ?? [])
    .filter(({ path }) => !sent.some((message) => path === message.path || path.startsWith(`${message.path}/`)))
    .map(({ path, value }) => ({
      exchanges: [payload.exchange],
      defect: oldKinds.includes(value['kind'])
        ? { expected: 'no field kind', actual: `${place(payload, path)}: kind ${excerpt(value['kind'])}` }
        : undefined,
    }));
}

export const dataModel = defineInvariant({
  id: 'invariants/data-model',
  title: 'Every object that the agent sends is as a2a.proto defines it',
  provenance: { kind: 'spec' },
  requirements: [
    'schema/send-message-response',
    'schema/stream-response',
    'schema/task',
    'schema/task-status',
    'schema/task-state',
    'schema/message',
    'schema/message-role',
    'schema/part',
    'schema/part-content',
    'schema/artifact',
    'schema/status-update',
    'schema/artifact-update',
    'schema/no-kind',
  ],
  judge(history, { target }) {
    const inspected = inspectPayloads(history);
    const instances = (row: string, count: (seen: Seen) => number) => instancesOf(inspected, row, count);
    const words = (counted: string, hint: string): Words => ({
      counted,
      wrong: 'are not as defined',
      right: 'as defined',
      hint,
    });
    const judge = (row: string, counted: string, count: (seen: Seen) => number): Judgement =>
      judgeInstances(instances(row, count), words(counted, 'name more stimuli: --stimuli <file>'));
    const judgeEvents = (row: string, message: string): Judgement =>
      judgeStreamed(
        instances(row, objects(message)),
        words(`${message} objects`, 'no stream showed one: name more stimuli, --stimuli <file>'),
        target,
      );
    return {
      'schema/send-message-response': judge(
        'schema/send-message-response',
        'SendMessageResponse objects',
        objects('SendMessageResponse'),
      ),
      'schema/stream-response': judgeEvents('schema/stream-response', 'StreamResponse'),
      'schema/task': judge('schema/task', 'Task objects', objects('Task')),
      'schema/task-status': judge('schema/task-status', 'TaskStatus objects', objects('TaskStatus')),
      'schema/task-state': judge(
        'schema/task-state',
        'task states',
        ({ enums }) => enums.get('TaskState')?.length ?? 0,
      ),
      'schema/message': judge('schema/message', 'Message objects', objects('Message')),
      'schema/message-role': judge('schema/message-role', 'roles', ({ enums }) => enums.get('Role')?.length ?? 0),
      'schema/part': judge('schema/part', 'Part objects', objects('Part')),
      'schema/part-content': judge('schema/part-content', 'Part objects', objects('Part')),
      'schema/artifact': judge('schema/artifact', 'Artifact objects', objects('Artifact')),
      'schema/status-update': judgeEvents('schema/status-update', 'TaskStatusUpdateEvent'),
      'schema/artifact-update': judgeEvents('schema/artifact-update', 'TaskArtifactUpdateEvent'),
      'schema/no-kind': judgeInstances(inspected.flatMap(kinds), {
        counted: 'objects',
        wrong: 'have a field kind, as in v0.3',
        hint: 'name more stimuli: --stimuli <file>',
      }),
    };
  },
});
