import type { Problem } from '../../protocol/schemas/problem.ts';
import type { Seen } from '../../protocol/schemas/read.ts';
import { inspect } from '../../protocol/schemas/validate.ts';
import type { Judgement } from '../findings/judgement.ts';
import type { History } from '../history/exchange.ts';
import { defineInvariant } from './invariant.ts';
import { payloads, type Payload } from './payloads.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

interface Inspected {
  readonly payload: Payload;
  readonly problems: readonly Problem[];
  readonly seen: Seen;
}

export const inspectPayloads = (history: History): readonly Inspected[] =>
  payloads(history).map((payload) => ({ payload, ...inspect(payload.definition, payload.value) }));

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
  (...names: string[]) =>
  (seen: Seen): number =>
    names.reduce((sum, name) => sum + (seen.objects.get(name)?.length ?? 0), 0);

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
  ],
  judge(history) {
    const inspected = inspectPayloads(history);
    const judge = (
      row: string,
      counted: string,
      count: (seen: Seen) => number,
      hint = 'name more stimuli: --stimuli <file>',
    ): Judgement =>
      judgeInstances(instancesOf(inspected, row, count), {
        counted,
        wrong: 'are not as defined',
        right: 'as defined',
        hint,
      });
    const streamed = 'no stream showed one: see capabilities.streaming of the card and --stimuli <file>';
    return {
      'schema/send-message-response': judge(
        'schema/send-message-response',
        'SendMessage results',
        objects('SendMessageResponse'),
      ),
      'schema/stream-response': judge('schema/stream-response', 'stream results', objects('StreamResponse'), streamed),
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
      'schema/status-update': judge(
        'schema/status-update',
        'TaskStatusUpdateEvent objects',
        objects('TaskStatusUpdateEvent'),
        streamed,
      ),
      'schema/artifact-update': judge(
        'schema/artifact-update',
        'TaskArtifactUpdateEvent objects',
        objects('TaskArtifactUpdateEvent'),
        streamed,
      ),
    };
  },
});
