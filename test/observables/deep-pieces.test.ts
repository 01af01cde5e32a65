/** Pieces of lines through deep networks against dense scans of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lawOf, type Terms } from '../../src/data/sample.ts';
import { deepGram } from '../../src/dynamics/deep/engines.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { DeepLine } from '../../src/observables/deep-line.ts';
import { deepOutput, type DeepOutput } from '../../src/observables/deep-output.ts';
import { intervalProbability } from '../../src/observables/line-errors.ts';
import { stackOf } from '../helpers/deep.ts';
import { tiny } from '../helpers/deep-lines.ts';
import { normals, trained } from '../helpers/problems.ts';
import { DEEP_SCAN } from '../tolerances.ts';

interface Scanned {
  readonly deep: DeepOutput;
  readonly heights: Float64Array;
  readonly slopes: Float64Array;
  /** f along the line, for one atom */
  readonly outputs: (atom: number, t: readonly number[]) => Float64Array;
}

/** A random line through a network, and what the plain pass up says of it. */
function scanned(problem: Problem, seed: number): Scanned {
  const stack = stackOf(trained(deepGram, problem, 2));
  const fresh = lawOf(problem.sample);
  const made = deepOutput(stack, problem, fresh);
  const { filters: all, groups, atoms, units } = made.heights;
  const heights = normals(all, seed);
  const slopes = normals(all, seed + 1);
  const { bias } = stack.layers[0]!;
  const [R, K, P] = [bias.length, problem.sample.anchors, problem.sample.patches.perSample];
  const products = stack.products();
  const outputs = (a: number, t: readonly number[]): Float64Array => {
    const h = new Float64Array(R * t.length * P);
    const still = (r: number, terms: Terms): number =>
      terms.reduce((sum, [k, c]) => sum + c * products[r * K + k]!, bias[r]!);
    const shift = groups[atoms[a]!.group]!;
    for (let r = 0; r < R; r++)
      t.forEach((time, i) => {
        for (let s = 0; s < P; s++) {
          const p = fresh.noisy.findIndex(({ patch }) => patch === s);
          const at = p * R + r;
          h[(r * t.length + i) * P + s] =
            p < 0
              ? still(r, fresh.atoms[a]!.patches[s]!)
              : (heights[at]! + shift[at]! + time * slopes[at]!) * 2 ** units!.heights;
        }
      });
    return stack.outputsOf(h, t.length);
  };
  return { deep: made, heights, slopes, outputs };
}

const [LOW, HIGH, STEPS] = [-7, 7, 14_000];

/** P(low < t < high, label * f <= 0) by a dense scan, its changes of sign found by halving. */
function scan({ deep: { heights }, outputs }: Scanned, atom: number): number {
  const { label } = heights.atoms[atom]!;
  const t = Array.from({ length: STEPS + 1 }, (_, i) => LOW + ((HIGH - LOW) * i) / STEPS);
  const wrong = (f: number): boolean => label * f <= 0;
  const f = outputs(atom, t);
  let probability = 0;
  for (let i = 0; i < STEPS; i++) {
    let [low, high] = [t[i]!, t[i + 1]!];
    const [first, last] = [wrong(f[i]!), wrong(f[i + 1]!)];
    if (first === last) {
      if (first) probability += intervalProbability(low, high);
      continue;
    }
    for (let halving = 0; halving < 40; halving++) {
      const middle = (low + high) / 2;
      if (wrong(outputs(atom, [middle])[0]!) === first) low = middle;
      else high = middle;
    }
    probability += first ? intervalProbability(t[i]!, low) : intervalProbability(high, t[i + 1]!);
  }
  return probability;
}

test('pieces of tiny stacks against a dense scan of the line', (t) => {
  let worst = 0;
  let between = 0;
  let seed = 800;
  for (const { name, problem } of tiny())
    for (let line = 0; line < 3; line++) {
      const one = scanned(problem, (seed += 2));
      const along = new DeepLine(one.deep, one.slopes);
      let sum = 0;
      one.deep.heights.atoms.forEach((atom, a) => {
        const { wrong } = along.part(one.heights, atom, LOW, HIGH);
        const whole = scan(one, a);
        if (whole > 0.01 && whole < 0.99) between++;
        worst = Math.max(worst, Math.abs(wrong - whole));
        assert.ok(Math.abs(wrong - whole) <= DEEP_SCAN, `${name}: ${wrong} by pieces, ${whole} by the scan`);
        sum += atom.probability * along.part(one.heights, atom, -Infinity, Infinity).wrong;
      });
      assert.equal(along.whole(one.heights).wrong, sum);
    }
  t.diagnostic(`worst ${worst}, ${between} lines with changes of sign`);
  assert.ok(between > 40);
});

test('negative control: the scan notices when a piece with a change of sign is dropped', () => {
  let noticed = 0;
  let dropped = 0;
  let seed = 900;
  for (const { problem } of tiny()) {
    const one = scanned(problem, (seed += 2));
    const [atom] = one.deep.heights.atoms;
    const whole = scan(one, 0);
    for (let drop = 0; drop < 20; drop++) {
      const lame = new DeepLine(one.deep, one.slopes);
      const inner = lame as unknown as { segment(start: number, end: number, label: number): void };
      const segment = inner.segment.bind(lame);
      let at = 0;
      let changes = false;
      inner.segment = (start, end, label) => {
        if (at++ !== drop) return void segment(start, end, label);
        // Far enough from the next piece, where the change of sign would be put.
        const [first, late] = one.outputs(0, [start + 0.1 * (end - start), start + 0.9 * (end - start)]);
        changes = atom!.label * first! <= 0 !== atom!.label * late! <= 0 && start > -4 && end < 4 && end - start > 0.01;
      };
      const { wrong } = lame.part(one.heights, atom!, LOW, HIGH);
      if (!changes) continue;
      dropped++;
      if (Math.abs(wrong - whole) > DEEP_SCAN) noticed++;
    }
  }
  assert.ok(dropped > 3 && noticed === dropped, `${noticed} of ${dropped}`);
});
