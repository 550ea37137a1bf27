import type { Finding } from '../../core/findings/finding.ts';
import type { Judgement } from '../../core/findings/judgement.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../../core/target/target.ts';
import type { Outcome } from '../generated/hunt.ts';

const always = [
  'security/get-scoped',
  'security/cancel-scoped',
  'security/send-scoped',
  'list/authorization-scoping',
] as const;

/** The rows that two principals are to be judged by: those of the check `security/isolation`. */
export const isolationRows = ({ streaming, pushNotifications }: Target['capabilities']): readonly string[] => [
  ...always,
  ...(streaming ? ['security/subscribe-scoped'] : []),
  ...(pushNotifications ? ['push/access'] : []),
];

/** Why a row was not measured on an interface. */
export interface Unmeasured {
  readonly row: string;
  readonly interface: InterfaceRef;
  readonly verdict: 'untested';
  readonly reason: string;
  readonly hint: string;
}

const keyOf = (row: string, ref: InterfaceRef | null): string =>
  JSON.stringify([row, ref === null ? null : interfaceKey(ref)]);

/** Where somebody is to be kept apart, each of the rows about it is told of: what no sequence measured is not passed over. */
export class Isolation {
  readonly #rows: readonly string[];
  readonly #open = new Map<string, Judgement & { readonly kind: 'untested' }>();

  constructor(isSecondNamed: boolean, capabilities: Target['capabilities']) {
    this.#rows = isSecondNamed ? isolationRows(capabilities) : [];
  }

  /** What one sequence says; of what it could not tell the reason is kept. */
  note(outcomes: readonly Outcome[]): void {
    for (const { row, interface: ref, judgement } of outcomes)
      if (judgement.kind === 'untested') this.#open.set(keyOf(row, ref), judgement);
  }

  unmeasured(refs: readonly InterfaceRef[], findings: readonly Finding[]): readonly Unmeasured[] {
    const known = new Set(findings.map(({ requirement, interface: ref }) => keyOf(requirement, ref)));
    return refs.flatMap((ref) =>
      this.#rows
        .filter((row) => !known.has(keyOf(row, ref)))
        .map((row): Unmeasured => {
          const { reason = 'no sequence came to it with a task of each principal', hint = moreHint } =
            this.#open.get(keyOf(row, ref)) ?? {};
          return { row, interface: ref, verdict: 'untested', reason, hint };
        }),
    );
  }
}

const moreHint =
  'draw more: --runs, --time; both tokens have to be of principals that this interface serves, and may be sent to it';
