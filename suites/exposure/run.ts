import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { findingsOf, judged } from '../../core/engine/grade.ts';
import type { SuiteContext } from '../../core/engine/suite.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { holds, type Judgement } from '../../core/findings/judgement.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { answersFor } from '../../core/history/exposures.ts';
import { interfaceKey, type InterfaceRef } from '../../core/target/target.ts';
import { deleteConfigs } from '../checks/push/configuration.ts';
import { burst } from '../checks/robustness/burst.ts';
import { cancelTaskIn } from '../checks/shared/clean-up.ts';
import { asks, type Ask, type Shown } from './asks.ts';
import { lookAtManyTasks } from './many-tasks.ts';
import { makePlace, type Place } from './place.ts';

export const name = 'exposure';

/** So many answers of one kind meet a fault of one in ten with 95 % probability. */
export const enough = answersFor(10);

/** How often a request is made in vain, and how often at most. */
const inVain = 5;
const mostTries = 2 * enough;

interface Tries {
  tries: number;
  answered: number;
}

interface Tally {
  readonly row: string;
  readonly interface: InterfaceRef;
  times: number;
  wrong: number;
  /** The first that accuses, or else the first that holds. */
  judgement: Judgement;
}

const accuses = ({ kind }: Judgement): boolean => kind === 'violated' || kind === 'ambiguous';

/** Good requests, until of each operation enough was seen; step by step, so that whoever waits for a fault may look between them. */
export class ExposureRun {
  readonly #context: SuiteContext;
  readonly #places: Place[] = [];
  readonly #missing: Finding[] = [];
  readonly #answers = new Map<string, number>();
  readonly #tallies = new Map<string, Tally>();
  readonly #tries = new Map<Place, Map<Ask, Tries>>();
  #rounds = 0;

  constructor(context: SuiteContext) {
    this.#context = context;
    for (const exchange of context.recorder.history().exchanges) this.#count(exchange);
    context.recorder.onExchange((exchange) => this.#count(exchange));
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** Whether there is an interface that can be asked. */
  get isPossible(): boolean {
    return this.#places.length > 0;
  }

  /** Makes what the requests speak of. */
  async prepare(): Promise<void> {
    const { doors, rows } = this.#context;
    for (const door of doors) {
      try {
        this.#places.push(await makePlace(door));
      } catch (error) {
        if (!(error instanceof Unelicited)) throw error;
        const { message: reason, hint, evidence } = error;
        const said = { verdict: 'untested', reason, hint, evidence } as const;
        this.#missing.push(...findingsOf(name, ['get/returns-task'], door.interface, rows, said));
      }
    }
  }

  /** Each request of which not enough was answered, once on each interface; false where there is none. */
  async round(mayGoOn: () => boolean = () => true): Promise<boolean> {
    const due = this.#places.flatMap((place) =>
      asks.filter((ask) => this.#isDue(place, ask)).map((ask) => ({ place, ask })),
    );
    for (const { place, ask } of due) {
      if (!mayGoOn()) return false;
      await this.#make(place, ask);
    }
    if (due.length > 0) this.#rounds += 1;
    return due.length > 0;
  }

  /** Fifty messages at once, on each interface. */
  async burst(): Promise<void> {
    const { target } = this.#context;
    for (const { door } of this.#places) {
      if (this.#context.signal.aborted) return;
      const { interface: ref, behaviours, deadlines } = door;
      const judgements = burst.judge(await burst.probe(door), { target, interface: ref, behaviours, deadlines });
      this.#say(
        door,
        Object.entries(judgements).map(([row, judgement]) => ({ row, judgement })),
      );
    }
  }

  /** More than 200 tasks: of the agent, so that one interface is enough. */
  async manyTasks(): Promise<void> {
    const [place] = this.#places;
    if (place !== undefined && !this.#context.signal.aborted) this.#say(place.door, await lookAtManyTasks(place));
  }

  /** A guest cleans up: no configuration and no task is left behind. */
  async cleanUp(): Promise<void> {
    for (const { door, config, waiting } of this.#places) {
      if (config !== undefined) await deleteConfigs(door, config);
      await cancelTaskIn(door, waiting?.before);
    }
  }

  /** One for each row × interface that was measured. */
  findings(): readonly Finding[] {
    return [...this.#missing, ...[...this.#tallies.values()].flatMap((tally) => this.#graded(tally))];
  }

  #count(exchange: Exchange): void {
    const { interface: ref, intent, outcome } = exchange;
    if (ref === null || intent.kind !== 'operation' || outcome === 'indefinite') return;
    const key = keyOf(ref, intent.operation, outcome === 'ok' ? 'result' : 'error');
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
  }

  async #make(place: Place, ask: Ask): Promise<void> {
    const made = this.#triesOf(place, ask);
    const before = this.#seen(place.door, ask);
    this.#say(place.door, await ask.ask(place, made.tries));
    made.tries += 1;
    if (this.#seen(place.door, ask) > before) made.answered += 1;
  }

  /** What an agent never answers so is not asked for ever. */
  #isDue(place: Place, ask: Ask): boolean {
    if (!ask.isPossible(place)) return false;
    const { tries, answered } = this.#triesOf(place, ask);
    if (tries >= mostTries || (answered === 0 && tries >= inVain)) return false;
    return (ask.countsAlone ? answered : this.#seen(place.door, ask)) < enough;
  }

  #triesOf(place: Place, ask: Ask): Tries {
    const ofPlace = this.#tries.get(place) ?? new Map<Ask, Tries>();
    this.#tries.set(place, ofPlace);
    const known = ofPlace.get(ask) ?? { tries: 0, answered: 0 };
    ofPlace.set(ask, known);
    return known;
  }

  #seen({ interface: ref }: ProbeContext, { operation, gives }: Ask): number {
    return this.#answers.get(keyOf(ref, operation, gives)) ?? 0;
  }

  #say({ interface: ref }: ProbeContext, shown: readonly Shown[]): void {
    for (const { row, judgement } of shown) {
      if (judgement.kind !== 'holds' && !accuses(judgement)) continue;
      const key = JSON.stringify([row, interfaceKey(ref)]);
      const known = this.#tallies.get(key);
      const wrong = accuses(judgement) ? 1 : 0;
      if (known === undefined) {
        this.#tallies.set(key, { row, interface: ref, times: 1, wrong, judgement });
        continue;
      }
      // What is certain is told before what is not.
      if (rank(judgement) > rank(known.judgement)) known.judgement = judgement;
      known.times += 1;
      known.wrong += wrong;
    }
  }

  #graded({ row, interface: ref, judgement, times, wrong }: Tally): readonly Finding[] {
    const often = ` (in ${wrong} of ${times} ${times === 1 ? 'answer' : 'answers'})`;
    const said =
      judgement.kind === 'holds'
        ? holds(`${times} answers: ${judgement.reason}`, ...judgement.evidence)
        : { ...judgement, reason: `${judgement.reason}${often}` };
    const { rows } = this.#context;
    return judged(
      { id: name, requirements: [row] },
      [row],
      ref,
      rows,
      () => ({ [row]: said }),
      () => 0,
    );
  }
}

const keyOf = (ref: InterfaceRef, operation: string, gives: 'result' | 'error'): string =>
  JSON.stringify([interfaceKey(ref), operation, gives]);

const rank = ({ kind }: Judgement): number => (kind === 'violated' ? 2 : kind === 'ambiguous' ? 1 : 0);
