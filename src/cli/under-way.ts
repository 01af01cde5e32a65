/** Work under a progress bar that a signal can stop. */
import type { Watched } from '../sweeps/pool.ts';
import { interruption, note } from './context.ts';
import type { Progress } from './progress.ts';

export interface UnderWay<T> {
  readonly made: T;
  /** the exit code to leave with when a signal came */
  readonly interruptedBy: number | null;
}

/** Carries work out and hands it the signal and the bar. */
export async function underWay<T>(
  bar: Progress,
  work: (watched: Required<Watched> & { readonly progress: Progress['update'] }) => Promise<T>,
): Promise<UnderWay<T>> {
  const { signal, exitCode, release } = interruption();
  try {
    const made = await work({ signal, progress: bar.update, working: bar.working });
    return { made, interruptedBy: signal.aborted ? exitCode() : null };
  } finally {
    bar.stop();
    release();
  }
}

/** Says on stderr what an interruption left. @param what so many of these */
export const noteInterrupted = (what: string, folder: string): void =>
  note(`interrupted: ${what} are stored in ${folder}; the same command goes on from there`);
