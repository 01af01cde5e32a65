/**
 * The pass down of a deep network and a step of descent: src/dynamics/deep/stack.ts, in-span.ts and run.ts with their
 * order of arithmetic, two units at a time.
 */
import { addListed, addSums, fall, fallListed } from './deep-sums';
import { close, Deep, DeepLayer, layerOf, Shape } from './deep-state';
import { addTerm } from './deep-up';
import { errors, gate } from './gram';
import { addTo, at4, at8, get } from './memory';
import { raised } from './special';
import { Plain } from './training';

/** A form of a Shape, a literal wherever one is asked for: leak 0. */
const RELU: i32 = 101;

/** sigma'(h). `shape` is a literal. */
// @ts-ignore: decorator
@inline
function slopeAt(shape: i32, s: Deep, leak: v128, h: v128): v128 {
  const one = f64x2.splat(1);
  if (shape == RELU) return v128.and(one, f64x2.gt(h, f64x2.splat(0)));
  if (shape == Shape.PIECEWISE) return gate(h, one, leak);
  if (shape == Shape.POWER) return v128.and(f64x2.mul(f64x2.splat(<f64>s.power), raised(h, s.power - 1)), f64x2.gt(h, f64x2.splat(0)));
  const half = f64x2.splat(0.5);
  const scaled = f64x2.mul(f64x2.splat(s.smoothing), h);
  const middle = f64x2.add(f64x2.mul(f64x2.mul(f64x2.sub(one, leak), scaled), half), f64x2.mul(f64x2.add(one, leak), half));
  const low = v128.bitselect(leak, middle, f64x2.le(scaled, f64x2.splat(-1)));
  return v128.bitselect(one, low, f64x2.ge(scaled, one));
}

/** The step of the output weights: a_u += rate * (sum over i in order of e_i x_iu). Returns whether one moved. */
function stepOutput(s: Deep, layer: DeepLayer): bool {
  const rate = f64x2.splat(s.outputRate);
  const none = f64x2.splat(0);
  let some = none;
  for (let u: usize = 0; u < <usize>((layer.units + 1) & ~1) << 3; u += 16) {
    let sum = none;
    let x = layer.values + u;
    for (let i = 0; i < s.n; i++) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(at8(s.error, i)), v128.load(x)));
      x += layer.step;
    }
    const pull = f64x2.mul(rate, sum);
    some = v128.or(some, f64x2.ne(pull, none));
    addTo(s.weights + u, pull);
  }
  close(s.weights, 0, layer.units, 1);
  return v128.any_true(some);
}

/** b_j += the sum over the columns in order of D_cj. Returns whether one moved. */
function stepBiases(layer: DeepLayer): bool {
  const none = f64x2.splat(0);
  const step = layer.step;
  let some = none;
  for (let j: usize = 0; j < step; j += 16) {
    let sum = none;
    const end = layer.slopes + <usize>layer.columns * step + j;
    for (let at = layer.slopes + j; at < end; at += step) sum = f64x2.add(sum, v128.load(at));
    some = v128.or(some, f64x2.ne(sum, none));
    addTo(layer.biases + j, sum);
  }
  return v128.any_true(some);
}

/** D = g sigma'(h), in place, or share * g for all patches of a sample. `shape` is a literal. */
// @ts-ignore: decorator
@inline
function slopesAs(shape: i32, s: Deep, layer: DeepLayer): void {
  const step = layer.step;
  const leak = f64x2.splat(s.leak);
  let h = layer.preactivations;
  let D = layer.slopes;
  if (!layer.pooled) {
    for (const end = h + <usize>layer.columns * step; h < end; h += 16) {
      v128.store(D, f64x2.mul(v128.load(D), slopeAt(shape, s, leak, v128.load(h))));
      D += 16;
    }
  } else {
    const share = f64x2.splat(s.share);
    const perSample = s.perSample;
    let g = layer.pooledSlopes;
    for (let i = s.n; i > 0; i--) {
      for (const end = g + step; g < end; g += 16) {
        const each = f64x2.mul(share, v128.load(g));
        let at: usize = 0;
        if (perSample == 2) { // the usual number: no inner loop
          v128.store(D, f64x2.mul(each, slopeAt(shape, s, leak, v128.load(h))));
          v128.store(D + step, f64x2.mul(each, slopeAt(shape, s, leak, v128.load(h + step))));
        } else for (let p = perSample; p > 0; p--) {
          v128.store(D + at, f64x2.mul(each, slopeAt(shape, s, leak, v128.load(h + at))));
          at += step;
        }
        h += 16;
        D += 16;
      }
      h += <usize>(perSample - 1) * step;
      D += <usize>(perSample - 1) * step;
    }
  }
  close(layer.slopes, step, layer.units, layer.columns);
}

