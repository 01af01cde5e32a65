/**
 * The error along one line, segment by segment between the kinks: the operations of src/observables/piecewise-line.ts
 * in the same order.
 */
import { Atom } from './fresh-output';
import { LineSampling } from './line-sampling';
import { get, set } from './memory';
import { normalTail } from './special';

/** Orders the filters with a slope by their kinks, ties by index; returns how many there are. */
function sortKinks(s: LineSampling): i32 {
  const filters = s.filters;
  const slopes = s.slopes;
  const line = s.line;
  const few = filters <= 64;
  const kinks = few ? s.kinksBeside : s.kinks;
  const order = few ? s.orderBeside : s.order;
  let count = 0;
  for (let r = 0; r < filters; r++) {
    const slope = get(slopes, r);
    if (slope == 0) continue;
    set(kinks, count, -get(line, r) / slope);
    store<i32>(order + ((<usize>count) << 2), r);
    count++;
  }
  if (few) sortByRank(s, count);
  else mergeSort(s, count);
  return count;
}

/** Puts every kink where the number of smaller ones says, without a branch that depends on the numbers. */
function sortByRank(s: LineSampling, count: i32): void {
  const from = s.kinksBeside;
  const names = s.orderBeside;
  const end = from + ((<usize>count) << 3);
  set(from, count, Infinity); // the other half of the last pair: never smaller
  for (let i = 0; i < count; i++) {
    const kink = v128.load64_splat(from + ((<usize>i) << 3));
    // Equal kinks keep their order: those before this one count as smaller, those after it do not.
    let smaller = i64x2.splat(0);
    let at = from;
    const own = from + ((<usize>((i + 1) & ~1)) << 3);
    for (; at < own; at += 16) smaller = i64x2.sub(smaller, f64x2.le(v128.load(at), kink));
    for (; at < end; at += 16) smaller = i64x2.sub(smaller, f64x2.lt(v128.load(at), kink));
    // For an odd i, the first loop has counted this one itself.
    const rank = <i32>(i64x2.extract_lane(smaller, 0) + i64x2.extract_lane(smaller, 1)) - (i & 1);
    set(s.kinks, rank, f64x2.extract_lane(kink, 0));
    store<i32>(s.order + ((<usize>rank) << 2), load<i32>(names + ((<usize>i) << 2)));
  }
}

/** Bottom-up and stable. */
function mergeSort(s: LineSampling, count: i32): void {
  for (let width = 1; width < count; width <<= 1) {
    const kinks = s.kinks;
    const order = s.order;
    const toKinks = s.kinksBeside;
    const toOrder = s.orderBeside;
    let at = 0;
    for (let start = 0; start < count; start += 2 * width) {
      const middle = min(start + width, count);
      const end = min(start + 2 * width, count);
      let i = start;
      let j = middle;
      while (at < end) {
        const from = j >= end || (i < middle && !(get(kinks, i) > get(kinks, j))) ? i++ : j++;
        set(toKinks, at, get(kinks, from));
        store<i32>(toOrder + ((<usize>at) << 2), load<i32>(order + ((<usize>from) << 2)));
        at++;
      }
    }
    s.kinks = toKinks;
    s.order = toOrder;
    s.kinksBeside = kinks;
    s.orderBeside = order;
  }
}

/** P(low < Z < high). */
function intervalProbability(low: f64, high: f64): f64 {
  if (low >= 0) return normalTail(low) - normalTail(high);
  if (high <= 0) return normalTail(-high) - normalTail(-low);
  return 1 - normalTail(high) - normalTail(-low);
}

// Sums over filters that every atom of a group starts from.
let allHeight: f64 = 0;
let allSlope: f64 = 0;
let firstHeight: f64 = 0;
let firstSlope: f64 = 0;
let firstActive: i32 = 0;

