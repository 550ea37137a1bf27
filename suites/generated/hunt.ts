import fc from 'fast-check';
import { judged, type Rows } from '../../core/engine/grade.ts';
import type { SuiteBudget } from '../../core/engine/suite.ts';
import type { SuiteFigures, SuiteName } from '../../core/findings/explore-section.ts';
import type { Counterexample, Finding } from '../../core/findings/finding.ts';
import { holds, type Judgement } from '../../core/findings/judgement.ts';
import { interfaceKey, type InterfaceRef } from '../../core/target/target.ts';
import { Unelicited } from '../../core/engine/check.ts';

/** What a case says of one row on one interface. */
export interface Outcome {
  /** The suite, or an invariant over what the case recorded. */
  readonly check: string;
  readonly row: string;
  readonly interface: InterfaceRef | null;
  readonly judgement: Judgement;
}

export interface Performance {
  readonly outcomes: readonly Outcome[];
  /** What was done, with what was expected and what came. */
  readonly steps: readonly string[];
  /** Why it is not the case that was drawn, whatever it says: requests were not taken up. */
  readonly unserved?: string | undefined;
  /** Of commands: which of them really ran. */
  readonly replayPath?: string;
}

export interface HuntOptions<Case> {
  readonly suite: SuiteName;
  readonly cases: fc.Arbitrary<Case>;
  /** Makes a case and judges it. @throws {Unelicited} where no further task may be made */
  readonly perform: (drawn: Case) => Promise<Performance>;
  readonly rows: Rows;
  readonly seed: number;
  readonly budget: SuiteBudget;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
  /** Only this case. */
  readonly again?: Pick<Counterexample, 'seed' | 'path'> | undefined;
  /**
   * Whether an accusation may come of how things happened to fall together, so that it counts only where it comes again. What one
   * answer shows is shown, however seldom.
   */
  readonly dependsOnTiming: boolean;
}

export interface HuntResult {
  readonly findings: readonly Finding[];
  readonly figures: Pick<SuiteFigures, 'runs' | 'unsteady' | 'end' | 'reason'>;
}

/** How often a shrunk case is made again before it is believed; more often where all of it may be a matter of timing. */
const confirmations = 2;
const mostConfirmations = 6;

/** Of the time that is left, for making one case smaller. */
const shrinkShare = 0.2;
const leastShrinkMs = 2_000;

const keyOf = ({ check, row, interface: ref }: Outcome): string =>
  JSON.stringify([check, row, ref === null ? null : interfaceKey(ref)]);

const accuses = ({ judgement: { kind } }: Outcome): boolean => kind === 'violated' || kind === 'ambiguous';

class Accusation extends Error {
  readonly outcome: Outcome;
  readonly performance: Performance;

  constructor(outcome: Outcome, performance: Performance) {
    super(outcome.judgement.reason);
    this.outcome = outcome;
    this.performance = performance;
  }
}

/**
 * Draws cases until the budget is used up. The first accusation of a row on an interface is shrunk, made again, and kept; the hunt
 * then goes on from the same case, with that row known. One finding for each row × interface, for those that hold too.
 */
export async function hunt<Case>(options: HuntOptions<Case>): Promise<HuntResult> {
  return new Hunt(options).run();
}

class Hunt<Case> {
  readonly #options: HuntOptions<Case>;
  readonly #began = performance.now();
  /** Rows that are accused, and those of which an accusation did not come again. */
  readonly #known = new Set<string>();
  readonly #findings: Finding[] = [];
  readonly #held = new Map<string, { readonly outcome: Outcome; times: number }>();
  /** Cases made, those of shrinking aside. */
  #done = 0;
  #unsteady = 0;
  #stopped: SuiteFigures['end'] | undefined;
  #reason: string | undefined;

  constructor(options: HuntOptions<Case>) {
    this.#options = options;
  }

