/** From distinct patches to samples and back, for the kernels that keep one entry for each patch. */
import { at4, get, set } from './memory';
import { Training } from './training';

/** Patches in a panel: eight f64 fill a line of the cache. */
export const PANEL: i32 = 8;

export function panelsOf(patches: i32): i32 {
  return <i32>(<u32>(patches + PANEL - 1) / <u32>PANEL);
}

/** f_i, the sum of g over the patches of sample i. Returns whether every one is finite. */
export function sumPatches(s: Training, patchOf: usize, g: usize): bool {
  const perSample = s.perSample;
  let finite: f64 = 0;
  for (let i = 0; i < s.n; i++) {
    let f: f64 = 0;
    for (let k = 0; k < perSample; k++) {
      f += get(g, load<i32>(patchOf));
      patchOf += 4;
    }
    set(s.outputs, i, f);
    finite += f - f; // NaN as soon as one output is not finite
  }
  return finite == 0;
}

/** E_p, the sum of e_i over the samples that hold patch p. */
// @ts-ignore: decorator
@inline
export function sumHolders(s: Training, holderStart: usize, holder: usize, p: i32): f64 {
  let sum: f64 = 0;
  const end = at4(holder, load<i32>(at4(holderStart, p + 1)));
  for (let at = at4(holder, load<i32>(at4(holderStart, p))); at < end; at += 4) sum += get(s.error, load<i32>(at));
  return sum;
}