function sumUp(s: LineSampling): void {
  const filters = s.filters;
  const line = s.line;
  const slopes = s.slopes;
  const a = s.weights;
  let height: f64 = 0;
  let slope: f64 = 0;
  let activeHeight: f64 = 0;
  let activeSlope: f64 = 0;
  let active = 0;
  for (let r = 0; r < filters; r++) {
    const ah = get(a, r) * get(line, r);
    const as = get(a, r) * get(slopes, r);
    height += ah;
    slope += as;
    if (get(slopes, r) < 0 || (get(slopes, r) == 0 && get(line, r) > 0)) {
      activeHeight += ah;
      activeSlope += as;
      active++;
    }
  }
  allHeight = height;
  allSlope = slope;
  firstHeight = activeHeight;
  firstSlope = activeSlope;
  firstActive = active;
}

/** P(label * (fixed + noise(t)) <= 0), segment by segment from t = -infinity. */
function walk(s: LineSampling, label: f64, fixed: f64, finite: i32): f64 {
  const line = s.line;
  const slopes = s.slopes;
  const kinks = s.kinks;
  const order = s.order;
  const leak = s.leak;
  const a = s.weights;
  let active = firstActive;
  let activeHeight = firstHeight;
  let activeSlope = firstSlope;
  let probability: f64 = 0;
  let entered = -Infinity;
  let start = -Infinity;
  let inError = false;
  for (let at = 0; at <= finite; at++) {
    if (at > 0) {
      const r = load<i32>(order + ((<usize>(at - 1)) << 2));
      const up = get(slopes, r) > 0;
      const sign: f64 = up ? 1 : -1;
      active += up ? 1 : -1;
      activeHeight += sign * get(a, r) * get(line, r);
      activeSlope += sign * get(a, r) * get(slopes, r);
      if (active == 0) {
        activeHeight = 0;
        activeSlope = 0;
      }
    }
    const height = label * (fixed + leak * allHeight + (1 - leak) * activeHeight);
    const slope = label * (leak * allSlope + (1 - leak) * activeSlope);
    if (at == 0) inError = slope > 0 || (slope == 0 && height <= 0);
    const end = at < finite ? get(kinks, at) : Infinity;
    const errorAtEnd = end == Infinity ? slope < 0 || (slope == 0 && height <= 0) : height + slope * end <= 0;
    if (errorAtEnd != inError) {
      const root = slope == 0 ? start : Math.min(end, Math.max(start, -height / slope));
      if (errorAtEnd) entered = root;
      else probability += intervalProbability(entered, root);
      inError = errorAtEnd;
    }
    start = end;
  }
  return inError ? probability + intervalProbability(entered, Infinity) : probability;
}

/** The segments that all atoms of a group share, from t = -infinity. */
function cut(s: LineSampling, finite: i32): void {
  const line = s.line;
  const kinks = s.kinks;
  const order = s.order;
  const turns = s.turns;
  const gain = 1 - s.leak;
  const always = s.leak * allSlope;
  let active = <f64>firstActive;
  let height = firstHeight;
  let slope = firstSlope;
  set(s.segmentHeights, 0, gain * height);
  set(s.segmentSlopes, 0, always + gain * slope);
  for (let at = 0; at < finite; at++) {
    set(s.segmentEnds, at, get(kinks, at));
    const r = load<i32>(order + ((<usize>at) << 2));
    const turn = turns + ((<usize>r) << 5);
    active += load<f64>(turn);
    height = active == 0 ? 0 : height + load<f64>(turn, 8) * get(line, r);
    slope = active == 0 ? 0 : slope + load<f64>(turn, 16);
    set(s.segmentHeights, at + 1, gain * height);
    set(s.segmentSlopes, at + 1, always + gain * slope);
  }
  set(s.segmentEnds, finite, Infinity);
  set(s.segmentEnds, finite + 1, 0);
}

/**
 * As `walk`, from the segments, for at most 64 of them: first whether each ends in error, then only where that changes.
 */
