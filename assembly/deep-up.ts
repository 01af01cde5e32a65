/**
 * The pass up of a deep network with its filters in the span of the anchors: src/dynamics/deep/in-span.ts and stack.ts
 * with their order of arithmetic. A column has its units side by side, so everything goes two units at a time but the
 * sums of a product (deep-rise.ts).
 */
import { rise } from './deep-rise';
import { close, Deep, DeepLayer, layerOf, Shape } from './deep-state';
import { gate } from './gram';
import { addTo, at4, get, set } from './memory';
import { raised } from './special';

// A form of a Shape, a literal wherever one is asked for: with 0 <= leak < 1 sigma(h) is the larger of h and leak h, in one
// instruction; but for h = -infinity with leak 0, which is NaN by definition: see `forwardDeep`.
const LARGER: i32 = 100;

/** sigma(h). `shape` is a literal. */
// @ts-ignore: decorator
@inline
function activate(shape: i32, s: Deep, leak: v128, h: v128): v128 {
  const none = f64x2.splat(0);
  if (shape == LARGER) return f64x2.pmax(h, f64x2.mul(leak, h));
  if (shape == Shape.PIECEWISE) return gate(h, h, f64x2.mul(leak, h));
  if (shape == Shape.POWER) return v128.and(raised(h, s.power), f64x2.gt(h, none));
  const one = f64x2.splat(1);
  const scaled = f64x2.mul(f64x2.splat(s.smoothing), h);
  const kink = f64x2.splat((1 - s.leak) / (4 * s.smoothing));
  const middle = f64x2.add(
    f64x2.mul(f64x2.mul(f64x2.mul(f64x2.sub(one, leak), scaled), h), f64x2.splat(0.25)),
    f64x2.mul(f64x2.mul(f64x2.add(one, leak), h), f64x2.splat(0.5)),
  );
  const low = v128.bitselect(f64x2.sub(f64x2.mul(leak, h), kink), middle, f64x2.le(scaled, f64x2.splat(-1)));
  return v128.bitselect(f64x2.sub(h, kink), low, f64x2.ge(scaled, one));
}

/** x = sigma(h), or share * the sum of sigma(h) over the patches of a sample. `shape` is a literal. */
// @ts-ignore: decorator
@inline
function valuesAs(shape: i32, s: Deep, layer: DeepLayer): void {
  const step = layer.step;
  const leak = f64x2.splat(s.leak);
  let h = layer.preactivations;
  let x = layer.values;
  if (!layer.pooled) {
    for (const end = h + <usize>layer.columns * step; h < end; h += 16) {
      v128.store(x, activate(shape, s, leak, v128.load(h)));
      x += 16;
    }
    close(layer.values, step, layer.units, layer.columns);
    return;
  }
  const share = f64x2.splat(s.share);
  const perSample = s.perSample;
  for (let i = s.n; i > 0; i--) {
    for (const end = h + step; h < end; h += 16) {
      let sum = f64x2.splat(0);
      let from = h;
      for (let p = perSample; p > 0; p--) {
        sum = f64x2.add(sum, activate(shape, s, leak, v128.load(from)));
        from += step;
      }
      v128.store(x, f64x2.mul(share, sum));
      x += 16;
    }
    h += <usize>(perSample - 1) * step;
  }
  close(layer.values, step, layer.units, s.n);
}

/** 0 <= leak < 1: sigma(h) is the larger of h and leak h. */
// @ts-ignore: decorator
@inline
function isConvex(s: Deep): bool {
  return s.shape == Shape.PIECEWISE && s.leak >= 0 && s.leak < 1;
}

/** @param exact by definition, whatever h */
function values(exact: bool, s: Deep, layer: DeepLayer): void {
  if (!exact && isConvex(s)) valuesAs(LARGER, s, layer);
  else if (s.shape == Shape.PIECEWISE) valuesAs(Shape.PIECEWISE, s, layer);
  else if (s.shape == Shape.POWER) valuesAs(Shape.POWER, s, layer);
  else valuesAs(Shape.SMOOTHED, s, layer);
}

/** out = c P, or out + c P; with the bias behind it. The first two arguments are literals. */
// @ts-ignore: decorator
@inline
export function addTerm(first: bool, bias: bool, out: usize, c: f64, P: usize, biases: usize, step: usize): void {
  const factor = f64x2.splat(c);
  for (let r: usize = 0; r < step; r += 16) {
    let sum = f64x2.add(first ? f64x2.splat(0) : v128.load(out + r), f64x2.mul(factor, v128.load(P + r)));
    if (bias) sum = f64x2.add(sum, v128.load(biases + r));
    v128.store(out + r, sum);
  }
}

