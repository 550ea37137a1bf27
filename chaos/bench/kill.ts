import { createRandom, uuid } from '../../core/engine/random.ts';
import { deadlinesFrom } from '../../core/engine/deadlines.ts';
import { HistoryRecorder } from '../../core/history/recorder.ts';
import { createHttpPort } from '../../core/wire/http/undici-port.ts';
import { createBindingClient } from '../../core/wire/connect.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { discover } from '../../fixtures/discovery/discover.ts';
import { readEverything } from '../client/final-reads.ts';
import { makeJob, runJob } from '../client/job.ts';
import { startEmbeddedChaos } from '../environment.ts';
import type { JobKind } from '../experiment.ts';
import { committedOnce } from '../invariants/committed-once.ts';
import { acknowledged, type BookFacts, type ChaosInvariant } from '../invariants/invariant.ts';
import { nothingLost } from '../invariants/nothing-lost.ts';
import { oneTaskAMessage } from '../invariants/one-task-a-message.ts';
import { workIsDone } from '../invariants/work-is-done.ts';

/**
 * Kills the agent (SIGKILL) at random moments under load and starts it again: no acknowledged task may be lost, none
 * committed twice. Prints one line for each figure; rejects where an invariant breaks. Arguments: kills, seed.
 */

const kinds: readonly JobKind[] = ['long', 'echo', 'chunks', 'long'];
const everyMs = 25;
/** Between a start and the next kill, in ms. */
const [shortestMs, longestMs] = [50, 600];
const timeoutMs = 20_000;
const longestRunMs = 10 * 60_000;

async function main(kills: number, seed: number): Promise<void> {
  await using environment = await startEmbeddedChaos();
  const recorder = new HistoryRecorder('bench');
  const port = createHttpPort({ recorder, maxInFlight: 1_000 });
  try {
    const { signal } = new AbortController();
    const deadlines = deadlinesFrom(timeoutMs);
    const target = await discover({ url: environment.agentUrl, port, deadlines, contracts: environment.contracts });
    const ref = target.interfaces[0]!;
    const client = createBindingClient({ port, interface: ref, deadlines, guard: createTaskBudget(1_000_000) });
    const random = createRandom(seed);
    const jobs: ReturnType<typeof makeJob>[] = [];
    const running: Promise<void>[] = [];
    let deadline = performance.now() + longestRunMs;
    const timer = setInterval(() => {
      const job = makeJob(kinds[jobs.length % kinds.length]!, uuid(random));
      jobs.push(job);
      running.push(runJob(job, { client, actor: 'bench', patienceMs: 1_000, signal, deadline: () => deadline }));
    }, everyMs);
    for (let kill = 0; kill < kills; kill += 1) {
      const moment = shortestMs + random() * (longestMs - shortestMs);
      await new Promise((resolve) => setTimeout(resolve, moment));
      await environment.agent.kill();
      await environment.agent.start();
    }
    clearInterval(timer);
    deadline = performance.now() + timeoutMs;
    await Promise.all(running);
    const owed = acknowledged(jobs);
    const taskIds = owed.map(({ taskId }) => taskId);
    const reads = await readEverything({ client, taskIds, timeoutMs, signal, deadline: performance.now() + timeoutMs });
    const say = ({ id, judge }: ChaosInvariant<BookFacts>): boolean => {
      const { verdict, reason } = judge({ jobs, reads });
      process.stdout.write(`${id}: ${verdict}, ${reason}\n`);
      return verdict === 'pass';
    };
    process.stdout.write(`${kills} kills, ${jobs.length} messages, ${owed.length} acknowledged tasks (seed ${seed})\n`);
    const held = [nothingLost, workIsDone, oneTaskAMessage, committedOnce].map(say);
    if (held.includes(false)) throw new Error('an invariant broke, or was not measured');
  } finally {
    await port.close();
  }
}

const [kills = '50', seed = '1'] = process.argv.slice(2);
await main(Number(kills), Number(seed));
