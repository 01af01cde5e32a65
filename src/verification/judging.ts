/** Versions of what is concluded from runs, as `science` is one of the runs themselves. */

/**
 * Raised when the same runs get another word, interval or power; golden judgements hold it (test/golden/judgements.txt).
 * Pages of verdicts name it, and are made again when it moves.
 */
export const JUDGING = 1;
