import type { Exchange } from '../../core/history/exchange.ts';
import type { HistoryRecorder } from '../../core/history/recorder.ts';
import type { Invariant } from '../../core/invariants/invariant.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../../core/target/target.ts';
import { codecOf } from '../../core/wire/codecs.ts';
import { notTakenCause } from '../checks/shared/refusal.ts';
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

  /** Why the case is not the one that was drawn: some of its requests were not taken up. Undefined where all were. */
  unserved(): string | undefined {
    const asked = this.exchanges.filter(({ intent }) => intent.kind === 'operation');
    const causes = asked.flatMap((exchange) => {
      const reply = codecOf(exchange)?.decodeReply(exchange);
      return reply === undefined ? [] : (notTakenCause({ exchange, reply }) ?? []);
    });
    return causes.length === 0
      ? undefined
      : `${causes.length} of ${asked.length} requests of the case were not taken up: ${causes[0]}`;
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
