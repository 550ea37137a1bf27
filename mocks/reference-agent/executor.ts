import { createHash, randomUUID } from 'node:crypto';
import type { Behaviour, Run } from './behaviours.ts';
import { behaviourNamed } from './behaviours.ts';
import type { Settings } from './settings.ts';
import type { TaskRecord, Turn } from './task-store.ts';
import type { Tasks } from './tasks.ts';
import type { Timers } from './timers.ts';
import { ClosedError } from './timers.ts';
import type { Artifact, Part, TaskState } from './types.ts';
import { isInterrupted } from './types.ts';

/** A run whose task has left it behind: canceled, or moved on by another run. */
class AbandonedError extends Error {
  constructor() {
    super('The run is over');
    this.name = 'AbandonedError';
  }
}

/** Lets behaviours work on tasks, one run at a time for each task. */
export interface Executor {
  /** Runs up to the first pause before it returns. */
  start(taskId: string, turn: Turn): void;
  /** Goes on with the work on a task that an earlier process did not finish: the updates made so far are left out. */
  resume(record: TaskRecord): void;
  /** Ends the run of a task, where there is one. */
  abort(taskId: string): void;
  /** A credential has arrived out of band (§7.6.1); false where nobody waits for it. */
  grant(grantId: string): boolean;
  close(): void;
}

const mediaTypeMatches = (pattern: string, mediaType: string): boolean => {
  const wanted = pattern.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    wanted === '*/*' || wanted === mediaType || (wanted.endsWith('/*') && mediaType.startsWith(wanted.slice(0, -1)))
  );
};