function slopes(s: Deep, layer: DeepLayer): void {
  if (s.shape == Shape.PIECEWISE && s.leak == 0) slopesAs(RELU, s, layer);
  else if (s.shape == Shape.PIECEWISE) slopesAs(Shape.PIECEWISE, s, layer);
  else if (s.shape == Shape.POWER) slopesAs(Shape.POWER, s, layer);
  else slopesAs(Shape.SMOOTHED, s, layer);
}

/** The filters' own step: dC by the terms of every anchor, P by the Gram matrix. Returns whether one moved. */
function stepFilters(s: Deep, layer: DeepLayer): bool {
  const none = f64x2.splat(0);
  const step = layer.step;
  const K = s.anchors;
  let some = none;
  let dC = s.pulls;
  let C = s.coefficients;
  let t = 0;
  for (let k = 0; k < K; k++) {
    const last = load<i32>(at4(s.anchorStart, k + 1));
    if (t == last) memory.fill(dC, 0, step);
    if (t + 1 == last) { // most anchors have one term
      const D = layer.slopes + <usize>load<i32>(at4(s.anchorPatch, t)) * step;
      const c = f64x2.splat(get(s.anchorCoefficient, t++));
      for (let r: usize = 0; r < step; r += 16) {
        const sum = f64x2.add(none, f64x2.mul(c, v128.load(D + r)));
        v128.store(dC + r, sum);
        some = v128.or(some, f64x2.ne(sum, none));
        addTo(C + r, sum);
      }
      dC += step;
      C += step;
      continue;
    }
    for (const first = t; t < last; t++) {
      const D = layer.slopes + <usize>load<i32>(at4(s.anchorPatch, t)) * step;
      const c = get(s.anchorCoefficient, t);
      if (t == first) addTerm(true, false, dC, c, D, 0, step);
      else addTerm(false, false, dC, c, D, 0, step);
    }
    for (const end = dC + step; dC < end; dC += 16) {
      const sum = v128.load(dC);
      some = v128.or(some, f64x2.ne(sum, none));
      addTo(C, sum);
      C += 16;
    }
  }
  if (!v128.any_true(some)) return false; // P is never -0: adding 0 changes no bit
  addSums(s.gram, 8, <usize>K << 3, s.pulls, step, K, K, layer.units, s.products, step);
  return true;
}

/** One step, after `forwardDeep`. Returns whether anything moved. */
export function updateDeep(s: Deep): bool {
  errors(changetype<Plain>(s)); // reads what every run has
  const last = s.depth - 1;
  let lowest = 0;
  while (lowest <= last && !layerOf(s, lowest).trained) lowest++;
  let layer = layerOf(s, last);
  if (lowest <= last) {
    let g = layer.pooled ? layer.pooledSlopes : layer.slopes;
    for (let i = 0; i < s.n; i++) {
      const e = f64x2.splat(get(s.error, i));
      for (let u: usize = 0; u < layer.step; u += 16) v128.store(g + u, f64x2.mul(e, v128.load(s.weights + u)));
      g += layer.step;
    }
  }
  let moved = s.trainsOutput != 0 && stepOutput(s, layer);
  for (let at = last; at >= lowest; at--) {
    layer = layerOf(s, at);
    slopes(s, layer);
    if (layer.trained && s.bias && stepBiases(layer)) moved = true;
    if (at == 0) return stepFilters(s, layer) || moved;
    const below = layerOf(s, at - 1);
    const D = layer.slopes;
    const columns = layer.columns;
    if (at > lowest) { // before the weights move
      const to = below.pooled ? below.pooledSlopes : below.slopes;
      if (s.skips) fallListed(s.list, D, layer.step, columns, layer.weights, below.step, layer.units, below.units, to, below.step);
      else fall(D, layer.step, columns, layer.weights, below.step, layer.units, below.units, to, below.step);
    }
    if (!layer.trained) continue;
    const some = s.skips
      ? addListed(s.list, D, 8, layer.step, below.values, below.step, columns, layer.units, below.units, layer.weights, below.step)
      : addSums(D, 8, layer.step, below.values, below.step, columns, layer.units, below.units, layer.weights, below.step);
    if (some) moved = true;
    close(layer.weights, below.step, below.units, layer.units);
  }
  return moved;
}
