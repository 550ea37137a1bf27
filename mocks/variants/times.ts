import { rewriteObjects } from '../mutants/rewrite.ts';
import type { Binding } from '../reference-agent/bindings.ts';
import type { Variant } from './variant.ts';

/** The same with its timestamps written otherwise. */
const withTimes = <Value>(value: Value, write: (timestamp: string) => string): Value =>
  rewriteObjects(value, (object) =>
    typeof object['timestamp'] === 'string' ? { ...object, timestamp: write(object['timestamp']) } : object,
  );

/** A store keeps 0.6 ms more than a millisecond; HTTP+JSON shows the nearest one. */
const roundedOverHttpJson = (timestamp: string, binding: Binding): string =>
  binding === 'HTTP+JSON' ? new Date(Date.parse(timestamp) + 1).toISOString() : timestamp.replace('Z', '600Z');

/** Timestamps of unusual writing, or none. */
export const timeVariants: readonly Variant[] = [
  {
    id: 'json/whole-seconds',
    description: 'Timestamps have no fraction of a second',
    allowedBy: '§5.6.1: the fraction MAY be omitted',
    warns: ['envelope/timestamp-precision'],
    fault: { status: (status) => ({ ...status, timestamp: new Date().toISOString().replace(/\.\d+/, '') }) },
  },
  {
    id: 'json/nanoseconds',
    description: 'Timestamps have nine digits after the second',
    allowedBy: '§5.6.1 and ProtoJSON: 0, 3, 6 or 9 digits',
    fault: {
      status: (status) =>
        status.timestamp === undefined ? status : { ...status, timestamp: status.timestamp.replace('Z', '123456Z') },
    },
  },
  {
    id: 'json/whole-seconds-over-one-binding',
    description: 'Timestamps have no fraction over HTTP+JSON, and one over JSON-RPC',
    allowedBy: '§5.6.1: the fraction MAY be omitted; §5.1: results are semantically equivalent',
    warns: ['envelope/timestamp-precision'],
    options: { bindings: ['JSONRPC', 'HTTP+JSON'] },
    fault: { only: ['HTTP+JSON'], payload: (payload) => withTimes(payload, (time) => time.replace(/\.\d+/, '')) },
  },
  {
    id: 'json/rounded-over-one-binding',
    description: 'Timestamps have microseconds over JSON-RPC, and are rounded to milliseconds over HTTP+JSON',
    allowedBy: '§5.6.1: millisecond precision SHOULD be used; §5.1: results are semantically equivalent',
    // It finds tasks by the time that it keeps, not by the one that it shows.
    warns: ['list/timestamp-inclusive'],
    options: { bindings: ['JSONRPC', 'HTTP+JSON'] },
    fault: { payload: (payload, { binding }) => withTimes(payload, (time) => roundedOverHttpJson(time, binding)) },
  },
  {
    id: 'json/whole-seconds-in-the-store',
    description: 'Tasks that are read have timestamps without a fraction, answers and events have one',
    allowedBy: '§5.6.1: the fraction MAY be omitted',
    fault: {
      payload: (payload, { method }) =>
        method === 'GetTask' || method === 'ListTasks'
          ? withTimes(payload, (timestamp) => timestamp.replace(/\.\d+/, ''))
          : payload,
    },
  },
  {
    id: 'json/clock-ahead',
    description: 'The clock of the agent is a day ahead',
    allowedBy: '§5.6.1, a2a.proto TaskStatus.timestamp: when the status was recorded, by the agent’s clock',
    fault: {
      status: (status) => {
        const time = Date.parse(status.timestamp ?? '');
        return Number.isNaN(time) ? status : { ...status, timestamp: new Date(time + 86_400_000).toISOString() };
      },
    },
  },
  {
    id: 'json/no-timestamps',
    description: 'No status has a timestamp',
    allowedBy: 'a2a.proto TaskStatus.timestamp: not REQUIRED',
    fault: { status: ({ timestamp: _, ...status }) => status },
  },
];
