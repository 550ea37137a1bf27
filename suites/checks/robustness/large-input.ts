import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, type Judgement } from '../../../core/findings/judgement.ts';
import { standardBindings, type Binding } from '../../../protocol/operations.ts';
import { worst } from '../shared/refusal.ts';
import { largeInputs } from './large-inputs.ts';
import { isAlive, judgeAlive, noControl, offer, type Group, type Survival } from './survival.ts';

/** §13.4 leaves limits to the agent: it may serve these, refuse them or close the connection, but it has to go on. */
export const largeInput = defineCheck({
  id: 'robustness/large-input',
  title: 'Requests of 5 MB and 100,000 levels of depth; a good request after each',
  requirements: ['robustness/answers-after-bad-input'],
  bindings: standardBindings,
  needs: [],
  intrusive: true,
  exclusive: true,

  probe: (context: ProbeContext): Promise<Survival> =>
    offer(context, largeInputs(context.interface.binding as Binding, context.id('unknown'))),

  judge: ({ before, groups }) => ({
    'robustness/answers-after-bad-input': isAlive(before) ? worst(groups.map(judgeGroup)) : noControl({ before }),
  }),
});

/** One that is silent may still read: how long that may take no section says. One whose connections break is gone. */
function judgeGroup(group: Group): Judgement {
  const { input, answer, after } = group;
  const judged = judgeAlive(group);
  const isSilent = after.every(({ reply }) => reply.kind === 'none' && reply.failure.kind === 'timeout');
  if (judged.kind !== 'violated' || !isSilent) return judged;
  return ambiguous(
    `after ${input} ${after.length} good requests got no answer in time`,
    [
      '§3.3.2: servers return appropriate errors; §13.4: the complexity of requests SHOULD be limited',
      'no section names a time: the agent may still read, and go on afterwards',
    ],
    answer.exchange,
    ...after.map(({ exchange }) => exchange),
  );
}