  async run(): Promise<HuntResult> {
    const { again, budget } = this.#options;
    if (again === undefined) {
      let next = 0;
      while (next < budget.runs && this.#mayGoOn()) next = await this.#round(next);
    } else await this.#once(again);
    return {
      findings: [...this.#findings, ...this.#passes()],
      figures: {
        runs: this.#done,
        unsteady: this.#unsteady,
        end: this.#stopped ?? 'runs',
        ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      },
    };
  }

  /** From the case of this number to the next accusation, or the end; the number of the case to go on with. */
  async #round(from: number): Promise<number> {
    const { cases, seed, budget, onProgress } = this.#options;
    let wanted: string | undefined;
    let last: Accusation | undefined;
    let index = from;
    let shrinkEnds = Infinity;
    /** A fault of the harness: no counterexample, whatever the case. */
    let fault: { readonly error: unknown } | undefined;
    const details = await fc.check(
      fc.asyncProperty(cases, async (drawn) => {
        // Interrupts: what was found so far is kept.
        if (!this.#mayGoOn() || performance.now() > shrinkEnds) throw new fc.PreconditionFailure(true);
        let made: Performance | undefined;
        try {
          made = await this.#perform(drawn);
        } catch (error) {
          fault = { error };
        }
        if (made === undefined) throw new fc.PreconditionFailure(true);
        if (wanted === undefined) {
          index += 1;
          // A case that accuses is made again, for what else it may say.
          if (index > this.#done) {
            this.#done = index;
            onProgress(index);
            this.#count(made.outcomes);
          }
        }
        const outcome = made.outcomes.find(
          (one) => accuses(one) && (wanted === undefined ? !this.#known.has(keyOf(one)) : keyOf(one) === wanted),
        );
        if (outcome === undefined) return;
        if (wanted === undefined) shrinkEnds = performance.now() + this.#shrinkMs();
        wanted = keyOf(outcome);
        last = new Accusation(outcome, made);
        throw last;
      }),
      {
        seed,
        numRuns: budget.runs - from,
        ...(from === 0 ? {} : { path: String(from) }),
      },
    );
    if (fault !== undefined) throw fault.error;
    if (!details.failed || details.counterexamplePath === null || last === undefined || wanted === undefined)
      return budget.runs;
    const drawn = details.counterexample?.[0];
    if (drawn === undefined) return budget.runs;
    const { hits, tries, made } = await this.#confirm(drawn, wanted);
    const at = Number(details.counterexamplePath.split(':')[0]);
    this.#known.add(wanted);
    if (hits === 0 && this.#options.dependsOnTiming) {
      this.#unsteady += 1;
      this.#known.delete(wanted);
      return at + 1;
    }
    const shown = made ?? last;
    this.#keep(shown, { seed, path: details.counterexamplePath }, { hits, tries });
    // The same case may accuse of another row.
    return at;
  }

  async #confirm(
    drawn: Case,
    wanted: string,
  ): Promise<{ readonly hits: number; readonly tries: number; readonly made: Accusation | undefined }> {
    let hits = 0;
    let made: Accusation | undefined;
    const most = this.#options.dependsOnTiming ? mostConfirmations : confirmations;
    let tries = 0;
    for (; (tries < confirmations || (hits === 0 && tries < most)) && this.#mayConfirm(); tries += 1) {
      const performance = await this.#perform(drawn);
      const outcome = performance?.outcomes.find((one) => accuses(one) && keyOf(one) === wanted);
      if (performance === undefined || outcome === undefined) continue;
      hits += 1;
      made = new Accusation(outcome, performance);
    }
    return { hits, tries, made };
  }

  /** One case, by seed and path. What it could not measure is said too: silence would pass for a repair. */
  async #once({ seed, path }: Pick<Counterexample, 'seed' | 'path'>): Promise<void> {
    const [drawn] = fc.sample(this.#options.cases, { seed, path, numRuns: 1 });
    if (drawn === undefined) return;
    const most = this.#options.dependsOnTiming ? mostConfirmations : 1;
    const open = new Map<string, Outcome>();
    let unserved: string | undefined;
    for (let tries = 0; tries < most && this.#findings.length === 0 && this.#mayGoOn(); tries += 1) {
      const made = await this.#perform(drawn);
      if (made === undefined) break;
      // A sequence that was not served is another one: that it accuses of nothing is no repair.
      if (made.unserved !== undefined && !made.outcomes.some(accuses)) {
        unserved = made.unserved;
        continue;
      }
      this.#done += 1;
      this.#count(made.outcomes);
      for (const outcome of made.outcomes) {
        const key = keyOf(outcome);
        if (outcome.judgement.kind === 'untested') open.set(key, outcome);
        if (!accuses(outcome) || this.#known.has(key)) continue;
        this.#known.add(key);
        this.#keep(new Accusation(outcome, made), { seed, path });
      }
    }
    if (this.#done === 0 && unserved !== undefined) {
      this.#stopped = 'not-elicited';
      this.#reason = unserved;
    }
    for (const [key, outcome] of open) {
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.#findings.push(...this.#graded(outcome, outcome.judgement));
    }
  }

  /** One fault may not use up the time of all others. */
  #shrinkMs(): number {
    return Math.max(leastShrinkMs, (this.#options.budget.endsAt - performance.now()) * shrinkShare);
  }

  /** What was found is made again also when the time for drawing is up. */
  #mayConfirm(): boolean {
    return !this.#options.signal.aborted && this.#stopped !== 'tasks';
  }

  #mayGoOn(): boolean {
    const { signal, budget } = this.#options;
    if (this.#stopped !== undefined) return false;
    if (signal.aborted) this.#stopped = 'interrupted';
    else if (performance.now() >= budget.endsAt) this.#stopped = 'time';
    return this.#stopped === undefined;
  }

  async #perform(drawn: Case): Promise<Performance | undefined> {
    try {
      const made = await this.#options.perform(drawn);
      return { ...made, outcomes: made.outcomes.filter((outcome) => this.#isOfBinding(outcome)) };
    } catch (error) {
      if (!(error instanceof Unelicited)) throw error;
      this.#stopped = 'tasks';
      this.#reason = error.message;
      return undefined;
    }
  }

  #isOfBinding({ row, interface: ref }: Outcome): boolean {
    const bindings = this.#options.rows.get(row)?.bindings;
    return bindings === undefined || ref === null || bindings.some((name) => name === ref.binding);
  }

  #count(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.judgement.kind !== 'holds') continue;
      const known = this.#held.get(keyOf(outcome));
      if (known === undefined) this.#held.set(keyOf(outcome), { outcome, times: 1 });
      else known.times += 1;
    }
  }

  #keep(
    { outcome, performance: made }: Accusation,
    drawn: { readonly seed: number; readonly path: string },
    again?: { readonly hits: number; readonly tries: number },
  ): void {
    const { suite, dependsOnTiming } = this.#options;
    const { judgement } = outcome;
    const seldom =
      again !== undefined && again.hits < again.tries ? ` (seen in ${again.hits + 1} of ${again.tries + 1} tries)` : '';
    const { steps, replayPath } = made;
    const counterexample: Counterexample = {
      suite,
      ...drawn,
      ...(replayPath === undefined ? {} : { replayPath }),
      steps,
      ...(again === undefined || !dependsOnTiming ? {} : { hitRate: { hits: again.hits, runs: again.tries } }),
    };
    const findings = this.#graded(outcome, { ...judgement, reason: `${judgement.reason}${seldom}` });
    this.#findings.push(...findings.map((finding) => ({ ...finding, counterexample })));
  }

  #passes(): readonly Finding[] {
    return [...this.#held]
      .filter(([key]) => !this.#known.has(key))
      .flatMap(([, { outcome, times }]) => {
        const { judgement } = outcome;
        const evidence = judgement.kind === 'holds' ? judgement.evidence : [];
        return this.#graded(outcome, holds(`${times} generated cases: ${judgement.reason}`, ...evidence));
      });
  }

  #graded({ check, row, interface: ref }: Outcome, judgement: Judgement): readonly Finding[] {
    const subject = { id: check, requirements: [row] };
    return judged(
      subject,
      [row],
      ref,
      this.#options.rows,
      () => ({ [row]: judgement }),
      () => performance.now() - this.#began,
    );
  }
}
