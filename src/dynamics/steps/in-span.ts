/** Whether a step rule keeps the weights in the span: asked of rules that are not this program's own. */
import type { StepRule } from './rule.ts';

/** Pulls on one number, step by step: both signs, many sizes, none. */
const FIRST = [1, -0.3, 2e-4, 5, 0, 0.7, -40, 0.02];
const SECOND = [-0.5, 0.8, 3, -1e-3, 2, 0, 7, -0.6];
/** Pulls on a block: these multiples of one. */
const MULTIPLES = [1, -0.5, 3, 2e-3, 0];
/** Of the largest step: what rounding can do in so few steps is a thousandth of it. */
const ROUNDING = 1e-11;

/**
 * Tries the rule on eight steps. What it makes of a block whose numbers are multiples of one pull must be those
 * multiples of what it makes of that pull, and what it makes of a sum must be the sum; then coefficients of anchors
 * move as the weights do. Signs, clipping, normalised and adaptive steps do not pass.
 *
 * @throws RangeError with one sentence
 */
export function checkInSpan(rule: StepRule): void {
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new RangeError(`${place}: must be ${allowed}, got ${String(came)}`);
  };
  const needed = 'linear in the pulls, with the same factor for every number of a block, to stay in the span';
  if (!rule.inSpan) refuse('rule', needed, rule.id);
  const moves = (pulls: readonly number[], multiples: readonly number[]): Float64Array[] => {
    const mover = rule.start(multiples.length, 1);
    return pulls.map((pull) => {
      const block = Float64Array.from(multiples, (x) => x * pull);
      const moved = mover.move(block);
      if (typeof moved !== 'boolean') refuse('rule.move', 'answered by true or false', moved);
      if (!moved && block.some((x) => x !== 0)) refuse('rule.move', 'answered by true where the block moves', moved);
      return block;
    });
  };
  const one = moves(FIRST, [1]);
  const other = moves(SECOND, [1]);
  const sum = moves(
    FIRST.map((pull, t) => pull + SECOND[t]!),
    [1],
  );
  const block = moves(FIRST, MULTIPLES);
  const largest = Math.max(...[one, other, sum, block].flat().flatMap((step) => [...step].map(Math.abs)));
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING * largest;
  const linear = one.every(
    ([x], t) => near(sum[t]![0]!, x! + other[t]![0]!) && block[t]!.every((moved, k) => near(moved, MULTIPLES[k]! * x!)),
  );
  if (!linear) refuse('rule', needed, rule.id);
}
