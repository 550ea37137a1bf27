import { operations, type Operation } from '../../protocol/operations.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../target/target.ts';
import type { Exchange, History } from './exchange.ts';

/** What an agent says of its own accord, beside its answers. */
export type Exposed = Operation | 'Notification';

export const exposed: readonly Exposed[] = [...(Object.keys(operations) as Operation[]), 'Notification'];

/** How many answers of one kind were seen. */
export interface Met {
  readonly answers: number;
  /** A fault that acts on one answer in so many was met with 95 % probability; null where nothing was seen. */
  readonly oneIn: number | null;
}

/** What of one operation was seen on one interface. That a fault was met says that it acted, not that a judge looked there. */
export interface Exposure {
  readonly interface: InterfaceRef;
  readonly operation: Exposed;
  readonly results: Met;
  readonly errors: Met;
}

/** How sure it has to be that a fault was met. */
const confidence = 0.95;

/** The most seldom fault, one answer in so many, that `answers` independent answers meet with 95 % probability. */
export const oneInOf = (answers: number): number | null =>
  answers <= 0 ? null : Math.floor(1 / (1 - (1 - confidence) ** (1 / answers)));

/** The least number of answers that meets a fault of one answer in `oneIn` with 95 % probability. */
export const answersFor = (oneIn: number): number => Math.ceil(Math.log(1 - confidence) / Math.log(1 - 1 / oneIn));

const met = (answers: number): Met => ({ answers, oneIn: oneInOf(answers) });

/** What an exchange shows an answer of; undefined where it is none, or not of a request that was meant well. */
export function exposedBy({ intent, outcome, response }: Exchange): Exposed | undefined {
  if (intent.kind === 'delivery') return 'Notification';
  if (intent.kind !== 'operation' || response === null || outcome === 'indefinite') return undefined;
  return intent.operation;
}

/** One for each interface and operation that the card declares, answered or not, and for what was answered without that. Pure. */
export function exposuresOf(
  { exchanges, deliveries = [] }: History,
  { interfaces, capabilities }: Pick<Target, 'interfaces' | 'capabilities'>,
): readonly Exposure[] {
  const seen = [...exchanges, ...deliveries];
  const isDeclared = (of: Exposed): boolean => {
    const capability = of === 'Notification' ? 'pushNotifications' : operations[of].capability;
    return capability === null || capabilities[capability];
  };
  return interfaces.flatMap((ref) => {
    const own = seen.filter(({ interface: of }) => of !== null && interfaceKey(of) === interfaceKey(ref));
    const answers = Map.groupBy(own, exposedBy);
    return exposed.flatMap((operation): Exposure[] => {
      const of = answers.get(operation) ?? [];
      if (of.length === 0 && !isDeclared(operation)) return [];
      const errors = of.filter(({ intent, outcome }) => intent.kind === 'operation' && outcome === 'error').length;
      return [{ interface: ref, operation, results: met(of.length - errors), errors: met(errors) }];
    });
  });
}