/** The same for the same artifact when its turn is run again. */
function artifactIdOf({ task, turn }: TaskRecord, ordinal: number): string {
  const hex = createHash('sha256').update(`${task.id} ${turn} ${ordinal}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export function createExecutor(deps: {
  readonly tasks: Tasks;
  readonly timers: Timers;
  readonly settings: Settings;
  /** Where a credential for an authorization request is received. */
  readonly grantUrl: (grantId: string) => string;
}): Executor {
  const { tasks, timers, settings } = deps;
  const running = new Map<string, AbortController>();
  /** Task id by the id of its authorization request, and the other way round. */
  const grants = new Map<string, string>();
  const grantOf = new Map<string, string>();

  const keepGrant = (grantId: string, taskId: string): void => {
    grants.set(grantId, taskId);
    grantOf.set(taskId, grantId);
  };

  const dropGrant = (taskId: string): void => {
    grants.delete(grantOf.get(taskId) ?? '');
    grantOf.delete(taskId);
  };

  const createRun = (record: TaskRecord, turn: Turn, signal: AbortSignal): Run => {
    const taskId = record.task.id;
    /** Updates that are stored already, from before a crash. */
    let known = record.steps;
    const isKnown = (): boolean => known > 0 && (known -= 1) >= 0;
    const artifactIds = new Map<string, string>();
    const go = (done: boolean): void => {
      if (!done) throw new AbandonedError();
    };
    const accepts = (mediaType: string): boolean =>
      turn.acceptedOutputModes.length === 0 ||
      turn.acceptedOutputModes.some((pattern) => mediaTypeMatches(pattern, mediaType));
    /** Text becomes data for a client that takes JSON but no text (§3.2.2: tailor the output). */
    const tailor = (part: Part): Part =>
      part.text !== undefined && !accepts('text/plain') && accepts('application/json')
        ? { data: part.text, mediaType: 'application/json' }
        : part;
    /** What the optional extension adds to an artifact, under its URI. */
    const extended = (parts: number): Pick<Artifact, 'extensions' | 'metadata'> => {
      const [uri] = turn.extensions ?? [];
      return uri === undefined ? {} : { extensions: [uri], metadata: { [uri]: { parts } } };
    };
    const pause = (ms: number): Promise<void> => (known > 0 ? Promise.resolve() : timers.delay(ms, signal));
    const status = (state: TaskState, text?: string): void => {
      signal.throwIfAborted();
      if (isKnown()) return;
      go(tasks.setStatus(taskId, state, text));
    };
    return {
      message: turn.message,
      turn: record.turn,
      trigger: turn.trigger,
      longRunningMs: settings.longRunningMs,
      abandonAfterMs: settings.abandonAfterMs,
      referencedTasks: (turn.message.referenceTaskIds ?? []).flatMap((id) => {
        const referenced = tasks.get(id);
        return referenced?.owner === record.owner ? [{ id, state: referenced.task.status.state }] : [];
      }),
      working: (text) => status('TASK_STATE_WORKING', text),
      complete: (text) => status('TASK_STATE_COMPLETED', text),
      fail: (text) => status('TASK_STATE_FAILED', text),
      reject: (text) => status('TASK_STATE_REJECTED', text),
      inputRequired: (text) => status('TASK_STATE_INPUT_REQUIRED', text),
      authRequired(text) {
        const grantId = randomUUID();
        keepGrant(grantId, taskId);
        status('TASK_STATE_AUTH_REQUIRED', `${text}. To authorize it, POST to ${deps.grantUrl(grantId)}`);
      },
      artifact(artifact, flags = {}) {
        signal.throwIfAborted();
        const artifactId = artifactIds.get(artifact.artifactId) ?? artifactIdOf(record, artifactIds.size);
        artifactIds.set(artifact.artifactId, artifactId);
        if (isKnown()) return;
        const parts = artifact.parts.map(tailor);
        go(tasks.addArtifact(taskId, { ...artifact, artifactId, parts, ...extended(parts.length) }, flags));
      },
      step: () => pause(settings.stepMs),
      wait: pause,
    };
  };

  const execute = async (taskId: string, behaviour: Extract<Behaviour, { run: unknown }>, run: Run): Promise<void> => {
    try {
      await behaviour.run(run);
    } catch (error) {
      if (error instanceof AbandonedError || error instanceof ClosedError) return;
      settings.log({ level: 'error', event: 'behaviour failed', detail: String(error) });
      tasks.setStatus(taskId, 'TASK_STATE_FAILED', 'Internal error');
    }
  };

  const start = (taskId: string, turn: Turn): void => {
    const record = tasks.get(taskId);
    if (!record) return;
    const behaviour = behaviourNamed(record.behaviour);
    if (!('run' in behaviour)) return;
    const controller = new AbortController();
    if (!settings.fault?.policy?.everyMessageIsWork) running.get(taskId)?.abort(new AbandonedError());
    dropGrant(taskId);
    running.set(taskId, controller);
    const run = (): Promise<void> => execute(taskId, behaviour, createRun(record, turn, controller.signal));
    const { fault } = settings;
    void (fault?.work ? fault.work(run, { taskId }) : run()).finally(() => {
      if (running.get(taskId) === controller) running.delete(taskId);
    });
  };

  return {
    start,
    resume(record) {
      const { task, work, steps } = record;
      const waits = isInterrupted(task.status.state) && steps > 0;
      if (work && !waits) start(task.id, work);
      if (!waits || task.status.state !== 'TASK_STATE_AUTH_REQUIRED') return;
      const asked = task.status.message?.parts[0]?.text ?? '';
      const [grantId] = /[0-9a-f-]{36}$/.exec(asked) ?? [];
      if (grantId !== undefined) keepGrant(grantId, task.id);
    },
    abort(taskId) {
      running.get(taskId)?.abort(new AbandonedError());
      running.delete(taskId);
      dropGrant(taskId);
    },
    grant(grantId) {
      const taskId = grants.get(grantId);
      const record = taskId === undefined ? undefined : tasks.get(taskId);
      const message = record?.task.history?.findLast(({ role }) => role === 'ROLE_USER');
      if (!record || !message || record.task.status.state !== 'TASK_STATE_AUTH_REQUIRED') return false;
      const turn: Turn = { message, trigger: 'credential', acceptedOutputModes: [] };
      tasks.startTurn(record.task.id, turn);
      start(record.task.id, turn);
      return true;
    },
    close() {
      for (const controller of running.values()) controller.abort(new AbandonedError());
      running.clear();
      grants.clear();
      grantOf.clear();
    },
  };
}
