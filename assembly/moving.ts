/**
 * From pulls to movements, for rules that remember and for decay: src/dynamics/steps/stepper.ts, number by number,
 *
 *   v = beta v + pull;   state = kept state + after v
 *
 * where beta v is what is stored of v: then a pull of 0 needs no work of its own. Descent with decay has no v: its
 * state is scaled before the pulls are added.
 */
import { BothLayers } from './both-layers';
import { Form, Plain } from './training';

/** How a step treats arrays, a literal wherever it is asked for: no memory; a memory; one beside which all is 1. */
export const NONE: i32 = 0;
export const GENERAL: i32 = 1;
export const SIMPLE: i32 = 2;

/** Of this step. Where beta > 1/2 no product with it is -0 (see `settle`). */
// @ts-ignore: decorator
@inline
export function kindOf(s: Plain): i32 {
  if (!s.remembers) return NONE;
  return s.kept == 1 && s.after == 1 && s.beta > 0.5 ? SIMPLE : GENERAL;
}

/** Adds a pull to what is stored of v, moves the state. Returns v. `simple` is a literal. */
// @ts-ignore: decorator
@inline
export function settle(simple: bool, s: Plain, state: usize, memory: usize, pull: v128): v128 {
  const v = f64x2.add(v128.load(state + memory), pull);
  const next = f64x2.mul(f64x2.splat(s.beta), v);
  // What is -0 would be +0 once a pull of 0 was added.
  v128.store(state + memory, simple ? next : f64x2.add(next, f64x2.splat(0)));
  const x = v128.load(state);
  const moved = simple ? v : f64x2.mul(f64x2.splat(s.after), v);
  v128.store(state, f64x2.add(simple ? x : f64x2.mul(f64x2.splat(s.kept), x), moved));
  return v;
}

// @ts-ignore: decorator
@inline
function settleAllAs(simple: bool, s: Plain, state: usize, memory: usize, bytes: usize): bool {
  const none = f64x2.splat(0);
  let some = none;
  const end = state + bytes;
  for (const last = state + (bytes & ~31); state < last; state += 32) {
    const v = settle(simple, s, state, memory, none);
    some = v128.or(some, v128.or(v, settle(simple, s, state + 16, memory, none)));
  }
  if (state < end) some = v128.or(some, settle(simple, s, state, memory, none));
  return v128.any_true(i64x2.shl(some, 1)); // all bits but the signs
}

/** The same of an array whose pulls have been added to what is stored. Returns whether any v is not 0. */
export function settleAll(s: Plain, state: usize, memory: usize, bytes: usize): bool {
  return kindOf(s) == SIMPLE
    ? settleAllAs(true, s, state, memory, bytes)
    : settleAllAs(false, s, state, memory, bytes);
}

/** Multiplies an array; a -0 would be +0 once a pull of 0 was added. */
function scale(state: usize, bytes: usize, by: f64): void {
  const kept = f64x2.splat(by);
  const none = f64x2.splat(0);
  for (const end = state + bytes; state < end; state += 16) {
    v128.store(state, f64x2.add(f64x2.mul(kept, v128.load(state)), none));
  }
}

/** Whether any number is not 0. */
function anyOf(array: usize, bytes: usize): bool {
  const none = f64x2.splat(0);
  let some = none;
  for (const end = array + bytes; array < end; array += 16) some = v128.or(some, f64x2.ne(v128.load(array), none));
  return v128.any_true(some);
}

/** What of a step does not depend on its pulls. Returns whether it moves something. @param factor of the schedule */
export function beginStep(s: Plain, factor: f64): bool {
  s.after = s.isPull ? 1 : factor;
  if (!s.decays) {
    s.kept = 1;
    return false;
  }
  s.kept = 1 - s.rate * factor * s.lambda;
  const R = <usize>((s.filters + 3) & ~3);
  const C = R * <usize>s.anchors << 3;
  const both = s.form == Form.BOTH_LAYERS;
  let moves = s.startScale != 0 || anyOf(s.coefficients, C) || (s.bias && anyOf(s.biases, R << 3));
  if (both) {
    const b = changetype<BothLayers>(s);
    b.outputKept = 1 - b.rateOutput * factor * s.lambda;
    moves = moves || anyOf(s.weights, (<usize>b.outputColumns * R) << 3);
  }
  s.startScale *= s.kept;
  if (s.remembers) return moves; // the rest with the pulls
  scale(s.products, R * ((<usize>(s.anchors + 1) >> 1) << 4), s.kept);
  scale(s.coefficients, C, s.kept);
  if (s.bias) scale(s.biases, R << 3, s.kept);
  return moves;
}
