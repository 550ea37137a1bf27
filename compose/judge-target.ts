import { ownErrors } from '../core/engine/judge-history.ts';
import { makePlan, type Selection } from '../core/engine/plan.ts';
import { runPlan, type RunResult } from '../core/engine/run.ts';
import type { Behaviours } from '../core/target/behaviours.ts';
import type { CardKeyStore } from '../core/target/card-keys.ts';
import { interfaceKey, type Target } from '../core/target/target.ts';
import { refuseKeySet } from '../fixtures/guest/guest-rules.ts';
import type { PatchRelease } from '../protocol/errors.ts';
import { rowsOfPatch } from '../protocol/requirements/row.ts';
import { checks, invariants, rows as allRows } from './catalogue.ts';
import { withOpenTarget, type OpenTargetOptions } from './open-target.ts';

/** Everything that decides what a run of the catalogue does. */
export interface JudgeTargetOptions extends OpenTargetOptions {
  /** The user's keys for the signatures of the card. */
  readonly cardKeys?: CardKeyStore;
  readonly concurrency: number;
  readonly select?: Selection;
  /** The patch release that the target is held to; absent: what any allows. */
  readonly specPatch?: PatchRelease | undefined;
}

export interface JudgedTarget {
  readonly target: Target;
  readonly behaviours: readonly Behaviours[];
  readonly result: RunResult;
}

/**
 * URL → discover → explore → plan → run. The card decides the interfaces, exploration the behaviours; both share the
 * recorder with the checks, so that invariants judge every exchange of the run.
 *
 * @throws DiscoveryError, ApiKeyUnplaced, InvalidTargetUrl, GuestRefusal where there is nothing to judge; the signal's reason before the plan runs.
 */
export function judgeTarget(options: JudgeTargetOptions): Promise<JudgedTarget> {
  const { seed, intrusive, select, specPatch, signal, listener, concurrency } = options;
  const rows = rowsOfPatch(allRows, specPatch);
  return withOpenTarget(options, async (open) => {
    const { target, behaviours, deadlines, runId, port, recorder, webhooks, connect, connectSecond, isAlive } = open;
    const plan = makePlan({
      checks,
      invariants,
      rows,
      target,
      behaviours: new Map(behaviours.map((known) => [interfaceKey(known.interface), known])),
      intrusive,
      webhooks: webhooks !== undefined,
      hasSecond: (ref) => connectSecond(ref) !== undefined,
      ...(select === undefined ? {} : { select }),
    });
    const result = await runPlan({
      plan,
      target,
      rows,
      invariants,
      specPatch,
      deadlines,
      seed,
      runId,
      port,
      recorder,
      webhooks,
      cardKeys: { given: options.cardKeys ?? null, refuse: (to) => refuseKeySet(to, target.cardUrl, options.owned) },
      connect,
      connectSecond,
      concurrency,
      isAlive,
      ...(select === undefined ? {} : { select }),
      ...(signal === undefined ? {} : { signal }),
      ...(listener === undefined ? {} : { listener }),
    });
    return {
      target,
      behaviours,
      result: { ...result, findings: [...result.findings, ...ownErrors(result.history, rows)] },
    };
  });
}
