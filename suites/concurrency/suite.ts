import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { findingsOf, judged } from '../../core/engine/grade.ts';
import { judgeHistory } from '../../core/engine/judge-history.ts';
import type { Suite, SuiteContext, SuiteResult } from '../../core/engine/suite.ts';
import type { SuiteFigures } from '../../core/findings/explore-section.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { ambiguous, holds, violated, type Judgement } from '../../core/findings/judgement.ts';
import type { InterfaceRef } from '../../core/target/target.ts';
import { aliveCheck } from './alive.ts';
import { attempt, type Attempt } from './attempt.ts';
import { abilitiesAcross, crossingOf, sharesTasks } from './crossing.ts';
import { orderCheck, type Problem } from './judge.ts';
import { abilitiesOf, seedOf, stepsOf, turnOf, works } from './draw.ts';
import { draw } from './lanes.ts';
import { Measurements } from './measurements.ts';
import type { Abilities, Program } from './program.ts';
import { races, type Race } from './races.ts';
import type { Doors } from './run-program.ts';
import { catchProblem, defaultEffort, hitRate, programAt, type Caught, type HitRate } from './shrink.ts';

/** Several clients at once: what they are told has to be explained by some order of one thing after the other. */
export const concurrency: Suite = {
  name: 'concurrency',
  title: 'several clients at once, and races by name',
  run: (context) => new Concurrency(context).run(),
};

interface Place {
  /** One interface, or several of one agent. */
  readonly doors: Doors;
  /** What findings are of; null where several interfaces are needed to see it. */
  readonly ref: InterfaceRef | null;
  /** Of the door in the run; after the last one the place of several. */
  readonly index: number;
  readonly abilities: Abilities;
  readonly turn: readonly Race[];
  /** Rows that were accused already, each by how. */
  readonly known: Set<string>;
  readonly measured: Measurements;
}

const keyOf = ({ requirement, kind }: Problem): string => `${kind} ${requirement}`;

class Concurrency {
  readonly #context: SuiteContext;
  readonly #places: readonly Place[];
  /** Several interfaces at once; undefined where the agent has one. */
  readonly #crossing: Place | undefined;
  readonly #maxSteps: number;
  readonly #findings: Finding[] = [];
  #runs = 0;
  #commands = 0;
  #end: SuiteFigures['end'] = 'runs';
  #reason: string | undefined;

  constructor(context: SuiteContext) {
    this.#context = context;
    this.#maxSteps = stepsOf(context.budget.maxCommands);
    this.#places = context.doors.map((door, index) => this.#placeOf([door], index, abilitiesOf(door)));
    const crossing = crossingOf(context.doors);
    this.#crossing = crossing && this.#placeOf(crossing, context.doors.length, abilitiesAcross(crossing));
  }

