import { Unelicited } from '../../../core/engine/check.ts';

/** The task was over before the probe had come as far as it wanted: the agent was quick, or the harness slow. */
export class TooLate extends Unelicited {}

/** How often a scene is played in all. */
const mostTries = 3;

/**
 * Plays a scene of a task at work, and once more with a fresh task where it came too late for it: as `cameInTime` says, or by
 * `TooLate`. The last one counts, so that an agent whose tasks are always over costs a few tasks and stays `untested`. Only what no judge
 * could say anything of may be called too late: what was seen is never played again until it looks better.
 */
export async function inTime<Scene>(
  play: () => Promise<Scene>,
  cameInTime: (scene: Scene) => boolean = () => true,
): Promise<Scene> {
  let last: { readonly scene: Scene } | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const scene = await play();
      if (tries === mostTries || cameInTime(scene)) return scene;
      last = { scene };
    } catch (error) {
      if (!(error instanceof Unelicited)) throw error;
      if (error instanceof TooLate && tries < mostTries) continue;
      // Also where the budget of tasks is used up: what was played before is all there is.
      if (last === undefined) throw error;
      return last.scene;
    }
  }
}