/** The same where every sample has two patches of one term each, and what is pooled of them. `bias` is a literal. */
// @ts-ignore: decorator
@inline
function filtersOfTwo(bias: bool, s: Deep): void {
  const layer = layerOf(s, 0);
  const step = layer.step;
  const none = f64x2.splat(0);
  const leak = f64x2.splat(s.leak);
  const share = f64x2.splat(s.share);
  const biases = layer.biases;
  const products = s.products;
  let anchors = s.termAnchor;
  let coefficients = s.termCoefficient;
  let h = layer.preactivations;
  let x = layer.values;
  for (let i = s.n; i > 0; i--) {
    const P = products + <usize>load<i32>(anchors) * step;
    const O = products + <usize>load<i32>(anchors, 4) * step;
    const c = v128.load64_splat(coefficients);
    const d = v128.load64_splat(coefficients, 8);
    for (let r: usize = 0; r < step; r += 16) {
      let p = f64x2.add(none, f64x2.mul(c, v128.load(P + r)));
      let o = f64x2.add(none, f64x2.mul(d, v128.load(O + r)));
      if (bias) {
        const b = v128.load(biases + r);
        p = f64x2.add(p, b);
        o = f64x2.add(o, b);
      }
      v128.store(h + r, p);
      v128.store(h + step + r, o);
      const sum = f64x2.add(f64x2.add(none, activate(LARGER, s, leak, p)), activate(LARGER, s, leak, o));
      v128.store(x + r, f64x2.mul(share, sum));
    }
    anchors += 8;
    coefficients += 16;
    h += step << 1;
    x += step;
  }
  close(layer.values, step, layer.units, s.n);
}

/** Pre-activations of the filters, by the terms of every patch. */
function filters(s: Deep): void {
  const layer = layerOf(s, 0);
  const step = layer.step;
  const biases = layer.biases;
  let h = layer.preactivations;
  let t = 0;
  for (let q = 0; q < layer.columns; q++) {
    const last = load<i32>(at4(s.termStart, q + 1));
    if (t == last) {
      memory.fill(h, 0, step);
      if (s.bias) for (let r: usize = 0; r < step; r += 16) addTo(h + r, v128.load(biases + r));
    }
    for (const first = t; t < last; t++) {
      const P = s.products + <usize>load<i32>(at4(s.termAnchor, t)) * step;
      const c = get(s.termCoefficient, t);
      const bias = s.bias != 0 && t + 1 == last;
      if (t == first) {
        if (bias) addTerm(true, true, h, c, P, biases, step);
        else addTerm(true, false, h, c, P, biases, step);
      } else if (bias) addTerm(false, true, h, c, P, biases, step);
      else addTerm(false, false, h, c, P, biases, step);
    }
    h += step;
  }
}

/** The forward pass at the present weights. Returns whether every output is finite. */
export function forwardDeep(s: Deep): bool {
  let layer = layerOf(s, 0);
  if (s.single && s.perSample == 2 && layer.pooled && isConvex(s)) {
    if (s.bias) filtersOfTwo(true, s);
    else filtersOfTwo(false, s);
  } else {
    filters(s);
    values(false, s, layer);
  }
  const finite = above(false, s) || byDefinition(s);
  // Any weight or value that is not finite is heard of in an output: no activation here makes a number of it.
  s.skips = i32(finite && s.shape == Shape.PIECEWISE && s.leak == 0);
  return finite;
}

/** The outputs by the pre-activations of the filters. */
export function forwardFromFilters(s: Deep): void {
  values(false, s, layerOf(s, 0));
  if (!above(false, s)) byDefinition(s);
}

/** Where something is not finite in a unit, which is so in an output. */
function byDefinition(s: Deep): bool {
  values(true, s, layerOf(s, 0));
  return above(true, s);
}

/** From what the filters give to the outputs. Returns whether every one is finite. */
function above(exact: bool, s: Deep): bool {
  let layer = layerOf(s, 0);
  for (let at = 1; at < s.depth; at++) {
    const below = layer;
    layer = layerOf(s, at);
    rise(below.values, below.step, layer.columns, layer.weights, below.step, below.units, layer.units, layer.biases, layer.preactivations, layer.step);
    values(exact, s, layer);
  }
  const bytes = <usize>((layer.units + 1) & ~1) << 3;
  let finite: f64 = 0;
  let x = layer.values;
  for (let i = 0; i < s.n; i++) {
    let sum = f64x2.splat(0);
    for (let u: usize = 0; u < bytes; u += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(s.weights + u), v128.load(x + u)));
    const f = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    set(s.outputs, i, f);
    finite += f - f; // NaN as soon as one output is not finite
    x += layer.step;
  }
  return finite == 0;
}