  #placeOf(doors: Doors, index: number, abilities: Abilities): Place {
    const [{ interface: ref }] = doors;
    return {
      doors,
      ref: doors.length > 1 ? null : ref,
      index,
      abilities,
      turn: turnOf(abilities, this.#maxSteps),
      known: new Set(doors.flatMap((door) => [...this.#brokenBefore(door)])),
      measured: new Measurements(),
    };
  }

  async run(): Promise<SuiteResult> {
    const { again } = this.#context;
    const open = this.#places.filter(({ turn }) => turn.length > 0);
    if (open.length === 0) this.#end = 'not-elicited';
    else
      await this.#untilOver(async () => {
        if (await this.#isCrossed()) open.push(this.#crossing!);
        await (again === undefined ? this.#draw(open) : this.#repeat(open, again));
      });
    const crossed = open.filter((place) => place === this.#crossing);
    return {
      findings: [...this.#findings, ...[...this.#places, ...crossed].flatMap((place) => this.#others(place))],
      figures: {
        runs: this.#runs,
        commands: this.#commands,
        unsteady: 0,
        end: this.#end,
        ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      },
    };
  }

  async #untilOver(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unelicited)) throw error;
      this.#end = 'tasks';
      this.#reason = error.message;
    }
  }

  async #isCrossed(): Promise<boolean> {
    const place = this.#crossing;
    if (place === undefined || place.turn.length === 0 || !this.#mayGoOn()) return false;
    return await sharesTasks(place.doors, place.abilities);
  }

  /** What one client alone has shown broken is no race. */
  #brokenBefore({ interface: ref }: ProbeContext): Set<string> {
    const { recorder, target, invariants, rows } = this.#context;
    const findings = judgeHistory(recorder.history(), { target, interface: ref }, { invariants, rows });
    return new Set(
      findings.flatMap(({ verdict, requirement }) => (verdict === 'fail' ? [`violated ${requirement}`] : [])),
    );
  }

  async #draw(open: readonly Place[]): Promise<void> {
    const { seed, budget, onProgress } = this.#context;
    for (let run = 0; run < budget.runs; run += 1) {
      if (!this.#mayGoOn()) return;
      const place = open[run % open.length]!;
      const race = place.turn[Math.floor(run / open.length) % place.turn.length]!;
      await this.#try(place, race, seedOf(seed, place.index, race, run));
      this.#runs += 1;
      onProgress(this.#runs);
    }
  }

  #mayGoOn(): boolean {
    const { signal, budget } = this.#context;
    if (this.#end !== 'runs') return false;
    if (signal.aborted) this.#end = 'interrupted';
    else if (performance.now() >= budget.endsAt) this.#end = 'time';
    return this.#end === 'runs';
  }

  readonly #isOver = (): boolean => this.#context.signal.aborted || performance.now() >= this.#context.budget.endsAt;

  #attemptOn({ doors, measured }: Place): (program: Program) => Promise<Attempt> {
    return async (program) => {
      const made = await attempt(doors, program, this.#context);
      this.#commands += made.execution.done.filter(({ step }) => step !== null).length;
      measured.add(made.execution);
      return made;
    };
  }

  /** One program, and what is wrong with it as far as that is news. */
  async #try(place: Place, race: Race, seed: number): Promise<void> {
    const programs = race.programs(place.abilities, this.#maxSteps)!;
    const options = { attempt: this.#attemptOn(place), effort: defaultEffort, isOver: this.#isOver };
    const caught = await catchProblem({
      ...options,
      programs,
      seed,
      isWanted: (problem) => this.#isNews(place, problem),
    });
    if (caught === undefined) return;
    place.known.add(keyOf(caught.problem));
    // An agent that is gone answers no further try.
    const isDead = caught.problem.check === aliveCheck;
    if (isDead) this.#end = 'target-lost';
    const rate = isDead || this.#context.signal.aborted ? undefined : await hitRate(caught, options);
    this.#keep(place, race, caught, seed, rate);
  }

  /** The program of an earlier run, as often as it takes to tell. */
  async #repeat(
    open: readonly Place[],
    { seed, path }: { readonly seed: number; readonly path: string },
  ): Promise<void> {
    const [index, id, ofProgram] = path.split('/');
    const place = open.find((one) => one.index === Number(index));
    const race = races.find((one) => one.id === id);
    const programs = place && race?.programs(place.abilities, this.#maxSteps);
    const program = programs && programAt(programs, { seed, path: ofProgram ?? '0' });
    if (place === undefined || race === undefined || program === undefined) {
      this.#end = 'not-elicited';
      this.#reason = `the agent cannot be brought to ${id ?? path} any more`;
      return;
    }
    const run = this.#attemptOn(place);
    const seen = new Map<string, { caught: Caught; hits: number }>();
    let runs = 0;
    while (runs < defaultEffort.hits && this.#mayGoOn()) {
      const made = await run(program);
      runs += 1;
      for (const [problem] of Map.groupBy(made.problems, keyOf).values()) {
        if (problem === undefined) continue;
        const caught = { program, problem, attempt: made, path: ofProgram ?? '0' };
        seen.set(keyOf(problem), { caught, hits: (seen.get(keyOf(problem))?.hits ?? 0) + 1 });
      }
    }
    this.#runs = runs;
    for (const [key, { caught, hits }] of seen) {
      place.known.add(key);
      this.#keep(place, race, caught, seed, { hits, runs });
    }
  }

  /** What one interface has shown is no matter of several. */
  #isNews(place: Place, problem: Problem): boolean {
    const all = place === this.#crossing ? [place, ...this.#places] : [place];
    return all.every(({ known }) => isNews(known, problem));
  }

  #keep(place: Place, race: Race, caught: Caught, seed: number, rate: HitRate | undefined): void {
    const { ref, index, doors } = place;
    const { problem, attempt: made, path } = caught;
    const { steps, lanes } = draw(made.execution.done, problem.evidence);
    const often = rate === undefined ? '' : `; made again it showed in ${rate.hits} of ${rate.runs}`;
    const where = doors.length > 1 ? `, over ${doors.map(({ interface: { binding } }) => binding).join(' and ')}` : '';
    const judgement = judgementOf({ ...problem, reason: `${race.title}${where}: ${problem.reason}${often}` });
    const [finding] = this.#graded(problem.check, problem.requirement, ref, judgement);
    this.#findings.push({
      ...finding!,
      counterexample: {
        suite: 'concurrency',
        seed,
        path: `${index}/${race.id}/${path}`,
        steps,
        lanes,
        ...(rate === undefined ? {} : { hitRate: rate }),
      },
    });
  }

  /** What was measured and not accused, or why nothing was. */
  #others({ ref, known, measured, turn }: Place): readonly Finding[] {
    const { rows, again } = this.#context;
    if (turn.length === 0) {
      const names = works.map((work) => `"${work}"`).join(', ');
      return findingsOf(orderCheck, ['get/terminal-stable'], ref, rows, {
        verdict: 'untested',
        reason: `no message was found that makes a task (${names})`,
        hint: 'name some in a stimuli file: --stimuli <file>',
      });
    }
    // One program says nothing of all the others.
    if (again !== undefined && this.#findings.length > 0) return [];
    return measured
      .rows()
      .filter(({ row }) => !known.has(`violated ${row}`) && !known.has(`ambiguous ${row}`))
      .flatMap(({ check, row, reason, evidence }) => this.#graded(check, row, ref, holds(reason, ...evidence)));
  }

  #graded(check: string, row: string, ref: InterfaceRef | null, judgement: Judgement): readonly Finding[] {
    const subject = { id: check, requirements: [row] };
    return judged(
      subject,
      [row],
      ref,
      this.#context.rows,
      () => ({ [row]: judgement }),
      () => 0,
    );
  }
}

const isNews = (known: ReadonlySet<string>, problem: Problem): boolean =>
  !known.has(keyOf(problem)) && !known.has(`violated ${problem.requirement}`);

function judgementOf({ kind, reason, expected, actual, readings, evidence }: Problem): Judgement {
  if (kind === 'ambiguous' && readings !== undefined) return ambiguous(`${reason} (${actual})`, readings, ...evidence);
  return violated({ reason, expected, actual }, ...evidence);
}
