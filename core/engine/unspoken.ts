import type { Binding } from '../../protocol/operations.ts';
import type { Finding } from '../findings/finding.ts';
import type { Target } from '../target/target.ts';
import { findingsOf, type Rows, type Said, type Subject } from './grade.ts';

/** Why no interface of a run can show what some bindings alone show; undefined where one can. */
function whyNot(bindings: readonly Binding[], { interfaces, unmeasured }: Target): Said | undefined {
  const isOne = (binding: string): boolean => bindings.some((name) => name === binding);
  if (interfaces.some(({ binding }) => isOne(binding))) return undefined;
  const declared = unmeasured.find(({ interface: { binding } }) => isOne(binding));
  const names = bindings.join(' or ');
  return declared === undefined
    ? { verdict: 'skip', reason: `the card declares no interface of ${names}` }
    : {
        verdict: 'untested',
        reason: `the interface of ${names} is not measured: ${declared.reason}`,
        hint: `see the interfaces that are not measured`,
      };
}

/** What is to be said of rows that belong to bindings which no interface of the run speaks. */
export const unspoken = (subject: Subject, wanted: readonly string[], target: Target, rows: Rows): readonly Finding[] =>
  wanted.flatMap((requirement) => {
    const bindings = rows.get(requirement)?.bindings;
    const said = bindings === undefined ? undefined : whyNot(bindings, target);
    return said === undefined ? [] : findingsOf(subject.id, [requirement], null, rows, said);
  });
