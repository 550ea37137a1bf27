import { defineInvariant } from './invariant.ts';
import { isObject } from './json.ts';
import { sightings } from './sightings.ts';
import { judgeInstances, type Defect } from './tally.ts';

function repeatedId(taskId: string, artifacts: readonly unknown[]): Defect | undefined {
  const ids = artifacts.flatMap((artifact) => (isObject(artifact) ? [artifact['artifactId']] : []));
  // An id that is missing or no string is a defect of the Artifact itself.
  const twice = ids.find((id, index) => typeof id === 'string' && ids.indexOf(id) !== index);
  if (twice === undefined) return undefined;
  return { expected: `one artifact ${String(twice)} in task ${taskId}`, actual: `artifact ids ${ids.join(', ')}` };
}

export const artifactIds = defineInvariant({
  id: 'invariants/artifact-ids',
  title: 'Artifact ids are unique within a task',
  provenance: { kind: 'spec' },
  requirements: ['schema/artifact-ids'],
  judge: (history) => ({
    'schema/artifact-ids': judgeInstances(
      sightings(history).flatMap(({ exchange, taskId, raw: { artifacts } }) =>
        Array.isArray(artifacts) && artifacts.length > 0
          ? [{ exchanges: [exchange], defect: repeatedId(taskId, artifacts) }]
          : [],
      ),
      {
        counted: 'Task objects with artifacts',
        wrong: 'have two artifacts of one id',
        hint: 'no task of the run had artifacts: name a stimulus that completes with one, --stimuli <file>',
      },
    ),
  }),
});
