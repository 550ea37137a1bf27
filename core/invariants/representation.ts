import { fractionDigits } from '../../protocol/schemas/scalars.ts';
import { inspectPayloads, instancesOf } from './data-model.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances, type Instance } from './tally.ts';

const hint = 'name more stimuli: --stimuli <file>';

const precisionReadings = [
  '§5.6.1: millisecond precision SHOULD be used where available',
  '§5.6.1: the fractional seconds MAY be omitted when millisecond precision is not available',
] as const;

type Inspected = ReturnType<typeof inspectPayloads>;

/**
 * A single timestamp without a fraction may fall on a whole second; an agent that never has one does not use
 * milliseconds, for a reason that cannot be seen.
 */
function precision(inspected: Inspected): readonly Instance[] {
  const all = inspected.flatMap(({ payload, seen }) => seen.timestamps.map((text) => ({ payload, text })));
  const never = all.every(({ text }) => fractionDigits(text) === 0);
  return all.map(({ payload, text }) => ({
    exchanges: [payload.exchange],
    defect: never ? { expected: 'milliseconds', actual: text, readings: precisionReadings } : undefined,
  }));
}

export const representation = defineInvariant({
  id: 'invariants/representation',
  title: 'JSON is written with camelCase names, enum names and UTC timestamps',
  provenance: { kind: 'spec' },
  requirements: ['envelope/field-names', 'envelope/enum-names', 'envelope/timestamps', 'envelope/timestamp-precision'],
  judge(history) {
    const inspected = inspectPayloads(history);
    return {
      'envelope/field-names': judgeInstances(
        instancesOf(inspected, 'envelope/field-names', ({ objects }) =>
          [...objects.values()].reduce((sum, list) => sum + list.length, 0),
        ),
        { counted: 'objects', wrong: 'have a known field under another name than its camelCase one', hint },
      ),
      'envelope/enum-names': judgeInstances(
        instancesOf(inspected, 'envelope/enum-names', ({ enums }) =>
          [...enums.values()].reduce((sum, list) => sum + list.length, 0),
        ),
        { counted: 'enum values', wrong: 'are written in another way than by their name', hint },
      ),
      'envelope/timestamps': judgeInstances(
        instancesOf(inspected, 'envelope/timestamps', ({ timestampFields }) => timestampFields),
        {
          counted: 'timestamps',
          wrong: 'are not ISO 8601 in UTC with the suffix Z',
          right: 'ISO 8601 in UTC with the suffix Z',
          hint: 'the agent sends no timestamps, which are optional',
        },
      ),
      'envelope/timestamp-precision': judgeInstances(precision(inspected), {
        counted: 'timestamps in UTC',
        wrong: 'have no fraction of a second',
        right: 'with fractions, or on a whole second beside others that have one',
        hint: 'the agent sends none, which is optional, or none that is right: see envelope/timestamps',
      }),
    };
  },
});
