/** Work under a progress bar that a signal can stop. */
import type { Watched } from '../sweeps/pool.ts';
import { interruption, note } from './context.ts';
import type { Progress } from './progress.ts';

export interface UnderWay<T> {
  readonly made: T;
  /** the exit code to leave with when a signal came */
  readonly interruptedBy: number | null;
  /** it was the time that was given */
  readonly timeOver: boolean;
}

/** Carries work out and hands it the signal and the bar. @param seconds that it may take */
export async function underWay<T>(
  bar: Progress,
  work: (watched: Required<Watched> & { readonly progress: Progress['update'] }) => Promise<T>,
  seconds?: number,
): Promise<UnderWay<T>> {
  const { signal, exitCode, timeOver, release } = interruption(seconds);
  try {
    const made = await work({ signal, progress: bar.update, working: bar.working });
    return { made, interruptedBy: signal.aborted ? exitCode() : null, timeOver: timeOver() };
  } finally {
    bar.stop();
    release();
  }
}

/** Says on stderr what an interruption left. @param what so many of these */
export const noteInterrupted = (what: string, folder: string, timeOver = false): void =>
  note(
    `${timeOver ? 'the time is over' : 'interrupted'}: ${what} are stored in ${folder}; the same command goes on from there`,
  );
