import type { Exchange } from '../../core/history/exchange.ts';
import type { HistoryRecorder } from '../../core/history/recorder.ts';
import type { Invariant } from '../../core/invariants/invariant.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../../core/target/target.ts';
import type { Outcome } from './hunt.ts';

/** What is recorded while one case is made, for invariants to judge. */
export class CaseHistory {
  #exchanges: Exchange[] = [];

  constructor(recorder: HistoryRecorder) {
    recorder.onExchange((exchange) => this.#exchanges.push(exchange));
  }

  begin(): void {
    this.#exchanges = [];
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges.toSorted((a, b) => a.startedAt - b.startedAt);
  }

  /** What the invariants of the text accuse; what they find right they say of the whole run. */
  accusations(invariants: readonly Invariant[], target: Target, refs: readonly InterfaceRef[]): readonly Outcome[] {
    return refs.flatMap((ref) => {
      const key = interfaceKey(ref);
      const exchanges = this.exchanges.filter(({ interface: of }) => of !== null && interfaceKey(of) === key);
      return invariants
        .filter(({ provenance }) => provenance.kind === 'spec')
        .flatMap((invariant) =>
          Object.entries(invariant.judge({ exchanges }, { target, interface: ref }))
            .filter(([, { kind }]) => kind === 'violated' || kind === 'ambiguous')
            .map(([row, judgement]): Outcome => ({ check: invariant.id, row, interface: ref, judgement })),
        );
    });
  }
}
