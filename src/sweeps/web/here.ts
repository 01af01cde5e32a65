/** A pool of no workers: the caller's own thread, in a page as in Node. */
import type { Pool } from '../pool.ts';
import { mostSteps, work, type Batch } from '../work.ts';
import { everySecond } from './clock.ts';

/**
 * A pool of this thread alone, anywhere: one batch after the other; between two of them others have their turn, a signal
 * among them.
 */
export const here = (): Pool => ({
  workers: 1,
  ownParts: true,
  start: (_, { working }) => ({
    lanes: 1,
    async run(batch: Batch) {
      await new Promise((resolve) => setTimeout(resolve));
      const started = performance.now();
      const most = mostSteps(batch);
      const made = work(batch, working && everySecond((step) => working(step, most)));
      return { ...made, milliseconds: performance.now() - started };
    },
    end: async () => {},
  }),
});
