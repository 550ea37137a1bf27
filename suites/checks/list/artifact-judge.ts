import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { artifactsOf, taskIn } from '../shared/task-parts.ts';
import type { Contents } from './contents.ts';
import { exchangesOf, taskOn } from './page.ts';

/** §3.1.4: where artifacts are not asked for, the field is not there at all. */
export function judgeArtifactsOmitted({ id, got, plain }: Contents): Judgement {
  const evidence = exchangesOf([...plain, got]);
  const shown = plain.flatMap((answer) => {
    const task = taskOn(answer, id);
    return task && Object.hasOwn(task.raw, 'artifacts') ? [{ answer, artifacts: task.raw.artifacts }] : [];
  });
  const wrong = shown.find(({ artifacts }) => artifacts !== null);
  if (wrong !== undefined) {
    const size = Array.isArray(wrong.artifacts) ? wrong.artifacts.length : 1;
    return violated(
      {
        reason: 'artifacts are listed that were not asked for',
        expected: 'no field "artifacts"',
        actual: size === 0 ? '"artifacts": []' : `${size} artifacts`,
      },
      wrong.answer.exchange,
      got.exchange,
    );
  }
  if (shown.length > 0) {
    return ambiguous(
      '"artifacts" is null where artifacts are not asked for',
      ['§3.1.4: the field is omitted, not null', 'ProtoJSON: null stands for an absent field'],
      ...evidence,
    );
  }
  const known = taskIn(got);
  if (known === undefined || artifactsOf(known).length === 0) {
    return untested(
      'the task has no artifact to leave out',
      'name a message that makes one: --stimuli <file>',
      ...evidence,
    );
  }
  if (!plain.every((answer) => taskOn(answer, id))) {
    return untested('the task is not on every list', 'see list/returns-tasks', ...evidence);
  }
  return holds('artifacts are left out', ...evidence);
}
