import fc from 'fast-check';
import type { Operation } from '../../protocol/operations.ts';
import { operationsOf, plainRequestOf, requestOf, type Drawable, type Json } from './requests.ts';
import { violationsOf, type Violation } from './violations.ts';

/** One drawn request: a valid one, or one with a single fault. */
export interface Case {
  readonly operation: Operation;
  /** With references in place of what only the agent knows. */
  readonly params: Json;
  readonly violation?: Violation;
}

const valid = (operation: Operation, target: Drawable): fc.Arbitrary<Case> =>
  requestOf[operation](target).map((params) => ({ operation, params }));

/** The fault is drawn before the request around it, so that shrinking the request keeps it. */
function invalid(operation: Operation, target: Drawable): fc.Arbitrary<Case> | undefined {
  const violations = violationsOf(operation, { inlinePush: target.pushNotifications });
  if (violations.length === 0) return undefined;
  return fc.tuple(fc.constantFrom(...violations), plainRequestOf(operation)).map(([violation, plain]) => ({
    operation,
    violation,
    params: violation.apply(plain),
  }));
}

/** As many valid cases as faulty ones. */
export const anyCase = (target: Drawable): fc.Arbitrary<Case> =>
  fc.oneof(
    ...operationsOf(target).flatMap(([operation, weight]) => {
      const faulty = invalid(operation, target);
      return [
        { weight, arbitrary: valid(operation, target) },
        ...(faulty === undefined ? [] : [{ weight, arbitrary: faulty }]),
      ];
    }),
  );

const shown = 300;

export function describeCase({ operation, params, violation }: Case): string {
  const text = JSON.stringify(params);
  const cut = text.length > shown ? `${text.slice(0, shown)}… (${text.length} characters)` : text;
  return `${operation} ${cut}${violation === undefined ? '' : `, where ${violation.name}`}`;
}
