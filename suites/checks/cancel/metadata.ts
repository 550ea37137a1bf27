import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { inTime } from '../shared/in-time.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { compareWithField, judgeOptionalField, type WithField } from '../shared/optional-field.ts';
import { isError } from '../shared/task-parts.ts';
import { metadata } from '../send/optional-fields.ts';
import { startTask } from './running-task.ts';

/** a2a.proto CancelTaskRequest.metadata. */
export const cancelMetadata = defineCheck({
  id: 'cancel/metadata',
  title: 'CancelTask with metadata',
  requirements: ['cancel/metadata-served'],
  needs: [needsAnyStimulus('long-running', 'input-required')],

  probe(context: ProbeContext): Promise<WithField> {
    const cancelOne = async (more: object): Promise<CallResult> => {
      const { id } = await startTask(context);
      return context.client.call('CancelTask', { id, ...more });
    };
    const cancel = (more: object): Promise<CallResult> =>
      inTime(
        () => cancelOne(more),
        (answer) => !isError(answer, 'TaskNotCancelableError'),
      );
    return compareWithField(
      'CancelTaskRequest.metadata',
      () => cancel({}),
      () => cancel({ metadata }),
    );
  },

  judge: (observed) => ({ 'cancel/metadata-served': judgeOptionalField(observed) }),
});