function leap(s: LineSampling, label: f64, fixed: f64, finite: i32): f64 {
  const base = fixed + s.leak * allHeight;
  const labels = f64x2.splat(label);
  const bases = f64x2.splat(base);
  const none = f64x2.splat(0);
  let errors: u64 = 0;
  for (let at = 0; at <= finite; at += 2) {
    const height = f64x2.mul(labels, f64x2.add(bases, v128.load(s.segmentHeights + ((<usize>at) << 3))));
    const slope = f64x2.mul(labels, v128.load(s.segmentSlopes + ((<usize>at) << 3)));
    const end = v128.load(s.segmentEnds + ((<usize>at) << 3));
    const level = v128.and(
      v128.and(f64x2.eq(end, f64x2.splat(Infinity)), f64x2.eq(slope, none)),
      f64x2.le(height, none),
    );
    errors |= (<u64>i64x2.bitmask(v128.or(level, f64x2.le(f64x2.add(height, f64x2.mul(slope, end)), none)))) << at;
  }
  errors &= u64.MAX_VALUE >> (63 - finite);
  const firstSlope = label * get(s.segmentSlopes, 0);
  let inError = firstSlope > 0 || (firstSlope == 0 && label * (base + get(s.segmentHeights, 0)) <= 0);
  let changes = errors ^ ((errors << 1) | u64(inError));
  changes &= u64.MAX_VALUE >> (63 - finite);
  let probability: f64 = 0;
  let entered = -Infinity;
  for (; changes != 0; changes &= changes - 1) {
    const at = <i32>ctz(changes);
    const height = label * (base + get(s.segmentHeights, at));
    const slope = label * get(s.segmentSlopes, at);
    const start = at > 0 ? get(s.segmentEnds, at - 1) : -Infinity;
    const root = slope == 0 ? start : Math.min(get(s.segmentEnds, at), Math.max(start, -height / slope));
    if (inError) probability += intervalProbability(entered, root);
    else entered = root;
    inError = !inError;
  }
  return inError ? probability + intervalProbability(entered, Infinity) : probability;
}

/** P of the stretches where no filter is active, of all lines since `startSilence`, times the quiet atoms' mass. */
let silent: f64 = 0;

export function startSilence(): void {
  silent = 0;
}

export function silence(): f64 {
  return silent;
}

/**
 * P over t ~ N(0, 1) that no filter is active. From t = -infinity the active ones are those with a negative slope, and
 * those whose height stays positive: there is a silent stretch where the kinks of the former are the first ones.
 */
function silentProbability(s: LineSampling, finite: i32): f64 {
  if (firstActive > finite) return 0;
  for (let at = 0; at < firstActive; at++)
    if (get(s.slopes, load<i32>(s.order + ((<usize>at) << 2))) > 0) return 0;
  const low = firstActive > 0 ? get(s.kinks, firstActive - 1) : -Infinity;
  const high = firstActive < finite ? get(s.kinks, firstActive) : Infinity;
  return low < high ? intervalProbability(low, high) : 0;
}

/** P over t ~ N(0, 1) and the atoms, for the line in the given lane; adds to `silence`. */
export function errorProbability(s: LineSampling, lane: usize): f64 {
  let probability: f64 = 0;
  let quiet: f64 = 0;
  for (let group = 0; group < s.groups; group++) {
    const offsets = s.offsets + ((<usize>(group * s.filters)) << 3);
    for (let r = 0; r < s.filters; r++)
      set(s.line, r, load<f64>(s.heights + ((<usize>r) << 5) + lane) + get(offsets, r));
    const finite = sortKinks(s);
    sumUp(s);
    if (s.quiet != 0 && get(s.quiet, group) != 0) quiet += get(s.quiet, group) * silentProbability(s, finite);
    const short = finite < 64;
    if (short) cut(s, finite);
    for (let atom = 0; atom < s.atoms; atom++) {
      const one = changetype<Atom>(s.atomTable + (<usize>atom) * offsetof<Atom>());
      if (one.group == <f64>group) {
        const label = one.label;
        const fixed = one.fixed;
        probability += one.probability * (short ? leap(s, label, fixed, finite) : walk(s, label, fixed, finite));
      }
    }
  }
  silent += quiet;
  return probability;
}
