import type { Stream } from '../core/random.ts';
import type { DeepOutput } from './deep-output.ts';
import { gaussianDraws } from './points.ts';

/** Gradient of the output by the first heights, all units active. */
export function linearPart({ rises, heights }: DeepOutput): Float64Array {
  let g = Float64Array.of(1);
  for (let at = rises.length - 1; at >= 0; at--) {
    const { below, units, weights, pools } = rises[at]!;
    const count = at === 0 ? heights.filters : pools ? heights.filters / rises[0]!.below * below : Math.max(below, g.length / units * below);
    const next = new Float64Array(count);
    for (let u = 0; u < count; u++) {
      const inPatch = u % below;
      const to = pools ? 0 : ((u - inPatch) / below) * units;
      for (let j = 0; j < units; j++) next[u]! += weights[inPatch * units + j]! * g[to + j]!;
    }
    g = next;
  }
  return g;
}

/** Mean gradient over points and atoms. */
export function meanGradient(deep: DeepOutput, points: number, stream: Stream): Float64Array {
  const { rises, heights, bases, leak } = deep;
  const draw = gaussianDraws(heights, stream);
  const z = new Float64Array(heights.filters);
  const sum = new Float64Array(heights.filters);
  for (let t = 0; t < points; t++) {
    draw(z);
    heights.atoms.forEach((atom, a) => {
      let h = z.map((x, r) => x + heights.groups[atom.group]![r]!);
      const all = [h];
      rises.forEach(({ below, units, weights, pools }, at) => {
        const up = bases[a]![at]!.slice();
        h.forEach((x, u) => {
          const v = x > 0 ? x : leak * x;
          const inPatch = u % below;
          const to = pools ? 0 : ((u - inPatch) / below) * units;
          for (let j = 0; j < units; j++) up[to + j]! += v * weights[inPatch * units + j]!;
        });
        h = up;
        all.push(h);
      });
      let g = Float64Array.of(1);
      for (let at = rises.length - 1; at >= 0; at--) {
        const { below, units, weights, pools } = rises[at]!;
        g = all[at]!.map((x, u) => {
          const inPatch = u % below;
          const to = pools ? 0 : ((u - inPatch) / below) * units;
          let s = 0;
          for (let j = 0; j < units; j++) s += weights[inPatch * units + j]! * g[to + j]!;
          return s * (x > 0 ? 1 : leak);
        });
      }
      g.forEach((x, r) => (sum[r]! += atom.probability * x));
    });
  }
  return sum;
}
