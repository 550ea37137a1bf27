import { intermittentMutants } from '../../mocks/mutants/intermittent.ts';
import { startMutant } from '../../mocks/mutants/mutant.ts';
import { spokenBindings } from '../../core/wire/connect.ts';
import { isAccusation } from '../accusation.ts';
import { agentOptions, judgeAgent } from '../judge-agent.ts';
import { describeRate } from '../mutants/kill-rate.ts';

/*
 * What one check, with `--intrusive`, sees of agents that are wrong now and then: `node compose/bench/intermittent-check.ts <seeds>`.
 * One binding a seed, in turn.
 */

const seeds = Number(process.argv[2] ?? '6');

let [seen, runs] = [0, 0];
for (const mutant of intermittentMutants) {
  let caught = 0;
  const others = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const bindings = [spokenBindings[seed % spokenBindings.length]!];
    const agent = await startMutant(mutant, { ...agentOptions, bindings }, seed);
    try {
      const found = (await judgeAgent(agent, { seed })).filter(isAccusation);
      const rows = new Set(found.map(({ requirement }) => requirement));
      if (mutant.breaks.some((row) => rows.has(row))) caught += 1;
      for (const row of rows) if (!mutant.breaks.includes(row)) others.set(row, (others.get(row) ?? 0) + 1);
    } finally {
      await agent.close();
    }
  }
  seen += caught;
  runs += seeds;
  const beside = [...others].map(([row, times]) => `${row} ${times}`).join(', ');
  console.log(
    `${mutant.id}: seen by ${caught} of ${seeds} checks${beside === '' ? '' : `; other rows accused: ${beside}`}`,
  );
}
console.log(`all of them: ${describeRate(seen, runs)}`);
