import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { compareWithField, judgeOptionalField, type WithField } from '../shared/optional-field.ts';
import { metadata } from '../send/optional-fields.ts';
import { startTask } from './running-task.ts';

/** a2a.proto CancelTaskRequest.metadata. */
export const cancelMetadata = defineCheck({
  id: 'cancel/metadata',
  title: 'CancelTask with metadata',
  requirements: ['cancel/metadata-served'],
  needs: [needsAnyStimulus('long-running', 'input-required')],

  probe(context: ProbeContext): Promise<WithField> {
    const cancel = async (more: object) => {
      const { id } = await startTask(context);
      return context.client.call('CancelTask', { id, ...more });
    };
    return compareWithField(
      'CancelTaskRequest.metadata',
      () => cancel({}),
      () => cancel({ metadata }),
    );
  },

  judge: (observed) => ({ 'cancel/metadata-served': judgeOptionalField(observed) }),
});
